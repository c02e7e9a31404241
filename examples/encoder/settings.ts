// Settings of the embedded encoder: its recipe.

/** Everything that its training depends on, beside the teacher and the texts. */
export const encoderSettings = {
  seed: 18,
  /** Tokens of a text; the rest is cut off. */
  maxLength: 64,
  student: { layers: 3, tokens: 10_000, characters: 3_000 },
  english: {
    glosses: 24_000,
    speeches: 3_000,
    messages: 5_000,
    losses: { hidden: 1, embedding: 1 },
    training: { epochs: 1, learningRate: 4e-4 },
  },
  chinese: {
    words: 12_000,
    messages: 12_000,
    english: 6_000,
    losses: { embedding: 1 },
    training: { epochs: 1, learningRate: 3e-4 },
  },
} as const;
