// How a model's scores become answers that treat groups alike: the rule that lies in a model folder as decisions.json, applied to
// logits. Knows no file; fits nothing.
import { ConcordError } from "../base/index.ts";
import { softmax } from "./temperature.ts";

interface DecisionFacts {
  readonly format: "concord-decisions";
  readonly version: 1;
  /** Column whose groups are made alike. */
  readonly attribute: string;
  readonly criterion: string;
  readonly labels: readonly string[];
  /** What was reached on the rows it was fitted on, and from how many; for people. */
  readonly fitted: Readonly<Record<string, unknown>>;
}

/** Weights by group and label: score(y) = p(y) − Σ_g (scale[g][y]·P(g, y) + shift[g][y]·P(g)). */
interface GroupWeights {
  /** Of the logits, before anything else. */
  readonly temperature: number;
  readonly groups: readonly string[];
  readonly scale: readonly (readonly number[])[];
  readonly shift: readonly (readonly number[])[];
}

/** Thresholds by group: the group of each text has to be told. A group that is not listed keeps the model's own answers. */
export interface GroupThresholds extends DecisionFacts, GroupWeights {
  readonly kind: "group-thresholds";
}

/** Linear post-processing: P(group | text, label) is estimated from what the model's head reads, so no group has to be told. */
export interface LinearPost extends DecisionFacts, GroupWeights {
  readonly kind: "linear-post";
  /** Logits of the groups: weights [G, H] on what the head reads, and a constant by label [G, K]. */
  readonly estimator: {
    readonly weights: readonly (readonly number[])[];
    readonly constants: readonly (readonly number[])[];
  };
}

/** A head that was learned by exponentiated gradient and lies in the model itself; here is the one it took the place of. */
export interface ReplacedHead extends DecisionFacts {
  readonly kind: "exponentiated-gradient";
  /** [K, H] and [K]. */
  readonly before: { readonly weight: readonly (readonly number[])[]; readonly bias: readonly number[] };
}

export type Decisions = GroupThresholds | LinearPost | ReplacedHead;

/** A rule that is applied to logits when a model answers; a replaced head lies in the weights already. */
export const isApplied = (rule: Decisions | undefined): rule is GroupThresholds | LinearPost =>
  rule !== undefined && rule.kind !== "exponentiated-gradient";

/** What a model says of a text by itself: its logits [K], and what its head reads [H]. */
export interface Reading {
  readonly logits: Float32Array;
  readonly features: Float32Array;
}

/**
 * Logits whose largest is the rule's answer. Where the rule changes nothing their softmax is the model's own probabilities.
 * @param group of the text; one that the rule does not know leaves the model's own answer
 * @example decided(rule, { logits, features }, "islands")
 */
export function decided(rule: Decisions, { logits, features }: Reading, group?: string): Float32Array {
  if (rule.kind === "exponentiated-gradient") return logits;
  const probabilities = softmax(logits, rule.temperature);
  const scores = [...probabilities];
  if (rule.kind === "group-thresholds") {
    const g = group === undefined ? -1 : rule.groups.indexOf(group);
    if (g >= 0) for (const [y, p] of probabilities.entries()) scores[y]! -= rule.scale[g]![y]! * p + rule.shift[g]![y]!;
  } else {
    const joint = groupsByLabel(rule, features, probabilities);
    for (const [g, row] of joint.entries()) {
      const whole = row.reduce((a, b) => a + b, 0);
      for (const [y, p] of row.entries()) scores[y]! -= rule.scale[g]![y]! * p + rule.shift[g]![y]! * whole;
    }
  }
  const lift = Math.min(0, ...scores);
  return Float32Array.from(scores, (s) => Math.log(Math.max(s - lift, 1e-9)));
}

/** P(group, label | x) [G][K]. @param probabilities probabilities of the labels [K] */
export function groupsByLabel(
  { estimator }: Pick<LinearPost, "estimator">,
  features: ArrayLike<number>,
  probabilities: readonly number[],
): number[][] {
  const base = estimator.weights.map((weights) => weights.reduce((sum, w, h) => sum + w * features[h]!, 0));
  const byLabel = probabilities.map((_, y) => softmax(base.map((z, g) => z + estimator.constants[g]![y]!)));
  return base.map((_, g) => probabilities.map((p, y) => p * byLabel[y]![g]!));
}

/** What the model would have answered without the rule: a label's number. */
export function undecided(rule: Decisions, { logits, features }: Reading): number {
  const scores =
    rule.kind === "exponentiated-gradient"
      ? rule.before.weight.map((row, y) => row.reduce((sum, w, h) => sum + w * features[h]!, rule.before.bias[y]!))
      : Array.from(logits);
  return scores.indexOf(Math.max(...scores));
}

/** Name of the file in a model folder. */
export const decisionsFile = "decisions.json";

/**
 * Checks a rule that was read from a file.
 * @param labels of the model it lies beside @param width of what the model's head reads, where that is known
 * @throws E_FORMAT, E_VERSION, E_MODEL when it is not a rule of this model
 */
export function checkDecisions(value: unknown, labels: readonly string[], path: string): Decisions {
  const fail = (code: "E_FORMAT" | "E_VERSION" | "E_MODEL", problem: string, expected?: string) =>
    new ConcordError(code, { operation: "read decisions", problem, expected, path });
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fail("E_FORMAT", "not an object");
  const rule = value as Decisions;
  if (rule.format !== "concord-decisions")
    throw fail("E_FORMAT", "not a rule of decisions", "format concord-decisions");
  if (rule.version !== 1) throw fail("E_VERSION", "a rule of another version", "version 1");
  if (typeof rule.attribute !== "string") throw fail("E_FORMAT", "no attribute is named");
  if (!Array.isArray(rule.labels) || rule.labels.join("\n") !== labels.join("\n"))
    throw fail("E_MODEL", "the rule is for other labels than the model's", labels.slice(0, 12).join(", "));
  const classes = labels.length;
  if (rule.kind === "exponentiated-gradient") {
    const { weight, bias } = rule.before ?? {};
    if (!isTable(weight, classes) || !isRow(bias, classes)) throw fail("E_FORMAT", "the earlier head is not whole");
    return rule;
  }
  if (rule.kind !== "group-thresholds" && rule.kind !== "linear-post")
    throw fail(
      "E_FORMAT",
      "a kind of decisions that is not known",
      "group-thresholds, linear-post, exponentiated-gradient",
    );
  const groups = Array.isArray(rule.groups) ? rule.groups.length : 0;
  const fits = groups > 0 && isTable(rule.scale, groups, classes) && isTable(rule.shift, groups, classes);
  if (!fits || !(rule.temperature > 0)) throw fail("E_FORMAT", "weights of groups and labels are not whole");
  if (rule.kind === "linear-post") {
    const { weights, constants } = rule.estimator ?? {};
    if (!isTable(weights, groups) || !isTable(constants, groups, classes))
      throw fail("E_FORMAT", "the estimator of groups is not whole");
  }
  return rule;
}

const isRow = (value: unknown, length?: number): value is number[] =>
  Array.isArray(value) && value.every(Number.isFinite) && (length === undefined || value.length === length);

const isTable = (value: unknown, rows: number, columns?: number): value is number[][] =>
  Array.isArray(value) &&
  value.length === rows &&
  value.every((row) => isRow(row, columns ?? (value[0] as number[] | undefined)?.length));
