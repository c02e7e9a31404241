// Vectors of texts: what belongs together lies close. Judged by what each text finds among all second texts of the test rows.
import { ndcgAt } from "../eval/index.ts";
import { embeddingMetrics, rankScores } from "./scores/embeddings.ts";
import type { VectorTask } from "./task.ts";

export const embeddings: VectorTask<"embeddings"> = {
  name: "embeddings",
  head: "embedding",
  reads: "value",
  embeds: true,
  numeric: false,
  exclusive: false,
  separated: false,
  calibrated: false,
  shown: {
    classes: ["report.classes", "report.class"],
    worst: "report.worst.embeddings",
    number: "report.rank",
  },
  wrongMeans: "furthest tenth",
  devScore: { name: "ndcg", tracked: "dev_score", better: "higher" },
  headLabels: () => undefined,
  classesOf: () => [],
  positives: () => [],
  compared: ({ predictions }) => ({ answers: predictions.map((p) => Number(p.predicted)), scores: rankScores }),
  wrong(predictions) {
    const ranks = predictions.map((p) => Number(p.predicted));
    const limit = [...ranks].sort((a, b) => a - b)[Math.floor(0.9 * ranks.length)]!;
    return ranks.map((rank) => Number(rank > limit));
  },
  scored: (ranks) => ndcgAt(ranks, 10)(Int32Array.from(ranks.keys())),
  metrics: embeddingMetrics,
};
