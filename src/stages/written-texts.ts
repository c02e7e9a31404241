// Texts and chats for a model that writes: examples of a training job, and how well a model foretells rows.

import type { HostArray } from "../base/index.ts";
import { type Row, rowsOfTexts, type TextRow } from "../data/index.ts";
import { isAnswered, type SequenceWindow, sequencesOf, windowsOf, withTemplate } from "../generate/index.ts";
import { isTextProcessor, textProcessor } from "../modalities/node/index.ts";
import type { Model } from "../models/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import type { Foretold, TextTask } from "../tasks/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { type Example, ignoredLabel, lossProgram, predictLosses } from "../train/index.ts";
import type { AnyStart } from "./model.ts";
import type { PartExamples } from "./part-examples.ts";

/** One example a window; what is not foretold has no label. */
const exampleOf = ({ row, ids, foretold }: SequenceWindow): Example => ({
  ids,
  unit: row,
  label: ids.map((id, i) => (foretold[i] ? id : ignoredLabel)),
});

/** Rows cut into windows that a model reads, and the perplexity of a part from the losses of its examples. */
export async function writtenExamples(
  task: TextTask,
  { model: { maxLength } }: Recipe,
  tokenizer: Tokenizer,
  rows: readonly TextRow[],
): Promise<PartExamples> {
  const windows = windowsOf(await sequencesOf(tokenizer, rows), maxLength, maxLength - 1);
  const tokens = windows.reduce((sum, { count }) => sum + count, 0);
  const of: PartExamples["score"]["of"] = (losses) =>
    task.scored(
      losses.map(({ data }) => data[0]!),
      tokens,
    );
  return { examples: windows.map(exampleOf), score: { ...task.devScore, of } };
}

/** A start that can answer: where rows are answered, its tokenizer has a chat template, which is saved with the model. */
export function withChats(start: AnyStart, rows: readonly Row[], maxLength: number): AnyStart {
  const { processor } = start;
  if (!isTextProcessor(processor) || !rowsOfTexts(rows).some(isAnswered)) return start;
  return { ...start, processor: textProcessor(withTemplate(processor.tokenizer), maxLength) };
}

/** What a model that writes is: it, its weights, and the tokens that it reads. */
export interface Writer {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
  readonly tokenizer: Tokenizer;
}

/** The loss of each row, with the window moved by `evaluate.stride` tokens. */
export async function foretell(
  { model: { maxLength }, evaluate: { stride }, adapt: { threads } }: Recipe,
  { model, weights, tokenizer }: Writer,
  test: readonly TextRow[],
): Promise<Foretold> {
  const length = Math.min(maxLength, model.tokens!.maxLength);
  const windows = windowsOf(
    await sequencesOf(tokenizer, test),
    length,
    Math.min(stride ?? Math.ceil(length / 2), length - 1),
  );
  const executable = await cpuRuntime.compile(lossProgram(model), { threads });
  try {
    const found = await predictLosses(executable, model, Object.fromEntries(weights), windows.map(exampleOf));
    const [losses, tokens] = [test.map(() => 0), test.map(() => 0)];
    for (const [i, { row, count }] of windows.entries()) {
      losses[row]! += found[i]!.data[0]!;
      tokens[row]! += count;
    }
    return { test, losses, tokens };
  } finally {
    await executable.dispose();
  }
}
