// One of several classes that have an order: learned by thresholds on one score, judged also by how many ranks an answer is off.
import { meanAbsoluteError } from "../eval/index.ts";
import { ordinalMetrics, ordinalScores, ranksOf, truthOf } from "./scores/ordinal.ts";
import { best, singleLabel } from "./single-label.ts";
import type { RowTask } from "./task.ts";

export const ordinal: RowTask<"ordinal"> = {
  ...singleLabel,
  name: "ordinal",
  head: "ordinal",
  ordered: true,
  devScore: { name: "mae", tracked: "dev_mae", better: "lower" },
  compared: ({ predictions, labels, test }) => ({
    answers: predictions.map((p) => String(p.predicted)),
    scores: ordinalScores(labels, test),
    isError: true,
  }),
  scored: (rows, labels, outputs) => meanAbsoluteError(ranksOf(labels, truthOf(rows)), outputs.map(best)),
  constants: {
    ...singleLabel.constants,
    /** The class in the middle of the training rows: of all constant answers it is the fewest ranks off. */
    median(rows, labels) {
      const ranks = ranksOf(labels, truthOf(rows)).sort((a, b) => a - b);
      return labels[ranks[Math.floor((ranks.length - 1) / 2)]!]!;
    },
  },
  linearScore: (labels, rows, answers) =>
    -meanAbsoluteError(ranksOf(labels, truthOf(rows)), ranksOf(labels, answers.map(String))),
  metrics: ordinalMetrics,
};
