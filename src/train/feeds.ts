// From examples to the arrays that a program's batch inputs take: rows packed one after the other, no padding. Pure.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";
import type { Model } from "../models/index.ts";
import { packLayout } from "../nn/index.ts";
import type { Example } from "./example.ts";
import type { BatchContext, Objective } from "./objectives/objective.ts";
import { supervised } from "./objectives/supervised.ts";
import { isRowTask } from "./objectives/targets.ts";

/**
 * Feeds of a batch for `trainingProgram` (with targets) or `evaluationProgram` (without).
 * @param targets what the loss is divided by, and what is drawn
 * @param objective that the program was made with. Default supervised
 * @throws E_DATA for an empty example, one longer than the model takes, or an id or label out of range
 */
export function batchFeeds(
  model: Model,
  examples: readonly Example[],
  targets: Partial<Omit<BatchContext, "model">> | undefined,
  objective: Objective = supervised(),
): Record<string, HostArray> {
  if (!targets) return inputFeeds(model, examples, true);
  const batch = objective.feeds(examples, { model, draw: noDraw, ...targets });
  return { ...inputFeeds(model, batch.examples, false), ...batch.feeds };
}

function noDraw(name: string): never {
  throw new ConcordError("E_ARGUMENT", { operation: "batch", problem: `nothing gives random numbers for ${name}` });
}

function inputFeeds(model: Model, examples: readonly Example[], allRows: boolean): Record<string, HostArray> {
  return model.tokens ? tokenFeeds(model, examples, allRows) : imageFeeds(model, examples);
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
