// Asynchronous successive halving (Li 2018, arXiv:1810.05934) and Hyperband (Li 2016, arXiv:1603.06560): at each rung only the best share goes on.
import { ConcordError } from "../../base/index.ts";
import type { Trial } from "../trials.ts";
import { lastStep, type Pruner } from "./pruner.ts";

export interface HalvingOptions {
  /** Step of the first rung. Default 1. */
  readonly least?: number;
  /** One of so many goes on from a rung, and the next rung is so many times further. Default 3. */
  readonly factor?: number;
}

/**
 * Stops a trial at a rung (least, least·factor, least·factor², …) unless its cost is among the best 1/factor of all that reached the rung.
 * The first trials at a rung go on: fewer than `factor` cannot be compared.
 */
export function halvingPruner({ least = 1, factor = 3 }: HalvingOptions = {}): Pruner {
  checkOptions(least, factor);
  return (trial, others) => {
    const step = lastStep(trial);
    if (!isRung(step, least, factor)) return false;
    const own = costAt(trial, step);
    const reached = others
      .filter(({ number }) => number !== trial.number)
      .flatMap((other) => costAt(other, step) ?? []);
    if (own === undefined || reached.length + 1 < factor) return false;
    const better = reached.filter((cost) => cost < own).length;
    return better >= Math.floor((reached.length + 1) / factor);
  };
}

export interface HyperbandOptions extends HalvingOptions {
  /** Step of the last rung: of training its epochs. */
  readonly most: number;
}

/**
 * Successive halving with several first rungs: trials are dealt over brackets by their number, and compared within their bracket. Early
 * rungs stop sooner; late ones spare settings that start slowly.
 */
export function hyperbandPruner({ least = 1, factor = 3, most }: HyperbandOptions): Pruner {
  checkOptions(least, factor);
  const brackets = bracketsOf(least, factor, most);
  const deals = brackets.flatMap(({ bracket, weight }) => Array.from({ length: weight }, () => bracket));
  const bracketOf = ({ number }: Trial) => deals[number % deals.length]!;
  const pruners = brackets.map(({ first }) => halvingPruner({ least: first, factor }));
  return (trial, others) =>
    pruners[bracketOf(trial)]!(
      trial,
      others.filter((other) => bracketOf(other) === bracketOf(trial)),
    );
}

/** Brackets with their first rungs; one that stops sooner gets more trials, as in the paper: ⌈(s + 1)⁻¹·(s_max + 1)·factor^s⌉. */
function bracketsOf(least: number, factor: number, most: number) {
  const last = Math.max(0, Math.floor(Math.log(most / least) / Math.log(factor) + 1e-9));
  return Array.from({ length: last + 1 }, (_, bracket) => {
    const s = last - bracket;
    return { bracket, first: least * factor ** bracket, weight: Math.ceil(((last + 1) / (s + 1)) * factor ** s) };
  });
}

const isRung = (step: number, least: number, factor: number): boolean => {
  let rung = least;
  while (rung < step) rung *= factor;
  return rung === step;
};

function costAt({ curve }: Trial, step: number): number | undefined {
  const cost = curve.find((at) => at.step === step)?.cost;
  return Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost;
}

function checkOptions(least: number, factor: number): void {
  if (Number.isInteger(least) && least >= 1 && Number.isInteger(factor) && factor >= 2) return;
  throw new ConcordError("E_ARGUMENT", {
    operation: "successive halving",
    problem: "rungs are whole steps",
    expected: "least ≥ 1 and factor ≥ 2, whole numbers",
    got: `least ${least}, factor ${factor}`,
  });
}
