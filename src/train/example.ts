// One example of a training run: what the model reads of it, and what its loss asks. Plain data.

/** One example. */
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
  /**
   * Numbers that were worked out beforehand, by name: a teacher's logits, log-probabilities of a reference model, an advantage. What an
   * objective reads of them it names in its `inputs`.
   */
  readonly given?: Readonly<Record<string, Float32Array>>;
}

/** Label of token rows that do not count, as in Transformers. */
export const ignoredLabel = -100;
