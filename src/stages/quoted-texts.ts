// Questions and the texts that hold their answers: examples of a training job, what a model answers, and a simple model beside it.
import { answerTokens, quoteWindows, type TextRow } from "../data/index.ts";
import { answerCharacters, answerWords, isChinese } from "../eval/index.ts";
import type { TextProcessor } from "../modalities/node/index.ts";
import { type Quoter, quotesOf } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Quoted, QuoteTask } from "../tasks/index.ts";
import type { Example } from "../train/index.ts";
import type { PartExamples } from "./part-examples.ts";

const inputOf = ({ text, pair = "" }: TextRow) => [text, pair] as const;

/** One example a window: the tokens of the first answer that it holds whole, else the first token, which stands for none. */
export async function quotedExamples(
  task: QuoteTask,
  { adapt: { quoting }, model: { maxLength } }: Recipe,
  { tokenizer }: TextProcessor,
  rows: readonly TextRow[],
): Promise<PartExamples> {
  const windows = await quoteWindows(tokenizer, rows.map(inputOf), { maxLength, overlap: quoting.overlap });
  const examples = windows.map((window): Example => {
    const { answers = [] } = rows[window.row]!;
    const spans = answers.map((answer) => answerTokens(window, answer));
    const label = Int32Array.from(spans.find(([, last]) => last > 0) ?? [0, 0]);
    return { ids: Int32Array.from(window.ids), types: Int32Array.from(window.typeIds), label };
  });
  const ofRow = rows.map((): number[] => []);
  for (const [w, { row }] of windows.entries()) ofRow[row]!.push(w);
  return {
    examples,
    score: {
      ...task.devScore,
      of: (logits) =>
        task.scored(
          rows,
          rows.map(({ pair = "" }, i) => {
            const own = ofRow[i]!;
            const [best] = quotesOf(
              pair,
              own.map((w) => windows[w]!),
              own.map((w) => logits[w]!.data),
              1,
              quoting,
            );
            return best!.text;
          }),
        ),
    },
  };
}

/** What a model answers. */
export const quotedRows = async (quoter: Quoter, rows: readonly TextRow[]): Promise<Quoted> => ({
  test: rows,
  quotes: (await quoter.quotes(rows.map(inputOf))).map(([best]) => best!),
});

/** Of each text the sentence that shares most words with the question, the first of several; "" where none shares any. */
export function nearestSentences(rows: readonly TextRow[]): string[] {
  return rows.map(({ text, pair = "" }) => {
    const parts = isChinese([pair]) ? answerCharacters : answerWords;
    const asked = new Set(parts(text));
    const sentences = pair.split(/(?<=[.!?])\s+|(?<=[。！？])|\n+/u).map((sentence) => sentence.trim());
    const shared = sentences.map((sentence) => new Set(parts(sentence).filter((part) => asked.has(part))).size);
    const most = Math.max(...shared);
    return most > 0 ? sentences[shared.indexOf(most)]! : "";
  });
}
