// Quality of ranked lists: precision, recall, hit rate, average precision and nDCG at k, reciprocal rank. Items are ordered
// by falling score, equal scores by lower index; an item is relevant where its relevance is above 0.
import { ConcordError } from "../base/index.ts";
import { checkColumns, checkFinite } from "./labels.ts";
import { mean } from "./sums.ts";

/** One list: a score and a relevance (0 or more) for each item. */
export interface RankedQuery {
  readonly scores: ArrayLike<number>;
  readonly relevance: ArrayLike<number>;
}

/** Measures of the first k items. */
export interface RankingAt {
  /** Relevant items among the first k / k. */
  readonly precision: number;
  /** Relevant items among the first k / all relevant ones. */
  readonly recall: number;
  /** 1 if any of the first k is relevant. */
  readonly hit: number;
  /** Σ precision at the rank of each relevant item among the first k / min(relevant, k). */
  readonly averagePrecision: number;
  /** Gain 2^relevance − 1, discount 1/log₂(rank + 1), divided by that of the ideal order. */
  readonly ndcg: number;
  /** The same with gain = relevance (scikit-learn's ndcg_score without ties). */
  readonly ndcgLinear: number;
}

/** Order of the items: falling score, then rising index. */
export const rankingOrder = (scores: ArrayLike<number>): number[] =>
  Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);

/**
 * Measures of one list at k; undefined where no item is relevant.
 * @throws E_ARGUMENT for k < 1, E_SHAPE, E_DATA for columns that do not fit
 * @example rankingAt({ scores: [0.9, 0.1], relevance: [0, 1] }, 1)?.recall // 0
 */
export function rankingAt(query: RankedQuery, k: number): RankingAt | undefined {
  if (!(Number.isInteger(k) && k > 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "rankingAt",
      problem: "k is not a whole number > 0",
      got: String(k),
    });
  const ranked = rankedRelevance(query);
  const relevant = ranked.filter((r) => r > 0).length;
  if (relevant === 0) return undefined;
  let found = 0;
  let precisions = 0;
  for (const [i, r] of ranked.slice(0, k).entries())
    if (r > 0) {
      found++;
      precisions += found / (i + 1);
    }
  const ideal = ranked.toSorted((a, b) => b - a);
  const ndcg = (gain: (r: number) => number) => discounted(ranked, k, gain) / discounted(ideal, k, gain);
  return {
    precision: found / k,
    recall: found / relevant,
    hit: found > 0 ? 1 : 0,
    averagePrecision: precisions / Math.min(relevant, k),
    ndcg: ndcg((r) => 2 ** r - 1),
    ndcgLinear: ndcg((r) => r),
  };
}

/** 1 / rank of the first relevant item; undefined where there is none. */
export function reciprocalRank(query: RankedQuery): number | undefined {
  const first = rankedRelevance(query).findIndex((r) => r > 0);
  return first < 0 ? undefined : 1 / (first + 1);
}

/**
 * Means over the lists that have a relevant item: every measure at k, and the mean reciprocal rank.
 * @throws E_DATA when no list has a relevant item; else as {@link rankingAt}
 */
export function meanRanking(
  queries: readonly RankedQuery[],
  k: number,
): RankingAt & { readonly reciprocalRank: number } {
  const usable = queries.filter(({ relevance }) => Array.from(relevance).some((r) => r > 0));
  if (usable.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "meanRanking",
      problem: "no list has a relevant item",
      got: `${queries.length} lists`,
    });
  const all = usable.map((query) => ({ ...rankingAt(query, k)!, reciprocalRank: reciprocalRank(query)! }));
  const average = (name: keyof (typeof all)[0]) => mean(all.map((each) => each[name]));
  return {
    precision: average("precision"),
    recall: average("recall"),
    hit: average("hit"),
    averagePrecision: average("averagePrecision"),
    ndcg: average("ndcg"),
    ndcgLinear: average("ndcgLinear"),
    reciprocalRank: average("reciprocalRank"),
  };
}

function rankedRelevance({ scores, relevance }: RankedQuery): number[] {
  checkColumns("ranking", { scores, relevance });
  checkFinite("ranking", "scores", scores);
  checkFinite("ranking", "relevance", relevance);
  return rankingOrder(scores).map((i) => relevance[i]!);
}

const discounted = (ranked: readonly number[], k: number, gain: (r: number) => number) =>
  ranked.slice(0, k).reduce((sum, r, i) => sum + gain(r) / Math.log2(i + 2), 0);
