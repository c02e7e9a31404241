// Answers that stand in a text: a model finds where, or that there is none. Judged as SQuAD is.
import { answersF1, quoteMetrics, quoteScores, wrongQuotes } from "./scores/question-answering.ts";
import type { QuoteTask } from "./task.ts";

export const questionAnswering: QuoteTask<"question-answering"> = {
  name: "question-answering",
  head: "question-answering",
  reads: "answers",
  quotes: true,
  numeric: false,
  exclusive: false,
  separated: true,
  calibrated: false,
  shown: {
    classes: ["report.classes", "report.class"],
    worst: "report.worst.answers",
    number: "report.answerF1",
  },
  wrongMeans: "error",
  devScore: { name: "answerF1", tracked: "dev_f1", better: "higher" },
  headLabels: () => undefined,
  classesOf: () => [],
  positives: () => [],
  compared: ({ predictions, test }) => ({
    answers: predictions.map((p) => String(p.predicted)),
    scores: quoteScores(test),
  }),
  judged: ({ predictions }) => ({
    kind: "answers",
    truth: predictions.map(({ truth }) => truth as readonly string[]),
    predicted: predictions.map(({ predicted }) => String(predicted)),
  }),
  wrong: wrongQuotes,
  scored: answersF1,
  metrics: quoteMetrics,
};
