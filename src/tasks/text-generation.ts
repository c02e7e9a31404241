// Texts that a model writes on: a causal language model, judged by how well it foretells the texts that people wrote.
import { rowsOfTexts } from "../data/index.ts";
import { judgedScores } from "./scores/preferences.ts";
import { bitsPerByte, textMetrics } from "./scores/text-generation.ts";
import type { TextTask } from "./task.ts";

export const textGeneration: TextTask<"text-generation"> = {
  name: "text-generation",
  head: "causal-lm",
  reads: "text",
  writes: true,
  numeric: false,
  exclusive: false,
  separated: false,
  calibrated: false,
  shown: {
    classes: ["report.classes", "report.class"],
    worst: "report.worst.texts",
    number: "report.bitsPerByte",
  },
  wrongMeans: "furthest tenth",
  devScore: { name: "perplexity", tracked: "dev_perplexity", better: "lower" },
  headLabels: () => undefined,
  classesOf: () => [],
  positives: () => [],
  compared: ({ predictions, test, judgement }) =>
    judgement
      ? {
          answers: predictions.map((p) => p[judgement]!),
          scores: judgedScores[judgement],
        }
      : {
          answers: predictions.map((p) => Number(p.predicted)),
          scores: { bitsPerByte: bitsPerByte(rowsOfTexts(test)) },
          isError: true,
        },
  wrong(predictions) {
    const misses = predictions.map((p) => Number(p.predicted) / p.bytes!);
    const limit = [...misses].sort((a, b) => a - b)[Math.floor(0.9 * misses.length)]!;
    return misses.map((m) => Number(m > limit));
  },
  scored: (losses, tokens) => Math.exp(losses.reduce((a, b) => a + b, 0) / tokens),
  metrics: (scoring, foretold) => textMetrics(scoring, foretold),
};
