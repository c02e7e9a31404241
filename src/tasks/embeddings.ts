// Vectors of texts: what belongs together lies close. Judged by what each text finds among all second texts of the
// test rows; pairs with a number by how their cosines agree with it.
import { ndcgAt } from "../eval/index.ts";
import { embeddingMetrics, rankScores } from "./scores/embeddings.ts";
import { pairScores } from "./scores/similarity.ts";
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
  compared: ({ predictions, test }) => ({
    answers: predictions.map((p) => Number(p.predicted)),
    scores: test.some(({ value }) => value !== undefined) ? pairScores(test) : rankScores,
  }),
  wrong(predictions) {
    const far = predictions.map(({ truth, predicted }) =>
      typeof truth === "number" ? Math.abs(Number(predicted) - truth) : Number(predicted),
    );
    const limit = [...far].sort((a, b) => a - b)[Math.floor(0.9 * far.length)]!;
    return far.map((one) => Number(one > limit));
  },
  scored: (ranks) => ndcgAt(ranks, 10)(Int32Array.from(ranks.keys())),
  metrics: embeddingMetrics,
};
