// How often a model prefers what people preferred, and how far; and the rewards that its answers earn. Beside what the texts cost it.
import { namedInterval, type RowMetric } from "../../eval/index.ts";
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
import { intervalText } from "./class-table.ts";

/** Test rows and a number for each: the margin of the preferred answer, or the reward of the model's own. */
export interface JudgedRows {
  readonly test: Rows;
  readonly values: readonly number[];
  /** `preferenceAccuracy`: values are margins, above 0 where the model agrees; `reward`: values are rewards. */
  readonly score: "preferenceAccuracy" | "reward";
}

/** Agreement by a margin: 1 above 0, one half at 0. */
const agreement = (margin: number): number => (margin > 0 ? 1 : margin === 0 ? 0.5 : 0);

/** Share of rows whose preferred answer has the larger value; ties count half. */
export const preferenceAccuracy = (margins: readonly number[]): number =>
  margins.reduce((sum, margin) => sum + agreement(margin), 0) / margins.length;

/** The score of all values: {@link preferenceAccuracy} of margins, the mean of rewards. */
export const judgedScore = (score: JudgedRows["score"], values: readonly number[]): number =>
  score === "reward" ? values.reduce((sum, value) => sum + value, 0) / values.length : preferenceAccuracy(values);

const meanOf =
  (of: (value: number) => number) =>
  (answers: readonly RowAnswer[]): RowMetric =>
  (rows) =>
    rows.reduce((sum, row) => sum + of(Number(answers[row])), 0) / rows.length;

/** Share of rows whose margin agrees with people. */
export const agreementRate = meanOf(agreement);
const meanReward = meanOf((value) => value);

/** What runs are compared by, from the margin or the reward of each row. */
export const judgedScores: Readonly<Record<"margin" | "reward", Comparison["scores"]>> = {
  margin: { preferenceAccuracy: agreementRate },
  reward: { reward: meanReward },
};

/** Scores with intervals over rows; the first is the one that verdicts are about. */
export function judgedMetrics(scoring: Scoring, { test, values, score }: JudgedRows): Metrics {
  const isReward = score === "reward";
  const first = isReward ? meanReward : agreementRate;
  const scores = { [score]: first, ...(!isReward && { preferenceMargin: meanOf((value) => value) }) };
  const scoreOf = (name: string, metric: RowMetric) => namedInterval(scoring, test, name, metric);
  const summary = Object.fromEntries(Object.entries(scores).map(([name, of]) => [name, scoreOf(name, of(values))]));
  const text = intervalText(summary[score]!);
  return {
    record: { ...summary, groups: groupScores(scoring, test, score, drawnScore(scoring, test, score, first(values))) },
    predictions: test.map(({ place, attributes }, i) => ({ place, predicted: values[i], attributes })),
    summary,
    text: isReward
      ? say(scoring.language, "evaluate.reward", { reward: text })
      : say(scoring.language, "evaluate.preferences", {
          accuracy: text,
          margin: intervalText(summary.preferenceMargin!),
        }),
    comparison: { answers: values, scores, scoreOf },
  };
}
