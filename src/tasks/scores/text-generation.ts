// How well a model foretells texts: bits that each byte of them costs, which models of any vocabulary can be compared by, and the
// perplexity of a token.
import type { ForetoldText } from "../../baseline/index.ts";
import type { TextRow } from "../../data/index.ts";
import { namedInterval, type RowMetric } from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import { drawnScore, groupScores, type Metrics, type RowAnswer, type Scoring } from "../scoring.ts";
import type { Foretold } from "../task.ts";
import { intervalText } from "./class-table.ts";

/** What a model writes of a row: all of its text, or its answers, whatever template stands around them. */
export function writtenParts({ text, pair, messages }: TextRow): ForetoldText[] {
  if (pair !== undefined) return [{ text: pair, before: `${text}\n` }];
  if (!messages) return [{ text }];
  const lines = (count: number) => messages.slice(0, count).map((one) => `${one.role}: ${one.content}\n`);
  return messages.flatMap(({ role, content }, i) =>
    role === "assistant" ? [{ text: content, before: `${lines(i).join("")}assistant: ` }] : [],
  );
}

/** UTF-8 bytes of what is foretold of a row. */
const textBytes = (row: TextRow): number =>
  writtenParts(row).reduce((sum, { text }) => sum + new TextEncoder().encode(text).length, 0);

const total = (rows: Int32Array, of: (row: number) => number): number => rows.reduce((sum, row) => sum + of(row), 0);

/** Bits for each byte, as a function of what a model gives: the bits of each row. */
export function bitsPerByte(test: readonly TextRow[]): (answers: readonly RowAnswer[]) => RowMetric {
  const bytes = test.map(textBytes);
  return (answers) => (rows) => total(rows, (i) => Number(answers[i])) / total(rows, (i) => bytes[i]!);
}

/** Scores with intervals over rows. */
export function textMetrics(scoring: Scoring, { test, losses, tokens }: Foretold): Metrics {
  const bits = losses.map((loss) => loss / Math.LN2);
  const perByte = bitsPerByte(test);
  const perplexity: RowMetric = (rows) => Math.exp(total(rows, (i) => losses[i]!) / total(rows, (i) => tokens[i]!));
  const scoreOf = (name: string, metric: RowMetric) => namedInterval(scoring, test, name, metric);
  const summary = { bitsPerByte: scoreOf("bitsPerByte", perByte(bits)), perplexity: scoreOf("perplexity", perplexity) };
  const counts = {
    tokens: tokens.reduce((a, b) => a + b, 0),
    bytes: test.reduce((sum, row) => sum + textBytes(row), 0),
  };
  return {
    record: {
      ...summary,
      ...counts,
      groups: groupScores(scoring, test, "bitsPerByte", drawnScore(scoring, test, "bitsPerByte", perByte(bits))),
    },
    predictions: test.map((row, i) => ({
      place: row.place,
      predicted: bits[i],
      tokens: tokens[i],
      bytes: textBytes(row),
      attributes: row.attributes,
    })),
    summary: { ...summary, ...counts },
    text: say(scoring.language, "evaluate.writing", {
      bits: intervalText(summary.bitsPerByte),
      perplexity: intervalText(summary.perplexity),
    }),
    comparison: {
      answers: bits,
      isError: true,
      scores: { bitsPerByte: perByte },
      scoreOf,
    },
  };
}
