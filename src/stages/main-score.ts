// The score that verdicts are about, of a model on rows that it did not learn from: what candidates and trials are compared by.
import type { Row } from "../data/index.ts";
import type { RowMetric } from "../eval/index.ts";
import type { Language } from "../messages/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { type Measured, measure } from "./evaluate.ts";

/** The task's first score of a model: its name, and its value on some of the rows, by their numbers. */
export interface MainScore {
  readonly name: string;
  readonly of: RowMetric;
}

/** Without intervals and groups, which nobody asks for here. @param rows at least two; @throws as answering them */
export async function mainScore(
  recipe: Recipe,
  measured: Measured,
  rows: readonly Row[],
  language: Language,
): Promise<MainScore> {
  const light = { ...recipe, data: { ...recipe.data, attributes: [] }, evaluate: { ...recipe.evaluate, resamples: 2 } };
  const { comparison } = await measure(light, measured, rows, rows, language);
  const { answers, scores } = comparison!;
  const [[name, of]] = Object.entries(scores) as [[string, (typeof scores)[string]]];
  return { name, of: of(answers) };
}
