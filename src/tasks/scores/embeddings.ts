// How well vectors of texts find what belongs to them, among all different second texts of the same rows.
import type { TextRow } from "../../data/index.ts";
import {
  namedInterval,
  ndcgAt,
  type OwnDocuments,
  ownDocuments,
  type RowMetric,
  recallAt,
  reciprocalAt,
} from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import { drawnScore, groupScores, type Metrics, type RowAnswer, type Scoring } from "../scoring.ts";
import type { Ranked } from "../task.ts";
import { intervalText } from "./class-table.ts";

/** Documents that are looked at beyond the first: what a reader would scroll through. */
const depth = 10;

/** What the rows of a part are searched in. */
export const documentsOf = (rows: readonly TextRow[]): OwnDocuments =>
  ownDocuments(rows.map(({ text, pair = "" }) => ({ text, document: pair })));

const numbers = (answers: readonly RowAnswer[]): number[] => answers.map(Number);

/** Scores of ranks; the first is the one that verdicts are about. */
export const rankScores = {
  ndcg: (answers) => ndcgAt(numbers(answers), depth),
  recallAt1: (answers) => recallAt(numbers(answers), 1),
  recallAt10: (answers) => recallAt(numbers(answers), depth),
  mrr: (answers) => reciprocalAt(numbers(answers), depth),
} as const satisfies Readonly<Record<string, (answers: readonly RowAnswer[]) => RowMetric>>;

/** @param ranks of each test row's own document */
export function embeddingMetrics(scoring: Scoring, { test, ranks, documents, words }: Ranked): Metrics {
  const scoreOf = (name: string, metric: RowMetric) => namedInterval(scoring, test, name, metric);
  const summary = {
    ndcg: scoreOf("ndcg", rankScores.ndcg(ranks)),
    recallAt1: scoreOf("recallAt1", rankScores.recallAt1(ranks)),
    recallAt10: scoreOf("recallAt10", rankScores.recallAt10(ranks)),
    mrr: scoreOf("mrr", rankScores.mrr(ranks)),
  };
  const alone = words && { share: words.share, vectorsAlone: scoreOf("ndcg", rankScores.ndcg(words.alone)) };
  const text = say(scoring.language, "evaluate.embeddings", {
    documents,
    ndcg: intervalText(summary.ndcg),
    first: intervalText(summary.recallAt1),
    ten: intervalText(summary.recallAt10),
  });
  return {
    record: {
      ...summary,
      documents,
      ...(alone && { words: alone }),
      groups: groupScores(scoring, test, "ndcg", drawnScore(scoring, test, "ndcg", rankScores.ndcg(ranks))),
    },
    predictions: test.map((row, i) => ({
      place: row.place,
      text: row.text,
      truth: row.pair,
      predicted: ranks[i],
      attributes: row.attributes,
    })),
    summary: { ...summary, documents },
    text: alone
      ? `${text}\n${say(scoring.language, "evaluate.words", { share: alone.share, ndcg: intervalText(alone.vectorsAlone) })}`
      : text,
    comparison: { answers: ranks, scores: rankScores, scoreOf },
  };
}
