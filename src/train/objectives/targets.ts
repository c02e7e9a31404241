// Targets of a task: their inputs, what feeds them, and the loss of each example against them.
import { ConcordError, type HostArray, hostArray } from "../../base/index.ts";
import {
  add,
  constant,
  crossEntropy,
  type InputSpec,
  moveRows,
  mul,
  reshape,
  scope,
  slice,
  sum,
  type Value,
} from "../../graph/index.ts";
import { batchingOf, refuseInput, tokensOf } from "../../modalities/index.ts";
import { headFactsOf, type Model, type ModelOutputs, type Task } from "../../models/index.ts";
import {
  chainLevels,
  chainSpecs,
  classLoss,
  crfLoss,
  type Layout,
  multiLabelLoss,
  packChains,
  quantileLoss,
  scoresOfRows,
  squaredLoss,
} from "../../nn/index.ts";
import { type Example, ignoredLabel } from "../example.ts";
import { severalLosses, severalSpecs, severalTargets } from "./several-targets.ts";

/** Settings of losses of targets. */
export interface LossOptions {
  /** Share of the target spread over all classes, 0 … 1. Default 0. Classification only. */
  readonly labelSmoothing?: number;
  /** Weight of each class, in label order. Default all 1. Classification only. */
  readonly classWeights?: readonly number[];
  /** γ of the focal loss, 0 … 10. Default 0: none. Classification only. */
  readonly focal?: number;
}

/** What a batch is divided by, for {@link targetFeeds}. */
export interface Division {
  /** What the loss is divided by. Default {@link batchWeight} of the examples. */
  readonly divisor?: number;
  /** By nothing: each example's loss is its own mean, so that no example depends on its neighbours (private training). */
  readonly perExample?: boolean;
}

/** True for tasks whose targets belong to token rows rather than to examples. */
export const isRowTask = (task: Task): boolean => headFactsOf(task).of === "tokens";

/** Inputs of targets and of the weight of each example. @throws E_CONFIG for a model that scores choices, whose objective is `choices` */
export function targetSpecs(model: Model): Record<string, InputSpec> {
  const { task, labels } = model;
  const weights: Record<string, InputSpec> = { weights: ["float32", ["B"]] };
  const { of, loss } = headFactsOf(task);
  if (of === "choices")
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: "this objective does not learn choices",
      expected: "choices",
      got: task,
      path: "objective",
    });
  if (of === "nothing") return weights;
  if (of === "tokens")
    return {
      labels: ["int32", ["M"]],
      "labels.weights": ["float32", ["M"]],
      "labels.slots": ["int32", ["B", "K"]],
      "labels.places": ["int32", ["M"]],
      ...(model.chained && { "labels.each": ["float32", ["B"]], ...chainSpecs(levelsOf(model)) }),
      ...weights,
    };
  if (of === "spans") return { starts: ["int32", ["B"]], ends: ["int32", ["B"]], ...weights };
  if (loss === "several") return { ...severalSpecs(model), ...weights };
  if (loss === "quantile") {
    const { horizon } = model.series!;
    return { labels: ["float32", ["B", horizon]], "labels.seen": ["float32", ["B", horizon]], ...weights };
  }
  const outputs = labels?.names.length ?? 1;
  return { labels: loss === "cross-entropy" ? ["int32", ["B"]] : ["float32", ["B", outputs]], ...weights };
}

/** Halvings of the longest text that a chained model reads. */
const levelsOf = ({ tokens }: Model): number => chainLevels(tokens!.maxLength);

/**
 * Sum of the weights in a batch: what a mean loss divides by. Row tasks count the rows that are not ignored.
 * Accumulated batches divide by the sum over all of them, so that they equal the large batch.
 */
export function batchWeight(model: Model, examples: readonly Example[]): number {
  return examples.reduce(
    (sum, e) => sum + (e.weight ?? 1) * (isRowTask(model.task) ? targetRows(model, e).length : 1),
    0,
  );
}

/** Rows of an example that have a target: [row, label] pairs. A causal model predicts the next token. */
function targetRows(model: Model, example: Example): [row: number, label: number][] {
  const labels = (example.label ?? tokensOf(example, 0).ids) as Int32Array;
  const shift = headFactsOf(model.task).ahead;
  const out: [number, number][] = [];
  for (let row = 0; row + shift < labels.length; row++)
    if (labels[row + shift] !== ignoredLabel) out.push([row, labels[row + shift]!]);
  return out;
}

/** Feeds of {@link targetSpecs}, and for row tasks the rows whose logits are wanted. */
export function targetFeeds(
  model: Model,
  examples: readonly Example[],
  { divisor, perExample = false }: Division,
): Record<string, HostArray> {
  const by = perExample ? 1 : divisor;
  if (!isRowTask(model.task)) return exampleTargets(model, examples, by);
  const feeds = rowTargets(model, examples, by);
  if (!perExample) return feeds;
  const rows = examples.map((e) => Math.max(1, targetRows(model, e).length));
  const weights = (feeds.weights!.data as Float32Array).map((w, i) => w / rows[i]!);
  return { ...feeds, weights: hostArray("float32", [examples.length], weights) };
}

function checkClass({ labels }: Model, label: Example["label"], at: number): void {
  const classes = labels?.names.length ?? Number.POSITIVE_INFINITY;
  if (typeof label === "number" && Number.isInteger(label) && label >= 0 && label < classes) return;
  refuseInput(at, "its label is not a class", `0 … ${classes - 1}`, label);
}

function exampleTargets(
  model: Model,
  examples: readonly Example[],
  divisor = batchWeight(model, examples),
): Record<string, HostArray> {
  const weights = hostArray(
    "float32",
    [examples.length],
    Float32Array.from(examples, (e) => (e.weight ?? 1) / divisor),
  );
  const { of, loss } = headFactsOf(model.task);
  if (loss === "none") return { weights };
  if (loss === "several") return { weights, ...severalTargets(model, examples) };
  if (of === "spans") return { weights, ...spanTargets(model, examples) };
  if (loss === "quantile") return { weights, ...stepTargets(model, examples) };
  if (loss === "cross-entropy") {
    for (const [i, { label }] of examples.entries()) checkClass(model, label, i);
    return {
      weights,
      labels: hostArray(
        "int32",
        [examples.length],
        Int32Array.from(examples, (e) => e.label as number),
      ),
    };
  }
  const width = model.labels?.names.length ?? 1;
  const labels = new Float32Array(examples.length * width);
  examples.forEach((e, i) => {
    labels.set(typeof e.label === "number" ? [e.label] : (e.label as Float32Array), i * width);
  });
  return { weights, labels: hostArray("float32", [examples.length, width], labels) };
}

/** Values of the steps to come, NaN for those without one; and 1 over their number for each that has one. @throws E_DATA */
function stepTargets({ series }: Model, examples: readonly Example[]): Record<string, HostArray> {
  const { horizon } = series!;
  const [labels, seen] = [new Float32Array(examples.length * horizon), new Float32Array(examples.length * horizon)];
  for (const [i, { label }] of examples.entries()) {
    if (!(label instanceof Float32Array) || label.length !== horizon)
      return refuseInput(i, "its targets do not fit the model", `${horizon} steps`, label);
    const known = label.reduce((n, y) => n + Number(!Number.isNaN(y)), 0);
    for (const [k, y] of label.entries())
      if (!Number.isNaN(y)) [labels[i * horizon + k], seen[i * horizon + k]] = [y, 1 / known];
  }
  const shape = [examples.length, horizon];
  return { labels: hostArray("float32", shape, labels), "labels.seen": hostArray("float32", shape, seen) };
}

/** First and last token of each answer. @throws E_DATA for one that does not lie in its example */
function spanTargets(model: Model, examples: readonly Example[]): Record<string, HostArray> {
  const { rows } = batchingOf(model);
  const place = (k: 0 | 1) =>
    Int32Array.from(examples, (example, i) => {
      const { label } = example;
      const token = label instanceof Int32Array && label.length === 2 ? label[k]! : -1;
      if (token >= 0 && token < rows(example)) return token;
      return refuseInput(i, "its label is no span of tokens", `Int32Array [first, last] of ${rows(example)}`, label);
    });
  return {
    starts: hostArray("int32", [examples.length], place(0)),
    ends: hostArray("int32", [examples.length], place(1)),
  };
}

/** −(ln p(first) + ln p(last)) / 2 of each example, over the places that are no padding: [T, 2] → [B]. */
function spanLosses(logits: Value, values: Readonly<Record<string, Value>>, layout: Layout): Value {
  const of = (column: number, places: Value) =>
    crossEntropy(scoresOfRows(layout, slice(logits, 1, column, column + 1)), places);
  return mul(add(of(0, values.starts!), of(1, values.ends!)), 0.5);
}

/** Targets of row tasks: the rows with a label, and where each lies among its example's [B, K]. */
function rowTargets(
  model: Model,
  examples: readonly Example[],
  divisor = batchWeight(model, examples),
): Record<string, HostArray> {
  const { rows: inputRows } = batchingOf(model);
  const perExample = examples.map((e) => targetRows(model, e));
  const count = perExample.reduce((sum, r) => sum + r.length, 0);
  const widest = Math.max(1, ...perExample.map((r) => r.length));
  const [wanted, labels, places] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  const slots = new Int32Array(examples.length * widest).fill(count);
  let [m, start] = [0, 0];
  perExample.forEach((rows, b) => {
    rows.forEach(([row, label], k) => {
      [wanted[m], labels[m], places[m]] = [start + row, label, b * widest + k];
      slots[b * widest + k] = m++;
    });
    start += inputRows(examples[b]!);
  });
  return {
    "logits.rows": hostArray("int32", [count], wanted),
    labels: hostArray("int32", [count], labels),
    "labels.weights": hostArray("float32", [count], new Float32Array(count).fill(1 / divisor)),
    "labels.slots": hostArray("int32", [examples.length, widest], slots),
    "labels.places": hostArray("int32", [count], places),
    ...(model.chained && {
      ...packChains(
        perExample.map((pairs) => pairs.map(([, label]) => label)),
        model.labels!.names.length,
        levelsOf(model),
      ),
      "labels.each": hostArray(
        "float32",
        [examples.length],
        Float32Array.from(perExample, (pairs) => (pairs.length > 0 ? 1 / divisor : 0)),
      ),
    }),
    weights: hostArray(
      "float32",
      [examples.length],
      Float32Array.from(examples, (e) => e.weight ?? 1),
    ),
  };
}

/**
 * Loss of each example against its targets, [B]. For row tasks the sum over its rows of weight·loss; of a chained model −ln p of the
 * whole sequence over what a batch is divided by.
 * @param layout where examples lie, for spans
 * @throws E_ARGUMENT for a bare encoder, which has no targets
 */
export function targetLosses(
  model: Model,
  { logits, transitions }: ModelOutputs,
  values: Readonly<Record<string, Value>>,
  { labelSmoothing = 0, classWeights, focal = 0 }: LossOptions,
  layout?: Layout,
): Value {
  if (!logits)
    throw new ConcordError("E_ARGUMENT", {
      operation: "train",
      problem: `a model for ${model.task} has nothing to train against`,
      hint: "give it a head: withHead(config, …)",
    });
  return scope("loss", () => {
    const weighted = {
      labelSmoothing,
      focal,
      classWeights: classWeights && constant(hostArray("float32", [classWeights.length], [...classWeights])),
    };
    const { of, loss } = headFactsOf(model.task);
    if (loss === "none")
      throw new ConcordError("E_ARGUMENT", { operation: "loss", problem: "a bare encoder has no targets" });
    if (loss === "several") return severalLosses(model, logits, values);
    if (loss === "binary") return multiLabelLoss(logits, values.labels!, weighted.classWeights, focal);
    if (loss === "squared") return squaredLoss(logits, values.labels!);
    if (loss === "quantile")
      return quantileLoss(logits, values.labels!, values["labels.seen"]!, model.series!.quantiles);
    if (of === "spans") {
      if (layout) return spanLosses(logits, values, layout);
      throw new ConcordError("E_ARGUMENT", {
        operation: "loss",
        problem: "this objective does not learn where answers lie",
        expected: "supervised",
        got: model.task,
      });
    }
    if (transitions) {
      const rows = { slots: values["labels.slots"]!, places: values["labels.places"]! };
      return mul(crfLoss(logits, transitions, values, values.labels!, rows, levelsOf(model)), values["labels.each"]!);
    }
    const losses = classLoss(logits, values.labels!, weighted);
    if (of === "inputs") return losses;
    return sumOfRows(losses, values);
  });
}

/** Losses of wanted rows → Σ weight·loss of each example: [M] → [B]. */
export function sumOfRows(losses: Value, values: Readonly<Record<string, Value>>): Value {
  const rows = mul(losses, values["labels.weights"]!); // [M]
  const column = reshape(rows, [rows.shape[0]!, 1]);
  const blocks = moveRows(column, values["labels.slots"]!, values["labels.places"]!, { inverseComplete: true }); // [B, K, 1]
  return sum(blocks, { axes: [1, 2] });
}
