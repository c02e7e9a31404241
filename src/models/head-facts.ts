// What the heads of models are, a row each: whoever shares code between heads asks these, never which head it is. Knows no architecture.

/** What logits belong to and what they are trained with. */
export interface HeadFacts {
  /** Logits of a whole input [B, C], of an input as one of several choices [B, 1], of tokens [M, C], of where a span of tokens begins and ends [T, 2], or none. */
  readonly of: "inputs" | "choices" | "tokens" | "spans" | "nothing";
  /** cross-entropy: one of the classes, or of the places. binary: each output by itself. squared: numbers. quantile: quantiles of numbers. several: of each of its heads its own. */
  readonly loss: "cross-entropy" | "binary" | "squared" | "quantile" | "several" | "none";
  /** Classes are the vocabulary, by the word table. */
  readonly vocabulary: boolean;
  /** The output is a vector of the whole input, not scores of labels. */
  readonly vector: boolean;
  /** Classes have an order, and logits are log-probabilities of one score between thresholds: no layer gives them by itself. */
  readonly ordered: boolean;
  /** A token's target is the token so many places further. */
  readonly ahead: 0 | 1;
}

const input: HeadFacts = {
  of: "inputs",
  loss: "cross-entropy",
  vocabulary: false,
  vector: false,
  ordered: false,
  ahead: 0,
};
const token: HeadFacts = { ...input, of: "tokens" };

/** Every head, by the name that `model.task` has. */
export const headFacts = {
  "single-label": input,
  ordinal: { ...input, ordered: true },
  "multi-label": { ...input, loss: "binary" },
  regression: { ...input, loss: "squared" },
  "multi-task": { ...input, loss: "several" },
  quantiles: { ...input, loss: "quantile" },
  token,
  "masked-lm": { ...token, vocabulary: true },
  "causal-lm": { ...token, vocabulary: true, ahead: 1 },
  "question-answering": { ...input, of: "spans" },
  "multiple-choice": { ...input, of: "choices" },
  embedding: { ...input, of: "nothing", loss: "none", vector: true },
  features: { ...input, of: "nothing", loss: "none" },
} as const satisfies Readonly<Record<string, HeadFacts>>;

/** What the last layer of a model answers. */
export type Task = keyof typeof headFacts;

/** Facts of a head. @example headFactsOf("token").of // "tokens" */
export const headFactsOf = (task: Task): HeadFacts => headFacts[task];
