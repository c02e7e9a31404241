// A tiny but complete training job: dropout, clipping, warm-up, lazy tables, length grouping.
import { type HostArray, random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, type Model, modelOf, withHead } from "../../src/models/index.ts";
import type { TextExample, TrainingJob } from "../../src/train/index.ts";

export const tinyConfig = withHead(
  {
    model_type: "bert",
    vocab_size: 200,
    hidden_size: 16,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 32,
    max_position_embeddings: 24,
    type_vocab_size: 2,
  },
  "Bert",
  "single-label",
  ["even", "odd"],
);

export const tinyModel = (config = tinyConfig): Model => modelOf(configOf(config, "tiny"));

/** Sequences whose label is the parity of their second token. */
export function tinyExamples(count: number, seed = 5): TextExample[] {
  const rng = random(seed);
  return Array.from({ length: count }, () => {
    const ids = Int32Array.from({ length: 3 + rng.int(18) }, () => 5 + rng.int(195));
    return { ids, label: ids[1]! % 2 };
  });
}

export function tinyJob(options: TrainingJob["options"] = {}): TrainingJob {
  return {
    config: tinyConfig,
    weights: initialise(tinyModel(), random(1)),
    examples: tinyExamples(160),
    options: {
      epochs: 20,
      batchSize: 8,
      learningRate: 1e-3,
      warmupRatio: 0.1,
      grouping: "length",
      seed: 3,
      ...options,
    },
    checkpointEvery: 7,
    threads: 1,
  };
}

/** Validation examples of {@link selectingJob}. */
export const tinyDev = tinyExamples(40, 8);

/** The share of right predictions of examples, from their logits. */
export const tinyAccuracy =
  (examples: readonly TextExample[]) =>
  (logits: readonly HostArray<"float32">[]): number =>
    logits.filter(({ data }, i) => Number(data[1]! > data[0]!) === examples[i]!.label).length / logits.length;

/** Twenty epochs planned; the best on other examples is kept, and the sixth without improvement is the last. */
export const selectingJob = (): TrainingJob => ({
  ...tinyJob({ learningRate: 3e-3 }),
  dev: tinyDev,
  selection: { keep: "best", better: "higher", patience: 6 },
});
