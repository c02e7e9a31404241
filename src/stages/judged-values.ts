// By what a model that learns from preferences or rewards is judged: by margins between answers, or by what its own answers earn.
import type { Row } from "../data/index.ts";
import { needsOf, type Recipe } from "../recipe/index.ts";
import type { JudgedRows } from "../tasks/index.ts";
import { openStartWriter, preferenceMargins } from "./preferences.ts";
import { earnedRewards } from "./rewarded.ts";
import type { Writer } from "./written-texts.ts";

/** A number for each row, and what it is. Undefined where a model learns from neither preferences nor rewards. */
export async function judgedValues(
  recipe: Recipe,
  home: string,
  writer: Writer,
  rows: readonly Row[],
): Promise<Pick<JudgedRows, "values" | "score"> | undefined> {
  const { pairs, verdicts, rollouts, reference } = needsOf(recipe);
  if (rollouts) return { values: await earnedRewards(recipe, home, writer, rows), score: "reward" };
  if (!pairs && !verdicts) return undefined;
  const start = reference ? await openStartWriter(recipe, home) : undefined;
  return { values: await preferenceMargins(recipe, writer, rows, start), score: "preferenceAccuracy" };
}
