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

const at = z.number().min(0).max(1);
/** Training in which parts are removed step by step. */
const pruning = z
  .strictObject({
    ...learning(6, 2e-4),
    start: at.default(0.1).describe("Share of the steps after which the first parts are removed."),
    end: at.default(0.6).describe("Share of the steps after which all are removed; the rest trains what is left."),
  })
  .refine(({ start, end }) => start <= end, { path: ["end"], message: "pruning ends before it starts" });

export const pruneMethods = ["importance", "movement", "magnitude"] as const;

export const pruneSchema = z
  .strictObject({
    method: z
      .enum(pruneMethods)
      .default("importance")
      .describe(
        "importance: gradient times activation on validation rows. movement: scores that are learned while the model trains. magnitude: the smallest weights, while it trains.",
      ),
    heads: share.default(0).describe("Share of each layer's attention heads that is removed. BERT and its kin."),
    width: share.default(0).describe("Share of each layer's inner units of the feed-forward part that is removed."),
    weights: share
      .default(0)
      .describe(
        "Share of the single weights of each matrix that becomes zero, by movement or magnitude. The model keeps its shape and its speed; its file is smaller once it is zipped.",
      ),
    rows: rows
      .default(128)
      .describe("importance: number of validation rows, sampled with the seed, on which it is measured."),
    training: pruning
      .optional()
      .describe(
        "movement, magnitude: training in which parts are removed, on the training rows. Default: its defaults.",
      ),
    recovery: recovery
      .optional()
      .describe("Training of what is left, on the training rows, from labels and the run's own model. Default: none."),
  })
  .superRefine(({ method, heads, width, weights, training, recovery }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const blocks = heads > 0 || width > 0;
    if (!blocks && weights === 0)
      context.addIssue({ code: "custom", message: "say what to prune: heads, width or weights, above 0" });
    if (blocks && weights > 0) refuse("weights", "prune weights, or heads and width, not both in one step");
    if (blocks && method === "magnitude")
      refuse("method", "magnitude prunes weights: heads and width need importance or movement");
    if (weights > 0 && method === "importance")
      refuse("weights", "importance prunes heads and width: weights need movement or magnitude");
    if (training && method === "importance")
      refuse("training", "importance prunes at once: set recovery, or method: movement");
    if (weights > 0 && recovery) refuse("recovery", "recovery would fill the zeros again: set training.end lower");
  })
  .transform((given) =>
    given.method === "importance" ? given : { ...given, training: given.training ?? pruning.parse({}) },
  )
  .describe(
    "Pruning: whole heads and inner units, which makes the model faster, or single weights. Add recovery to importance: without training again scores drop.",
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

export const factoriseSchema = z
  .strictObject({
    keeps: z
      .number()
      .gt(0)
      .max(1)
      .default(0.95)
      .describe(
        "Share of the second moment of a matrix's outputs that its factors keep. A matrix stays whole where they would hold more numbers.",
      ),
    rows: rows
      .default(128)
      .describe("Number of validation rows, sampled with the seed, on which inputs of matrices are measured."),
    recovery: recovery
      .optional()
      .describe("Training of the factors, on the training rows, from labels and the run's own model. Default: none."),
  })
  .describe(
    "Matrices become two factors of a lower rank, chosen by their inputs on validation rows. Transformers cannot read such a model; its ONNX file runs everywhere.",
  );

/** How a model learns within a step, defaults filled in. */
export type LearningSettings = z.output<typeof recovery>;
/** Of training in which parts are removed. */
export type PruningSettings = z.output<typeof pruning>;
export type PruneSettings = z.output<typeof pruneSchema>;
export type TrimSettings = z.output<typeof trimSchema>;
export type DistilStepSettings = z.output<typeof distilSchema>;
