// Answers that stand in a text: from where a model says that spans begin and end to the likeliest span, and a model that does it.
// Knows no file; the runtime and the tokenizer are given.
import { ConcordError, type HostArray } from "../base/index.ts";
import { type QuestionInput, type QuoteWindow, quoteWindows } from "../data/index.ts";
import { headFactsOf, type Model } from "../models/index.ts";
import type { Runtime } from "../runtime/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { compiledForAnswers } from "./predictor.ts";
import { inBatches, type TextPredictorOptions } from "./text-predictor.ts";

/** A span of a text. `text` is exactly what stands there; "" where the text holds no answer, and then both places are 0. */
export interface Quote {
  readonly text: string;
  /** In UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Logit of its beginning plus that of its end. */
  readonly score: number;
  /** Probability of its beginning times that of its end, among the tokens of the text in its window and none; not calibrated. */
  readonly probability: number;
}

/** How answers are chosen. */
export interface QuoteOptions {
  /** Longest answer in tokens. Default 30. */
  readonly longest?: number;
  /** Whether a text may hold no answer. Default true. */
  readonly none?: boolean;
}

/** Most beginnings, and most ends, of a window that are tried with each other. */
const candidates = 20;

/**
 * The likeliest spans of a text, best first, no two the same; "no answer" among them where it may be.
 * @param windows of the text @param logits of each window [tokens, 2]: beginning and end. @param count most that are given
 * @example quotesOf("in Paris", windows, logits, 1)[0].text // "Paris"
 */
export function quotesOf(
  context: string,
  windows: readonly QuoteWindow[],
  logits: readonly ArrayLike<number>[],
  count: number,
  { longest = 30, none = true }: QuoteOptions = {},
): Quote[] {
  const found = new Map<string, Quote>();
  const keep = (quote: Quote) => {
    const key = `${quote.start} ${quote.end}`;
    if ((found.get(key)?.score ?? Number.NEGATIVE_INFINITY) < quote.score) found.set(key, quote);
  };
  let nothing: Pick<Quote, "score" | "probability"> = { score: Number.POSITIVE_INFINITY, probability: 1 };
  for (const [w, { first, offsets }] of windows.entries()) {
    const at = (token: number, k: 0 | 1) => logits[w]![2 * (first + token) + k]!;
    const empty = logits[w]![0]! + logits[w]![1]!; // the first token stands for no answer
    const total = logSum(logits[w]!, first, offsets.length, 0) + logSum(logits[w]!, first, offsets.length, 1);
    const scored = (score: number) => ({ score, probability: Math.exp(score - total) });
    // a window without the answer says so: the text holds none only where every window does
    if (empty < nothing.score) nothing = scored(empty);
    const best = (k: 0 | 1) => [...offsets.keys()].sort((a, b) => at(b, k) - at(a, k) || a - b).slice(0, candidates);
    const ends = best(1);
    for (const from of best(0))
      for (const to of ends) {
        if (to < from || to - from >= longest) continue;
        const [start, end] = [offsets[from]![0], offsets[to]![1]];
        const text = context.slice(start, end);
        if (text.trim() === "") continue;
        const lead = text.length - text.trimStart().length; // a token may begin with the space before it
        const trail = text.length - text.trimEnd().length;
        keep({ text: text.trim(), start: start + lead, end: end - trail, ...scored(at(from, 0) + at(to, 1)) });
      }
  }
  if (none || found.size === 0) keep({ text: "", start: 0, end: 0, ...nothing });
  return [...found.values()].sort((a, b) => b.score - a.score).slice(0, count);
}

/** ln Σ e^logit of beginnings (0) or ends (1): of the first token and those of the text. */
function logSum(logits: ArrayLike<number>, first: number, tokens: number, k: 0 | 1): number {
  const values = [logits[k]!, ...Array.from({ length: tokens }, (_, token) => logits[2 * (first + token) + k]!)];
  const most = values.reduce((a, b) => Math.max(a, b));
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

/** A model that answers questions from texts. Call `dispose` when done. */
export interface Quoter {
  readonly model: Model;
  /** Likeliest answers to each question, best first. @param count of each. Default 1 */
  quotes(inputs: readonly QuestionInput[], count?: number): Promise<Quote[][]>;
  dispose(): Promise<void>;
}

/** How texts are read and answers chosen. */
export interface QuoterOptions extends TextPredictorOptions, QuoteOptions {
  /** Tokens that a window of a long text shares with the one before. Default 128; at most half of a window. */
  readonly overlap?: number;
}

/**
 * Makes a quoter from a model in memory.
 * @throws E_MODEL for a model that does not find answers in texts
 * @example const q = await textQuoter(model, weights, tokenizer, cpuRuntime); const [[best]] = await q.quotes([["Where?", "In Paris."]]);
 */
export async function textQuoter(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  tokenizer: Tokenizer,
  runtime: Runtime,
  { maxLength, batchSize = 32, overlap = 128, threads, ...choice }: QuoterOptions = {},
): Promise<Quoter> {
  if (headFactsOf(model.task).of !== "spans" || !model.tokens)
    throw new ConcordError("E_MODEL", {
      operation: "predict",
      problem: "the model finds no answers in texts",
      expected: "a model trained with task: question-answering, or a folder of a ForQuestionAnswering class",
      got: model.architecture,
    });
  const executable = await compiledForAnswers(model, weights, runtime, { threads });
  const limit = Math.min(maxLength ?? Number.POSITIVE_INFINITY, model.tokens.maxLength);
  return {
    model,
    async quotes(inputs, count = 1) {
      const windows = await quoteWindows(tokenizer, inputs, { maxLength: limit, overlap });
      const outputs = ["start_logits", "end_logits"];
      const rows = await inBatches(executable, model, windows, { batchSize, outputs, ran: () => {} });
      const pairs = rows.map(([starts, ends]) =>
        Float32Array.from({ length: 2 * starts!.length }, (_, i) =>
          i % 2 === 0 ? starts![i / 2]! : ends![(i - 1) / 2]!,
        ),
      );
      const own = inputs.map((): number[] => []);
      for (const [w, { row }] of windows.entries()) own[row]!.push(w);
      return inputs.map(([, context], i) => {
        const of = own[i]!;
        return quotesOf(
          context,
          of.map((w) => windows[w]!),
          of.map((w) => pairs[w]!),
          count,
          choice,
        );
      });
    },
    dispose: () => executable.dispose(),
  };
}
