// A reward model: one number for an answer to a prompt, learned from pairs of which people preferred one. Judged by how often it agrees.
import { agreementRate, preferenceAccuracy } from "./scores/preferences.ts";
import type { RankTask } from "./task.ts";

export const reward: RankTask<"reward"> = {
  name: "reward",
  head: "regression",
  reads: "text",
  ranks: true,
  numeric: false,
  exclusive: false,
  separated: false,
  calibrated: false,
  shown: {
    classes: ["report.classes", "report.class"],
    worst: "report.worst.errors",
    number: "report.error",
  },
  wrongMeans: "error",
  devScore: { name: "preferenceAccuracy", tracked: "dev_preference_accuracy", better: "higher" },
  headLabels: () => undefined,
  classesOf: () => [],
  positives: () => [],
  compared: ({ predictions }) => ({
    answers: predictions.map((p) => Number(p.predicted)),
    scores: { preferenceAccuracy: agreementRate },
  }),
  wrong: (predictions) => predictions.map((p) => Number(Number(p.predicted) <= 0)),
  scored: preferenceAccuracy,
};
