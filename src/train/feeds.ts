// From examples to the arrays that a program's batch inputs take: rows packed one after the other, no padding. Pure.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";
import type { Model } from "../models/index.ts";
import { packLayout } from "../nn/index.ts";
import { isRowTask } from "./program.ts";

/** One example, tokenized. */
export interface Example {
  /** Token ids with their special tokens, at least one; empty for images. */
  readonly ids: Int32Array;
  /** Pixels [channels, side, side] of an image, normalised as the model wants them. */
  readonly pixels?: Float32Array;
  /** Segment of each token; default all 0. */
  readonly types?: Int32Array;
  /** Class number; or one value per output (multi-label 0/1, regression); or for row tasks one class per token, −100 = ignored. */
  readonly label?: number | Float32Array | Int32Array;
  /** Weight of the example in the loss. Default 1. */
  readonly weight?: number;
  /** Number of its group, for group-robust training. Default 0. */
  readonly group?: number;
  /** For logit pairing the same text about somebody else, once or in several ways; for contrast its other part. Default none. */
  readonly counterparts?: readonly { readonly ids: Int32Array; readonly types?: Int32Array }[];
}

/** Label of token rows that do not count, as in Transformers. */
export const ignoredLabel = -100;

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
function targetRows(model: Model, { label, ids }: Example): [row: number, label: number][] {
  const labels = (label ?? ids) as Int32Array;
  const shift = model.task === "causal-lm" ? 1 : 0;
  const out: [number, number][] = [];
  for (let row = 0; row + shift < labels.length; row++)
    if (labels[row + shift] !== ignoredLabel) out.push([row, labels[row + shift]!]);
  return out;
}

/**
 * Feeds of a batch for `trainingProgram` (with targets) or `evaluationProgram` (without).
 * @param targets `divisor`: what the loss is divided by, default {@link batchWeight} of these examples; `perExample`: by nothing, each
 * example's loss being its own mean, so that no example depends on its neighbours (private training)
 * @throws E_DATA for an empty example, one longer than the model takes, or an id or label out of range
 */
export function batchFeeds(
  model: Model,
  examples: readonly Example[],
  targets: { readonly divisor?: number; readonly perExample?: boolean } | undefined,
): Record<string, HostArray> {
  const feeds = model.tokens ? tokenFeeds(model, examples, targets === undefined) : imageFeeds(model, examples);
  if (!targets) return feeds;
  const divisor = targets.perExample ? 1 : targets.divisor;
  const made = isRowTask(model.task) ? rowTargets(model, examples, divisor) : exampleTargets(model, examples, divisor);
  if (targets.perExample && isRowTask(model.task)) {
    const weights = made.weights!.data as Float32Array;
    for (const [i, e] of examples.entries()) weights[i]! /= Math.max(1, targetRows(model, e).length);
  }
  return { ...feeds, ...made };
}

function imageFeeds(model: Model, examples: readonly Example[]): Record<string, HostArray> {
  const { channels, side } = model.image!;
  const size = channels * side * side;
  const pixels = new Float32Array(examples.length * size);
  for (const [i, example] of examples.entries()) {
    if (example.pixels?.length !== size)
      badExample(
        i,
        "its pixels do not fit the model",
        `${size} values [${channels}, ${side}, ${side}]`,
        example.pixels?.length,
      );
    pixels.set(example.pixels!, i * size);
  }
  return { pixels: hostArray("float32", [examples.length, channels, side, side], pixels) };
}

function tokenFeeds(model: Model, examples: readonly Example[], allRows: boolean): Record<string, HostArray> {
  const lengths = examples.map((e) => e.ids.length);
  const total = lengths.reduce((a, b) => a + b, 0);
  const [ids, positions, types] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  let at = 0;
  for (const [i, example] of examples.entries()) {
    checkExample(model, example, i);
    ids.set(example.ids, at);
    if (example.types) types.set(example.types, at);
    for (let s = 0; s < example.ids.length; s++) positions[at + s] = model.tokens!.firstPosition + s;
    at += example.ids.length;
  }
  const rows = (data: Int32Array) => hostArray("int32", [data.length], data);
  return {
    ids: rows(ids),
    positions: rows(positions),
    ...(model.tokens!.types > 0 ? { types: rows(types) } : {}),
    ...(isRowTask(model.task) && allRows
      ? { "logits.rows": rows(Int32Array.from({ length: total }, (_, i) => i)) }
      : {}),
    ...packLayout(
      lengths,
      model.headCounts,
      model.causal,
      examples.map((e) => lastToken(e.ids, model.tokens!.lastSkips)),
    ),
  };
}

/** Place of the last token that is not the padding token; 0 where all are, as Transformers has it. */
function lastToken(ids: Int32Array, skips: number | undefined): number {
  let at = ids.length - 1;
  while (at > 0 && ids[at] === skips) at--;
  return at;
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
  if (model.task === "features") return { weights };
  if (model.task === "single-label")
    return {
      weights,
      labels: hostArray(
        "int32",
        [examples.length],
        Int32Array.from(examples, (e) => e.label as number),
      ),
    };
  const width = model.labels?.names.length ?? 1;
  const labels = new Float32Array(examples.length * width);
  examples.forEach((e, i) => {
    labels.set(typeof e.label === "number" ? [e.label] : (e.label as Float32Array), i * width);
  });
  return { weights, labels: hostArray("float32", [examples.length, width], labels) };
}

/** Targets of row tasks: the rows with a label, and where each lies among its example's [B, K]. */
function rowTargets(
  model: Model,
  examples: readonly Example[],
  divisor = batchWeight(model, examples),
): Record<string, HostArray> {
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
    start += examples[b]!.ids.length;
  });
  return {
    "logits.rows": hostArray("int32", [count], wanted),
    labels: hostArray("int32", [count], labels),
    "labels.weights": hostArray("float32", [count], new Float32Array(count).fill(1 / divisor)),
    "labels.slots": hostArray("int32", [examples.length, widest], slots),
    "labels.places": hostArray("int32", [count], places),
    weights: hostArray(
      "float32",
      [examples.length],
      Float32Array.from(examples, (e) => e.weight ?? 1),
    ),
  };
}

function badExample(index: number, problem: string, expected: string, got: unknown): never {
  throw new ConcordError("E_DATA", { operation: `example ${index} of the batch`, problem, expected, got: String(got) });
}

function checkExample(model: Model, { ids, label }: Example, index: number): void {
  const { maxLength, vocabulary } = model.tokens!;
  if (ids.length === 0 || ids.length > maxLength)
    badExample(index, "its length does not fit the model", `1 … ${maxLength} tokens`, ids.length);
  const wrong = ids.find((id) => id < 0 || id >= vocabulary);
  if (wrong !== undefined) badExample(index, "a token id is outside the vocabulary", `0 … ${vocabulary - 1}`, wrong);
  if (model.task === "single-label" && label !== undefined) {
    const classes = model.labels?.names.length ?? Infinity;
    if (!Number.isInteger(label) || (label as number) < 0 || (label as number) >= classes)
      badExample(index, "its label is not a class", `0 … ${classes - 1}`, label);
  }
}
