// The noise that a budget asks for: bisection on an accountant, always ending on the safe side.
import { ConcordError } from "../base/index.ts";
import { gdpEpsilon } from "./gdp.ts";
import type { Epsilon, Phase } from "./mechanism.ts";
import { pldEpsilon } from "./pld.ts";
import { rdpEpsilon } from "./rdp.ts";

export type AccountantName = "pld" | "rdp" | "gdp";

/** ε of phases at δ by one accountant. @throws E_ARGUMENT as the accountant does */
export const epsilonBy = (accountant: AccountantName, phases: readonly Phase[], delta: number): Epsilon =>
  ({ pld: pldEpsilon, rdp: rdpEpsilon, gdp: gdpEpsilon })[accountant](phases, delta);

/** What a mechanism is charged: the upper bound, or the estimate of an accountant that has none. */
export const charged = (epsilon: Epsilon): number => epsilon.upper ?? epsilon.estimate;

/** The accountant for a kind of sampling: numerical composition for Poisson, Rényi bounds for batches of fixed size. */
export const accountantFor = (sampling: Phase["sampling"]): AccountantName => (sampling === "poisson" ? "pld" : "rdp");

/**
 * The least noise multiplier σ (to three digits, rounded up) with which steps stay within ε at δ.
 * @param target ε > 0 and 0 < δ < 1
 * @param phase how batches are drawn, and how many steps
 * @param spent what ran on the same rows before: the steps have to fit into what it left of ε. Default nothing
 * @returns σ; charging it after what was spent never exceeds ε
 * @throws E_CONFIG where ε or δ is out of range, less than a tenth of ε is left, or no noise below 10,000 is enough
 * @example calibrateNoise({ epsilon: 8, delta: 1e-5 }, { sampling: "poisson", sampleRate: 0.01, steps: 1000 })
 */
export function calibrateNoise(
  { epsilon, delta }: { readonly epsilon: number; readonly delta: number },
  phase: Omit<Phase, "noiseMultiplier">,
  accountant: AccountantName = accountantFor(phase.sampling),
  spent: readonly Phase[] = [],
): number {
  const bad = (problem: string, expected: string, got: number): never => {
    throw new ConcordError("E_CONFIG", { operation: "calibrate noise", problem, expected, got: String(got) });
  };
  if (!(epsilon > 0)) bad("epsilon is out of range", "a number > 0", epsilon);
  if (!(delta > 0 && delta < 1)) bad("delta is out of range", "0 < delta < 1", delta);
  const over = (noiseMultiplier: number, by = accountant): number =>
    Math.log(charged(epsilonBy(by, [...spent, { ...phase, noiseMultiplier }], delta)) / epsilon);
  requireLeft({ epsilon, delta }, spent, accountant);
  // Rényi bounds are cheap and a little too large: near the answer, from above
  let high = 1;
  while (over(high, "rdp") > 0) {
    high *= 2;
    if (high > 1e4) bad("no amount of noise is enough", "a larger epsilon, or fewer steps", epsilon);
  }
  for (let low = high / 64; high - low > high * 1e-3; ) {
    const middle = (low + high) / 2;
    if (over(middle, "rdp") > 0) low = middle;
    else high = middle;
  }
  if (accountant === "rdp") return high;
  let overHigh = over(high);
  while (overHigh > 0) {
    high *= 1.05;
    overHigh = over(high);
  }
  let low = high * 0.9;
  let overLow = over(low);
  while (overLow <= 0) [high, overHigh, low, overLow] = [low, overLow, low * 0.9, over(low * 0.9)];
  for (let round = 0; high - low > high * 1e-3; round++) {
    const root = low + ((high - low) * overLow) / (overLow - overHigh); // regula falsi, then a hair to one side and the other
    const next = round > 8 ? (low + high) / 2 : root * (round % 2 ? 1 - 4e-4 : 1 + 4e-4);
    const middle = next > low && next < high ? next : (low + high) / 2;
    const at = over(middle);
    if (at > 0) [low, overLow] = [middle, at];
    else [high, overHigh] = [middle, at];
  }
  return high;
}

/** Share of a budget that must be left: with less, noise drowns whatever a model could learn. */
const leastLeft = 0.1;

/** @throws E_CONFIG where earlier runs left next to nothing of the budget */
function requireLeft(
  { epsilon, delta }: { readonly epsilon: number; readonly delta: number },
  spent: readonly Phase[],
  accountant: AccountantName,
): void {
  const before = spent.length ? charged(epsilonBy(accountant, spent, delta)) : 0;
  if (before <= (1 - leastLeft) * epsilon) return;
  throw new ConcordError("E_CONFIG", {
    operation: "private training",
    problem: "earlier runs on these rows have spent the privacy budget, or all but a tenth of it",
    expected: `at most epsilon ${((1 - leastLeft) * epsilon).toPrecision(3)} of ${epsilon} spent before, at delta ${delta}`,
    got: before.toPrecision(4),
    hint: "use a model that was trained on them; or set adapt.privacy.epsilon to a larger total, earlier runs included",
    path: "adapt.privacy.epsilon",
  });
}
