// Contextual bandits: policies that choose an action by its context, learned from logged decisions. Each says with which probability it
// takes every action, so that what it does can be logged and judged. Knows no table.
import { ConcordError, random } from "../base/index.ts";
import type { LoggedDecision, Policy } from "./decision.ts";
import { dot } from "./matrix.ts";
import { fitNetwork, hiddenOf, type Network } from "./network.ts";
import { drawTheta, fitRidge, meanReward, type Ridge, uncertainty } from "./ridge.ts";

/** Kinds of learned policies. */
export const policyKinds = ["linucb", "thompson", "neural-linear"] as const;
export type PolicyKind = (typeof policyKinds)[number];

export interface LearnOptions {
  readonly kind: PolicyKind;
  readonly actions: number;
  /** linucb: width of the bound that is added to the mean; thompson, neural-linear: standard deviation of the reward's noise. At least 0. Default 1. */
  readonly exploration?: number;
  /** How strongly models are held to 0, above 0. Default 1. */
  readonly lambda?: number;
  /** Draws by which thompson and neural-linear count the probabilities of actions. Default 200. */
  readonly draws?: number;
  /** neural-linear: width of the hidden layer. Default 16. */
  readonly width?: number;
  /** Of draws and of the network's first weights. Default 0. */
  readonly seed?: number;
}

/** A learned policy: plain data. */
export interface LearnedPolicy {
  readonly options: Required<LearnOptions>;
  /** One for each action. */
  readonly models: readonly Ridge[];
  /** Of neural-linear: what makes the features that the models read. */
  readonly network?: Network;
}

const defaults = { exploration: 1, lambda: 1, draws: 200, width: 16, seed: 0 };

/**
 * Learns a model of the reward of each action from logged decisions: LinUCB (Li 2010, arXiv:1003.0146), Thompson sampling with a linear
 * Gaussian model (Agrawal & Goyal 2013, arXiv:1209.3352), or that on the hidden layer of a small network (Riquelme 2018, arXiv:1802.09127).
 * @throws E_ARGUMENT for settings out of range; E_DATA without decisions, or for an action out of range
 * @example const policy = learnPolicy(log, { kind: "linucb", actions: 3 }); policyOf(policy).probabilities(context);
 */
export function learnPolicy(log: readonly LoggedDecision[], given: LearnOptions): LearnedPolicy {
  const options = { ...defaults, ...given };
  checkOptions(options);
  const [first] = log;
  if (!first)
    throw new ConcordError("E_DATA", { operation: "bandit", problem: "there are no decisions to learn from" });
  const { kind, actions, lambda, width, seed } = options;
  const wrong = log.find(({ action }) => !(Number.isInteger(action) && action >= 0 && action < actions));
  if (wrong)
    throw new ConcordError("E_DATA", {
      operation: "bandit",
      problem: "an action is not among the actions",
      expected: `0 … ${actions - 1}`,
      got: String(wrong.action),
    });
  const network = kind === "neural-linear" ? fitNetwork(log, actions, { width, seed }) : undefined;
  const features = log.map(({ context }) => (network ? hiddenOf(network, context) : context));
  const n = features[0]!.length;
  const models = Array.from({ length: actions }, (_, action) => {
    const own = [...log.keys()].filter((i) => log[i]!.action === action);
    return fitRidge(
      own.map((i) => features[i]!),
      own.map((i) => log[i]!.reward),
      n,
      lambda,
    );
  });
  return { options, models, ...(network && { network }) };
}

/** How a learned policy chooses. Of equal actions the first is taken. */
export function policyOf({ options, models, network }: LearnedPolicy): Policy {
  const { kind, exploration, draws, seed } = options;
  const read = (context: Float64Array) => (network ? hiddenOf(network, context) : context);
  if (kind === "linucb")
    return {
      probabilities: (context) =>
        certain(Float64Array.from(models, (m) => meanReward(m, context) + exploration * uncertainty(m, context))),
    };
  const rng = random(seed).split("thompson");
  // drawn once: which action a context gets is a function of it
  const drawn = Array.from({ length: draws }, () => models.map((model) => drawTheta(model, exploration, rng)));
  return {
    probabilities(context) {
      const x = read(context);
      const counts = new Float64Array(models.length);
      for (const thetas of drawn) counts[largest(Float64Array.from(thetas, (theta) => dot(theta, x)))]!++;
      return counts.map((count) => count / draws);
    },
  };
}

const largest = (scores: Float64Array): number => scores.reduce((best, s, i) => (s > scores[best]! ? i : best), 0);

const certain = (scores: Float64Array): Float64Array => {
  const out = new Float64Array(scores.length);
  out[largest(scores)] = 1;
  return out;
};

/** Every action with the same probability. */
export const uniformPolicy = (actions: number): Policy => ({
  probabilities: () => new Float64Array(actions).fill(1 / actions),
});

/** Always the same action. */
export const fixedPolicy = (actions: number, action: number): Policy => ({
  probabilities: () => certain(Float64Array.from({ length: actions }, (_, a) => Number(a === action))),
});

function checkOptions({ kind, actions, exploration, lambda, draws, width }: Required<LearnOptions>): void {
  const isWhole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  const faults: readonly (readonly [name: string, fits: boolean, expected: string, got: unknown])[] = [
    ["kind", policyKinds.includes(kind), policyKinds.join(", "), kind],
    ["actions", isWhole(actions, 2), "a whole number from 2", actions],
    ["exploration", exploration >= 0 && Number.isFinite(exploration), "a number from 0", exploration],
    ["lambda", lambda > 0 && Number.isFinite(lambda), "a number above 0", lambda],
    ["draws", isWhole(draws, 1), "a whole number from 1", draws],
    ["width", isWhole(width, 1), "a whole number from 1", width],
  ];
  for (const [name, fits, expected, got] of faults)
    if (!fits)
      throw new ConcordError("E_ARGUMENT", {
        operation: "bandit",
        problem: `${name} is out of range`,
        expected,
        got: String(got),
        path: name,
      });
}
