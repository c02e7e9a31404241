// One example of a training run: what the model reads of it, and what its loss asks. Plain data.
import type { ModelInput, TokenInput } from "../modalities/index.ts";

/** What the loss of an example asks. `I`: what the model reads. */
export interface ExampleTarget<I = ModelInput> {
  /** Class number; or one value per output (multi-label 0/1, regression); or for row tasks one class per token, −100 = ignored. */
  readonly label?: number | Float32Array | Int32Array;
  /** Weight of the example in the loss. Default 1. */
  readonly weight?: number;
  /** Number of its group, for group-robust training. Default 0. */
  readonly group?: number;
  /** Number of the row or person that it is of, which private training protects as a whole. Default it is the only one of its unit. */
  readonly unit?: number;
  /** For logit pairing the same input about somebody else, once or in several ways; for contrast its other part. Default none. */
  readonly counterparts?: readonly I[];
  /** For distillation what the teacher reads in its place, as its own tokens: a translation, say. Default the example itself. */
  readonly taught?: I;
  /** For preferences the answer that this one is compared with, with labels of its own. Default none. */
  readonly against?: Example<I>;
  /**
   * Numbers that were worked out beforehand, by name: a teacher's logits, log-probabilities of a reference model, an advantage. What an
   * objective reads of them it names in its `inputs`.
   */
  readonly given?: Readonly<Record<string, Float32Array>>;
}

/** One example. */
export type Example<I = ModelInput> = I & ExampleTarget<I>;
export type TextExample = Example<TokenInput>;

/** Another input for the target of an example; it has no counterparts. */
export const withInput = <I extends ModelInput>(
  { label, weight, group, unit, given }: ExampleTarget<I>,
  input: I,
): Example<I> => ({ label, weight, group, unit, given, ...input });

/** Label of token rows that do not count, as in Transformers. */
export const ignoredLabel = -100;
