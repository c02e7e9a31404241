// How well texts find the one that belongs to them among all others: from the rank of each row's own document. Pure.
import type { RowMetric } from "./intervals.ts";

/** Which document belongs to each row, and which others belong to the same text and are passed over. */
export interface OwnDocuments {
  /** Different documents, in the order of their first row. */
  readonly documents: readonly string[];
  /** Number of each row's document. */
  readonly own: Int32Array;
  /** Documents of other rows with the same text, by row. */
  readonly others: readonly ReadonlySet<number>[];
}

/** @param rows a text and the document that belongs to it */
export function ownDocuments(rows: readonly { readonly text: string; readonly document: string }[]): OwnDocuments {
  const numbers = new Map<string, number>();
  for (const { document } of rows) if (!numbers.has(document)) numbers.set(document, numbers.size);
  const own = Int32Array.from(rows, ({ document }) => numbers.get(document)!);
  const byText = new Map<string, Set<number>>();
  for (const [i, { text }] of rows.entries()) byText.set(text, (byText.get(text) ?? new Set()).add(own[i]!));
  return {
    documents: [...numbers.keys()],
    own,
    others: rows.map(({ text }, i) => new Set([...byText.get(text)!].filter((d) => d !== own[i]))),
  };
}

/**
 * The rank of each row's own document, from 1; documents that are as near count half.
 * @param scoresOf of all documents, for the text of a row; higher is nearer
 */
export function ranksOf(
  { documents, own, others }: OwnDocuments,
  scoresOf: (row: number) => ArrayLike<number>,
): number[] {
  return Array.from(own, (document, row) => {
    const scores = scoresOf(row);
    let [above, level] = [0, 0];
    for (let d = 0; d < documents.length; d++) {
      if (d === document || others[row]!.has(d)) continue;
      if (scores[d]! > scores[document]!) above++;
      else if (scores[d] === scores[document]) level++;
    }
    return 1 + above + level / 2;
  });
}

const meanOver = (rows: Int32Array, of: (row: number) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0) / rows.length;

/** Share of rows whose document is among the first k. @param ranks of each row */
export const recallAt =
  (ranks: readonly number[], k: number): RowMetric =>
  (rows) =>
    meanOver(rows, (i) => Number(ranks[i]! <= k));

/** Mean of 1 / rank, 0 beyond k (MRR@k). */
export const reciprocalAt =
  (ranks: readonly number[], k: number): RowMetric =>
  (rows) =>
    meanOver(rows, (i) => (ranks[i]! <= k ? 1 / ranks[i]! : 0));

/** nDCG@k where one document of each row is relevant: the mean of 1 / log2(rank + 1), 0 beyond k. */
export const ndcgAt =
  (ranks: readonly number[], k: number): RowMetric =>
  (rows) =>
    meanOver(rows, (i) => (ranks[i]! <= k ? 1 / Math.log2(ranks[i]! + 1) : 0));
