// A model learns on the training rows, from labels and from the run's own model: what distil, prune and quantise share. Interrupted, it goes
// on from its checkpoint. Knows no step.
import { join } from "node:path";
import { headAnswers } from "../../predict/index.ts";
import type { LearningSettings } from "../../recipe/index.ts";
import type { SmallerModel } from "../../shrink/index.ts";
import { examplesOf, trainStage } from "../../stages/index.ts";
import type { DistilLoss, TrainingJob } from "../../train/index.ts";
import type { Compressing, StepContext } from "../step.ts";

/** What a training within a step needs beside its settings. */
interface Learner {
  /** What the step was given: how its inputs are read. */
  readonly given: Compressing;
  /** The model that learns; its weights are copied. */
  readonly start: SmallerModel;
  /** Losses beside those of labels and logits. Default none. */
  readonly losses?: Readonly<Partial<Record<DistilLoss, number>>>;
  /** What else the training job has. Default nothing. */
  readonly job?: Partial<TrainingJob>;
  /** Folder of its checkpoints within the step's own. Default the step's own. */
  readonly folder?: string;
}

/**
 * Trains a model by the objective distil, or by labels alone where nothing else has weight. A number is learned from the run's model alone:
 * labels are in a unit that the model does not answer in.
 * @returns its weights, and what compression.json says of the training
 * @throws E_INTERRUPTED after an abort, when a checkpoint is saved; what training throws
 */
export async function learned(
  { given, start, losses = {}, job = {}, folder }: Learner,
  settings: LearningSettings,
  context: StepContext,
) {
  const { recipe, rows, original, keep } = context;
  const { examples } = await examplesOf(recipe, given.processor, start.model.labels?.names ?? [], rows.train);
  const { epochs, batchSize, learningRate, temperature, labels, logits } = settings;
  const isNumber = headAnswers(original.model.task)?.numeric === true;
  const weighed = { labels: isNumber ? 0 : labels, logits, ...losses };
  const isTaught = weighed.labels === 0 || Object.entries(weighed).some(([name, by]) => name !== "labels" && by > 0);
  const { result, seconds } = await trainStage(
    "compress",
    folder ? { ...context, keep: join(keep, folder) } : context,
    {
      ...job,
      config: start.model.config,
      weights: new Map([...start.weights].map(([key, a]) => [key, { ...a, data: a.data.slice() }])), // training takes them
      examples,
      ...(isTaught && {
        teacher: original.weights,
        objective: {
          name: "distil",
          settings: { teacher: original.model.config, temperature, ...weighed, vocabulary: given.vocabulary },
        },
      }),
      options: { epochs, batchSize, learningRate, warmupRatio: 0.1, grouping: "length", seed: recipe.seed },
    },
  );
  return { weights: result.weights, facts: { trainingRows: examples.length, seconds: Math.round(seconds) } };
}
