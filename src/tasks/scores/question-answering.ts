// Scores of answers that stand in texts: exact match and F1 against the best of a row's true answers.
import { rowsOfTexts, type TextRow } from "../../data/index.ts";
import { answerScore, isChinese, namedInterval, type RowMetric } from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import { drawnScore, groupScores, type Metrics, type RowAnswer, type Rows, type Scoring } from "../scoring.ts";
import type { Prediction, Quoted } from "../task.ts";
import { intervalText } from "./class-table.ts";

/** The texts of a row's true answers. */
const truthsOf = ({ answers = [] }: TextRow): string[] => [...new Set(answers.map(({ text }) => text))];

/** The mean of a number of each row. */
const meanOf =
  (values: readonly number[]): RowMetric =>
  (rows) =>
    rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length;

/** Scores as functions of answers; F1 is the one that verdicts are about. */
export function quoteScores(test: Rows): Record<string, (answers: readonly RowAnswer[]) => RowMetric> {
  const truths = rowsOfTexts(test).map(truthsOf);
  const of = (name: "exact" | "f1") => (answers: readonly RowAnswer[]) =>
    meanOf(answers.map((answer, i) => answerScore(String(answer), truths[i]!)[name]));
  return { answerF1: of("f1"), exactMatch: of("exact") };
}

/** Mean F1 of answers. */
export const answersF1 = (rows: readonly TextRow[], answers: readonly string[]): number =>
  answers.reduce((sum, answer, i) => sum + answerScore(answer, truthsOf(rows[i]!)).f1, 0) / answers.length;

/** 1 for each answer that is not exactly a true one. */
export const wrongQuotes = (predictions: readonly Prediction[]): number[] =>
  predictions.map(({ predicted, truth }) => 1 - answerScore(String(predicted), truth as readonly string[]).exact);

/** Scores with intervals over rows; where some questions have no answer, also of those with and those without. */
export function quoteMetrics(scoring: Scoring, { test, quotes }: Quoted): Metrics {
  const answers = quotes.map(({ text }) => text);
  const scores = quoteScores(test);
  const [exact, f1] = [scores.exactMatch!(answers), scores.answerF1!(answers)];
  const scoreOf = (name: string, metric: RowMetric) => namedInterval(scoring, test, name, metric);
  const summary = { answerF1: scoreOf("answerF1", f1), exactMatch: scoreOf("exactMatch", exact) };
  const all = [...test.keys()];
  const without = all.filter((i) => truthsOf(test[i]!).length === 0);
  const part = (rows: readonly number[]) =>
    rows.length === 0
      ? { rows: 0 }
      : { rows: rows.length, answerF1: f1(Int32Array.from(rows)), exactMatch: exact(Int32Array.from(rows)) };
  return {
    record: {
      ...summary,
      answered: part(all.filter((i) => !without.includes(i))),
      unanswerable: part(without),
      byCharacters: test.filter((row) => isChinese(truthsOf(row))).length,
      groups: groupScores(scoring, test, "answerF1", drawnScore(scoring, test, "answerF1", f1)),
    },
    predictions: test.map((row, i) => ({
      place: row.place,
      text: row.text,
      truth: truthsOf(row),
      predicted: answers[i],
      start: quotes[i]!.start,
      end: quotes[i]!.end,
      attributes: row.attributes,
    })),
    summary,
    text: say(scoring.language, "evaluate.answers", {
      f1: intervalText(summary.answerF1),
      exact: intervalText(summary.exactMatch),
    }),
    comparison: { answers, scores, scoreOf },
  };
}
