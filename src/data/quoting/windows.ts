// Questions and the texts that may answer them ⇄ a tokenizer's tokens: a long text in overlapping windows, the question before each. Pure.
import type { Encoding, Tokenizer } from "../../tokenizer-files/index.ts";
import type { QuotedAnswer } from "../prepare/quoted-rows.ts";

/** A question, and the text that it is asked about. */
export type QuestionInput = readonly [question: string, context: string];

/** Tokens that a model reads at once. */
export interface QuoteWindow {
  /** Which input it is part of. */
  readonly row: number;
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
  /** The window's first token of the context. */
  readonly first: number;
  /** Of each token of the context from `first` on: its place in the context, in UTF-16 code units. */
  readonly offsets: readonly (readonly [start: number, end: number])[];
}

/**
 * Encodes questions with their texts. What is around both is as the tokenizer's template says; a question that fills more than half of a
 * window is cut.
 * @param maxLength of a window, in tokens with question and special ones
 * @param overlap tokens that a window shares with the one before; at most half of its room for the text
 */
export async function quoteWindows(
  tokenizer: Tokenizer,
  inputs: readonly QuestionInput[],
  { maxLength, overlap }: { readonly maxLength: number; readonly overlap: number },
): Promise<QuoteWindow[]> {
  const encodings = await tokenizer.encodeBatch(inputs);
  return encodings.flatMap((encoding, row) => windowsOf(row, encoding, maxLength, overlap));
}

function windowsOf(row: number, encoding: Encoding, maxLength: number, overlap: number): QuoteWindow[] {
  const { ids, typeIds, sequenceIds, offsets } = encoding;
  const context = sequenceIds.flatMap((of, token) => (of === 1 ? [token] : []));
  const question = sequenceIds.flatMap((of, token) => (of === 0 ? [token] : []));
  const cut = new Set(question.slice(Math.max(1, Math.floor(maxLength / 2))));
  const [from, to] = [context[0] ?? ids.length, (context.at(-1) ?? ids.length - 1) + 1];
  const before = [...ids.keys()].slice(0, from).filter((token) => !cut.has(token));
  const after = [...ids.keys()].slice(to);
  const room = Math.max(1, maxLength - before.length - after.length);
  const step = room - Math.min(overlap, Math.floor(room / 2));
  const windows: QuoteWindow[] = [];
  for (let start = from; start === from || start + room - step < to; start += step) {
    const inside = Array.from({ length: Math.max(0, Math.min(room, to - start)) }, (_, i) => start + i);
    const tokens = [...before, ...inside, ...after];
    windows.push({
      row,
      ids: tokens.map((token) => ids[token]!),
      typeIds: tokens.map((token) => typeIds[token]!),
      first: before.length,
      offsets: inside.map((token) => offsets[token]!),
    });
  }
  return windows;
}

/** First and last token of an answer in a window; [0, 0], the place of no answer, where the window does not hold it whole. */
export function answerTokens({ first, offsets }: QuoteWindow, answer: QuotedAnswer | undefined): [number, number] {
  if (answer === undefined) return [0, 0];
  const end = answer.start + answer.text.length;
  const from = offsets.findIndex(([, e]) => e > answer.start);
  const to = offsets.findLastIndex(([s]) => s < end);
  if (from < 0 || to < from) return [0, 0];
  // the answer may go on before or after the window
  const whole = offsets[from]![0] <= answer.start && offsets[to]![1] >= end;
  return whole ? [first + from, first + to] : [0, 0];
}
