// What a policy would have earned on logged decisions of another: inverse propensities (IPS), self-normalised (SNIPS, Swaminathan &
// Joachims 2015) and doubly robust (DR, Dudík 2011, arXiv:1103.4601), with 95 % intervals. Knows no table.
import { ConcordError } from "../base/index.ts";
import type { LoggedDecision, Policy } from "./decision.ts";
import { fitRidge, meanReward, type Ridge } from "./ridge.ts";

/** A value with its 95 % interval. */
export interface PolicyValue {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface OffPolicyOptions {
  readonly actions: number;
  /** Largest weight π(a|x)/propensity; larger ones are cut to it, which biases the estimate. Default none is cut. */
  readonly clip?: number;
  /** How strongly the reward model of DR is held to 0, above 0. Default 1. */
  readonly lambda?: number;
}

/** Estimates of one policy. */
export interface OffPolicyReport {
  readonly ips: PolicyValue;
  readonly snips: PolicyValue;
  readonly dr: PolicyValue;
  /** (Σ w)²/Σ w²: decisions that the weights are worth. */
  readonly effectiveRows: number;
  /** Decisions whose weight was cut. */
  readonly clipped: number;
  /** What each decision adds to the DR estimate, for paired comparisons: [rows]. */
  readonly terms: Float64Array;
}

/** @throws E_DATA naming the first decision whose propensity is no probability, or whose reward or context is not finite */
export function checkLog(log: readonly LoggedDecision[]): void {
  for (const [i, { propensity, reward, context }] of log.entries()) {
    if (!(propensity > 0 && propensity <= 1))
      throw new ConcordError("E_DATA", {
        operation: "bandit",
        problem: `decision ${i + 1} has no propensity that could be divided by`,
        expected: "a probability above 0 and up to 1",
        got: String(propensity),
        hint: "log the probability with which the action was chosen; an action that cannot be chosen cannot be judged",
      });
    if (!Number.isFinite(reward) || context.some((x) => !Number.isFinite(x)))
      throw new ConcordError("E_DATA", {
        operation: "bandit",
        problem: `decision ${i + 1} has a reward or a context that is not finite`,
        expected: "finite numbers",
        got: String(reward),
      });
  }
}

/**
 * What a policy is worth on the log of another. The reward model of DR is fitted on one half and used on the other, both ways.
 * @throws E_DATA for fewer than 4 decisions, and as {@link checkLog}; E_ARGUMENT for a clip or λ that is not above 0
 * @example evaluatePolicy(log, policyOf(learned), { actions: 3, clip: 20 }).dr // { value, low, high }
 */
export function evaluatePolicy(
  log: readonly LoggedDecision[],
  policy: Policy,
  { actions, clip = Number.POSITIVE_INFINITY, lambda = 1 }: OffPolicyOptions,
): OffPolicyReport {
  for (const [name, value] of Object.entries({ clip, lambda }))
    if (!(value > 0))
      throw new ConcordError("E_ARGUMENT", {
        operation: "bandit",
        problem: `${name} is out of range`,
        expected: "a number above 0",
        got: String(value),
        path: name,
      });
  if (log.length < 4)
    throw new ConcordError("E_DATA", {
      operation: "bandit",
      problem: "there are too few decisions to judge a policy by",
      expected: "at least 4",
      got: `${log.length}`,
    });
  checkLog(log);
  const chances = log.map(({ context }) => policy.probabilities(context));
  const raw = log.map(({ action, propensity }, i) => chances[i]![action]! / propensity);
  const weights = raw.map((w) => Math.min(w, clip));
  const halves = [0, 1].map((half) =>
    rewardModels(
      log.filter((_, i) => i % 2 !== half),
      actions,
      lambda,
    ),
  );
  const terms = Float64Array.from(log, ({ context, action, reward }, i) => {
    const expected = halves[i % 2]!.map((model) => meanReward(model, context));
    const direct = expected.reduce((sum, q, a) => sum + chances[i]![a]! * q, 0);
    return direct + weights[i]! * (reward - expected[action]!);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  const gained = log.map(({ reward }, i) => weights[i]! * reward);
  const snips = total === 0 ? 0 : gained.reduce((a, b) => a + b, 0) / total;
  const scale = log.length / (total || 1);
  return {
    ips: meanValue(gained),
    snips: meanValue(log.map(({ reward }, i) => snips + scale * weights[i]! * (reward - snips))), // delta method
    dr: meanValue(terms),
    effectiveRows: total === 0 ? 0 : total ** 2 / weights.reduce((sum, w) => sum + w * w, 0),
    clipped: raw.filter((w) => w > clip).length,
    terms,
  };
}

/** The difference of two policies on the same decisions, by DR. */
export const policyDifference = (a: OffPolicyReport, b: OffPolicyReport): PolicyValue =>
  meanValue(a.terms.map((term, i) => term - b.terms[i]!));

/** Mean of the rewards that were logged: what the policy that made the decisions earned. */
export const loggedValue = (log: readonly LoggedDecision[]): PolicyValue => meanValue(log.map(({ reward }) => reward));

/** Mean with mean ± 1.96 standard errors. */
function meanValue(terms: ArrayLike<number>): PolicyValue {
  const n = terms.length;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < n; i++) sum += terms[i]!;
  const value = sum / n;
  for (let i = 0; i < n; i++) squares += (terms[i]! - value) ** 2;
  const error = 1.959963984540054 * Math.sqrt(squares / (n - 1) / n);
  return { value, low: value - error, high: value + error };
}

const rewardModels = (log: readonly LoggedDecision[], actions: number, lambda: number): Ridge[] =>
  Array.from({ length: actions }, (_, action) => {
    const own = log.filter((decision) => decision.action === action);
    return fitRidge(
      own.map(({ context }) => context),
      own.map(({ reward }) => reward),
      log[0]!.context.length,
      lambda,
    );
  });
