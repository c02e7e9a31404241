// Settings of the steps that shrink a model before it is quantised: prune, trim, distil; and of training within a step.
import { z } from "zod";

const share = z.number().min(0).lt(1);
const rows = z.int().min(1).max(10_000);
const weight = z.number().min(0);

/** How a model learns within a step: from labels, and from the run's own model. */
const learning = (epochs: number, learningRate: number) => ({
  epochs: z.int().min(1).max(1000).default(epochs).describe("Passes over the training rows."),
  batchSize: z.int().min(1).max(4096).default(16).describe("Rows per update."),
  learningRate: z.number().positive().default(learningRate).describe("Highest learning rate; it falls linearly to 0."),
  temperature: z.number().positive().max(100).default(2).describe("Divides the logits of both."),
  labels: weight.default(0.5).describe("Weight of the loss against labels."),
  logits: weight.default(0.5).describe("Weight of the divergence from the teacher's logits."),
});

const recovery = z.strictObject(learning(3, 2e-4));
/** Training of a model that will be stored in integers: it starts near its end. */
export const storedTrainingSchema = z.strictObject(learning(2, 5e-5));

export const pruneSchema = z
  .strictObject({
    heads: share.default(0).describe("Share of each layer's attention heads that is removed. BERT and its kin."),
    width: share.default(0).describe("Share of each layer's inner units of the feed-forward part that is removed."),
    rows: rows
      .default(128)
      .describe("Number of validation rows, sampled with the seed, on which importance is measured."),
    recovery: recovery
      .optional()
      .describe("Training of what is left, on the training rows, from labels and the run's own model. Default: none."),
  })
  .refine(({ heads, width }) => heads > 0 || width > 0, { message: "say what to prune: heads or width, above 0" })
  .describe(
    "Structured pruning by importance, gradient times activation. Add recovery: without training again scores drop.",
  );

export const trimSchema = z
  .strictObject({
    size: z
      .int()
      .min(1)
      .optional()
      .describe("The most tokens to keep, the most frequent first. Default: all that training rows use."),
    atLeast: z.int().min(1).default(1).describe("Tokens that training rows use less often are dropped."),
  })
  .describe("Drops tokens that training rows do not use, from the vocabulary and the word table.");

export const distilSchema = z
  .strictObject({
    layers: z
      .int()
      .min(1)
      .optional()
      .describe("Layers of the student, taken evenly from the model. Default: as many as the model has now."),
    ...learning(3, 2e-4),
    cosine: weight.default(0).describe("Weight of 1 − cosine between rows of the last layers (DistilBERT)."),
    hidden: weight
      .default(0)
      .describe("Weight of the squared error between hidden states of paired layers (TinyBERT)."),
    attention: weight
      .default(0)
      .describe("Weight of the squared error between attention scores of paired layers (TinyBERT)."),
  })
  .describe("The model learns from the run's own model as it was evaluated, on the training rows.");

/** How a model learns within a step, defaults filled in. */
export type LearningSettings = z.output<typeof recovery>;
export type PruneSettings = z.output<typeof pruneSchema>;
export type TrimSettings = z.output<typeof trimSchema>;
export type DistilStepSettings = z.output<typeof distilSchema>;
