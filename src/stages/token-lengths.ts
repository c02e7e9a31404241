// How long texts are for a model, and how much of them its limit cuts off.
import type { TextRow } from "../data/index.ts";
import { type Language, say } from "../messages/index.ts";
import { choicePairs } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { taskOf } from "../tasks/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { choiceInput } from "./chosen-texts.ts";
import { textsToRead } from "./examples.ts";

/** Tokens of each row with the special ones, before anything is cut off. */
export interface TokenLengths {
  readonly limit: number;
  readonly median: number;
  /** 95 of 100 rows are no longer. */
  readonly percentile95: number;
  readonly longest: number;
  /** Rows longer than the limit. */
  readonly longRows: number;
  /** Share of all tokens beyond the limit, 0 … 1. */
  readonly beyond: number;
}

/** Lengths of rows as the recipe's task reads them. @param rows at least one */
export async function tokenLengths(
  recipe: Recipe,
  tokenizer: Tokenizer,
  rows: readonly TextRow[],
): Promise<TokenLengths> {
  const lengths: number[] = [];
  const texts = textsToRead(recipe, rows);
  const { embeds, quotes, chooses } = taskOf(recipe.task);
  for (let start = 0; start < rows.length; start += 1000) {
    const batch = texts.slice(start, start + 1000);
    const pairs = batch.flatMap((text, i): (readonly [string, string])[] => {
      const row = rows[start + i]!;
      if (chooses) return [longestOf(choicePairs(choiceInput(row)))];
      return row.pair === undefined || embeds || quotes ? [] : [[text, row.pair]];
    });
    if (pairs.length) lengths.push(...(await tokenizer.encodeBatch(pairs)).map((e) => e.ids.length));
    else lengths.push(...(await tokenizer.encodeIds(batch)).map((ids) => ids.length));
  }
  lengths.sort((a, b) => a - b);
  const at = (share: number) => lengths[Math.ceil(share * lengths.length) - 1]!;
  const limit = recipe.model.maxLength;
  const long = lengths.filter((length) => length > limit);
  return {
    limit,
    median: at(0.5),
    percentile95: at(0.95),
    longest: lengths.at(-1)!,
    longRows: long.length,
    beyond: long.reduce((sum, n) => sum + n - limit, 0) / lengths.reduce((a, b) => a + b, 0),
  };
}

/** The pair with the longest second text. */
const longestOf = (pairs: readonly (readonly [string, string])[]): readonly [string, string] =>
  pairs.reduce((a, b) => (b[1].length > a[1].length ? b : a));

/** A warning where more than one row in a hundred is cut; entities, and what a model learns to write, are read in several windows instead. */
export function cutWarning(
  { task }: Recipe,
  lengths: TokenLengths,
  rows: number,
  language: Language,
): string | undefined {
  const { words, writes } = taskOf(task);
  if (words || writes || lengths.longRows <= rows / 100) return undefined;
  const { limit, longRows, beyond, percentile95 } = lengths;
  const percent = (100 * beyond).toFixed(1);
  return say(language, "run.cut", { rows: longRows, all: rows, limit, percent, percentile95 });
}
