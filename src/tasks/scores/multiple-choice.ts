// Accuracy of choices among answers that each row brings itself; chance is what rows with as many answers give.
import { choiceName, rowsOfTexts, type TextRow } from "../../data/index.ts";
import { type RowMetric, shareScore } from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import { groupScores, type Metrics, type RowAnswer, type Rows, type Scoring } from "../scoring.ts";
import type { Chosen } from "../task.ts";
import { intervalText } from "./class-table.ts";

const truthOf = ({ chosen }: TextRow): string => choiceName(chosen!);

/** Scores as functions of the names of choices. */
export function choiceScores(test: Rows): Record<string, (answers: readonly RowAnswer[]) => RowMetric> {
  const truths = rowsOfTexts(test).map(truthOf);
  return {
    accuracy: (answers) => (rows) =>
      rows.reduce((sum, row) => sum + Number(answers[row] === truths[row]), 0) / rows.length,
  };
}

/** Share of rows whose right answer was chosen. */
export const choiceAccuracy = (rows: readonly TextRow[], choices: readonly number[]): number =>
  rows.reduce((sum, { chosen }, i) => sum + Number(chosen === choices[i]), 0) / rows.length;

/** Accuracy with its interval, of all rows and by group, and what chance gives on them. */
export function choiceMetrics(scoring: Scoring, { test, choices }: Chosen): Metrics {
  const right = shareScore(test, (i) => Number(choices[i]!.choice === test[i]!.chosen));
  const accuracy = right(Int32Array.from(test.keys()));
  const chance = test.reduce((sum, row) => sum + 1 / row.choices!.length, 0) / test.length;
  const answers = choices.map(({ choice }) => choiceName(choice));
  return {
    record: { accuracy, chance, groups: groupScores(scoring, test, "accuracy", right) },
    predictions: test.map((row, i) => ({
      place: row.place,
      text: row.text,
      ...(row.pair !== undefined && { pair: row.pair }),
      choices: row.choices,
      truth: truthOf(row),
      predicted: answers[i],
      probabilities: Object.fromEntries(choices[i]!.probabilities.map((p, k) => [choiceName(k), p])),
      attributes: row.attributes,
    })),
    summary: { accuracy },
    text: say(scoring.language, "evaluate.choices", {
      accuracy: intervalText(accuracy),
      chance: chance.toFixed(3),
    }),
    comparison: { answers, scores: choiceScores(test) },
  };
}
