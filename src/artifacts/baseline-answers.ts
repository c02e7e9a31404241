// Simple models and what they answer, as baselines.json has them.
import type { RowAnswer } from "../tasks/index.ts";

/** One simple model and its answers. */
export interface Baseline {
  /** `majority`: the most frequent label, or the mean; `median`: the middle class of an order; `linear`: of character n-grams; `pixels`: linear, of those; `lookup`: each word's usual tag; `ngram`: of bytes, its answers are bits; `bm25`: of shared words, its answers are ranks; `longer`: prefers the longer answer; `start`: the model before it was tuned; `sentence`: the sentence that shares most words with the question; `place`: the place that is right most often among choices; `similar`: the choice most like the question; `tfidf`: how alike two texts are by their characters; `naive`, `seasonal-naive`, `drift`: forecasts that go on from the last value, the last season or the last slope; `lags`: linear in the last values. */
  readonly name:
    | "majority"
    | "median"
    | "linear"
    | "pixels"
    | "lookup"
    | "ngram"
    | "bm25"
    | "longer"
    | "start"
    | "sentence"
    | "place"
    | "similar"
    | "tfidf"
    | "naive"
    | "seasonal-naive"
    | "drift"
    | "lags";
  /** Of several tasks: the one that it answers; its answers are to the test rows that have a label of it. */
  readonly task?: string;
  /** Training rows that it was fitted on. */
  readonly rows: number;
  /** Of the linear one: `regression` or `centroid`, its n-grams and C. */
  readonly kind?: "regression" | "centroid";
  readonly features?: number;
  readonly strength?: number;
  /** Of the n-grams: longest context in bytes. */
  readonly order?: number;
  /** One for each test row. */
  readonly answers: readonly RowAnswer[];
}
