// Scores of classes in an order: how many ranks answers are off, weighted kappa, the share within one rank; beside those of single labels.
import { cohenKappa, meanAbsoluteError, namedInterval, onRows, type Score, shareScore } from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import {
  type Comparison,
  drawnScore,
  groupScores,
  type Metrics,
  type RowAnswer,
  type Rows,
  type Scoring,
} from "../scoring.ts";
import type { Answered } from "../task.ts";
import { intervalText } from "./class-table.ts";
import { singleLabelMetrics, singleLabelScores } from "./single-label.ts";

/** True classes of rows. */
export const truthOf = (rows: Rows): string[] => rows.map((row) => row.labels[0]!);

/** Ranks of classes, from 0. @param labels from the lowest to the highest */
export const ranksOf = (labels: readonly string[], given: readonly string[]): number[] => {
  const at = new Map(labels.map((label, rank) => [label, rank]));
  return given.map((label) => at.get(label)!);
};

type Ranks = readonly number[];

/** Cohen 1968, with squared distances of ranks; no number where both columns are one class. */
const quadraticKappa = (truth: Ranks, predicted: Ranks): number =>
  cohenKappa(truth, predicted, {
    weights: "quadratic",
    labels: [...new Array(1 + Math.max(...truth, ...predicted)).keys()],
  });

const isNear = (truth: number, predicted: number): number => Number(Math.abs(truth - predicted) <= 1);
const shareNear = (truth: Ranks, predicted: Ranks): number =>
  truth.reduce((sum, rank, i) => sum + isNear(rank, predicted[i]!), 0) / truth.length;

/** Scores of answers to rows, whoever gave them: the mean absolute error of ranks is what verdicts are about. */
export function ordinalScores(labels: readonly string[], rows: Rows): Comparison["scores"] {
  const truth = ranksOf(labels, truthOf(rows));
  const score = (of: (truth: Ranks, predicted: Ranks) => number) => (answers: readonly RowAnswer[]) =>
    onRows(of, truth, ranksOf(labels, answers.map(String)));
  return {
    rankMae: score(meanAbsoluteError),
    quadraticKappa: score(quadraticKappa),
    withinOne: score(shareNear),
    ...singleLabelScores(rows),
  };
}

/** Those of ranks, and of single labels after them. */
export function ordinalMetrics(scoring: Scoring, labels: readonly string[], answered: Answered): Metrics {
  const { test } = answered;
  const plain = singleLabelMetrics(scoring, labels, answered);
  const { answers } = plain.comparison!;
  const scores = ordinalScores(labels, test);
  const [truth, predicted] = [ranksOf(labels, truthOf(test)), ranksOf(labels, answers.map(String))];
  const every = Int32Array.from(test.keys());
  const drawn = (name: string, most = Infinity): Score | null => {
    const metric = scores[name]!(answers);
    if (test.length < 2 || !Number.isFinite(metric(every))) return null;
    const { value, low, high } = namedInterval(scoring, test, name, metric);
    return { value, low, high: Math.min(most, high) };
  };
  const ranks = {
    rankMae: drawn("rankMae", labels.length - 1),
    quadraticKappa: drawn("quadraticKappa"),
    withinOne: shareScore(test, (i) => isNear(truth[i]!, predicted[i]!))(every),
  };
  const shown = (score: Score | null) => (score ? intervalText(score) : "–");
  return {
    ...plain,
    record: {
      ...ranks,
      ...plain.record,
      groups: groupScores(scoring, test, "rankMae", drawnScore(scoring, test, "rankMae", scores.rankMae!(answers))),
    },
    summary: { ...ranks, ...plain.summary },
    comparison: { answers, scores, isError: true },
    text: `${plain.text}\n${say(scoring.language, "evaluate.ordinal", {
      error: shown(ranks.rankMae),
      kappa: shown(ranks.quadraticKappa),
      within: shown(ranks.withinOne),
    })}`,
  };
}
