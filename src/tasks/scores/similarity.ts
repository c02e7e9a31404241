// How well cosines of pairs of texts agree with the numbers that people gave them: rank and linear correlation, as STS is judged.
import { namedInterval, pearson, type RowMetric, spearman } from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import { drawnScore, groupScores, type Metrics, type RowAnswer, type Rows, type Scoring } from "../scoring.ts";
import { intervalText } from "./class-table.ts";

const valuesOf = (rows: Rows): number[] => rows.map(({ value }) => value!);

/** Scores as functions of cosines; Spearman's ρ is the one that verdicts are about. */
export function pairScores(test: Rows): Record<"spearman" | "pearson", (answers: readonly RowAnswer[]) => RowMetric> {
  const truth = valuesOf(test);
  const of =
    (score: typeof spearman) =>
    (answers: readonly RowAnswer[]): RowMetric =>
    (rows) =>
      score(
        Array.from(rows, (i) => Number(answers[i])),
        Array.from(rows, (i) => truth[i]!),
      );
  return { spearman: of(spearman), pearson: of(pearson) };
}

/** Spearman's ρ of cosines and the numbers of rows. */
export const pairsAgree = (rows: Rows, cosines: readonly number[]): number => spearman(cosines, valuesOf(rows));

/** @param cosines of each test row's two texts */
export function pairMetrics(scoring: Scoring, test: Rows, cosines: readonly number[]): Metrics {
  const scores = pairScores(test);
  const scoreOf = (name: string, metric: RowMetric) => namedInterval(scoring, test, name, metric);
  const summary = {
    spearman: scoreOf("spearman", scores.spearman(cosines)),
    pearson: scoreOf("pearson", scores.pearson(cosines)),
  };
  const groups = groupScores(
    scoring,
    test,
    "spearman",
    drawnScore(scoring, test, "spearman", scores.spearman(cosines)),
  );
  return {
    record: { ...summary, groups },
    predictions: test.map(({ place, value, attributes }, i) => ({
      place,
      truth: value,
      predicted: cosines[i],
      attributes,
    })),
    summary,
    text: say(scoring.language, "evaluate.likeness", {
      spearman: intervalText(summary.spearman),
      pearson: intervalText(summary.pearson),
    }),
    comparison: { answers: cosines, scores, scoreOf },
  };
}
