// Which of several answers to a question is right, where each row brings its own answers. Judged by accuracy.
import { choiceAccuracy, choiceMetrics, choiceScores } from "./scores/multiple-choice.ts";
import type { ChoiceTask } from "./task.ts";

export const multipleChoice: ChoiceTask<"multiple-choice"> = {
  name: "multiple-choice",
  head: "multiple-choice",
  reads: "choice",
  chooses: true,
  numeric: false,
  exclusive: false,
  separated: true,
  calibrated: false,
  shown: {
    classes: ["report.classes", "report.class"],
    worst: "report.worst.answers",
    number: "report.probability",
  },
  wrongMeans: "error",
  devScore: { name: "accuracy", tracked: "dev_accuracy", better: "higher" },
  headLabels: () => undefined,
  classesOf: () => [],
  positives: () => [],
  compared: ({ predictions, test }) => ({
    answers: predictions.map((p) => String(p.predicted)),
    scores: choiceScores(test),
  }),
  wrong: (predictions) => predictions.map(({ predicted, truth }) => Number(predicted !== truth)),
  scored: choiceAccuracy,
  metrics: choiceMetrics,
};
