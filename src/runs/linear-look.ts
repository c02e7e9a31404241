// What a linear model reaches on a table before anything is trained: whoever needs no transformer should hear it from init.
import { random, shuffle } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import { averageScores, r2 } from "../eval/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { fitBaselines, readableRows } from "../stages/index.ts";

/** Scores on rows that were held out. */
export interface LinearLook {
  readonly score: "macroF1" | "r2";
  /** Of TF-IDF on characters and a linear model. */
  readonly linear: number;
  /** Of the most frequent answer, or the mean. */
  readonly majority: number;
  readonly fitted: number;
  readonly heldOut: number;
}

/** Most rows of a look: seconds, not minutes. */
const mostRows = 2000;

/** From this score on there is little left to win. */
export const sufficientScore = 0.95;

/**
 * Fits on four fifths of a seeded sample of the rows and scores the rest; rows of one group stay together.
 * @returns undefined for entities, and for fewer than 50 rows
 * @throws as reading does
 */
export async function linearLook(recipe: Recipe, home: string): Promise<LinearLook | undefined> {
  if (recipe.task === "entities") return undefined;
  const rows = shuffle([...(await readableRows(recipe, home))], random("linear look")).slice(0, mostRows);
  if (rows.length < 50) return undefined;
  const held = new Set(shuffle([...new Set(rows.map(unitOf))], random("held out")).filter((_, i) => i % 5 === 0));
  const fitted = rows.filter((r, i) => !held.has(unitOf(r, i)));
  const rest = rows.filter((r, i) => held.has(unitOf(r, i)));
  const labels = [...new Set(fitted.flatMap((r) => r.labels))].sort();
  if (!rest.length || (recipe.task !== "regression" && labels.length < 2)) return undefined;
  const baselines = await fitBaselines(recipe, home, labels, { train: fitted, dev: [], test: rest });
  const [majority, linear] = baselines.map((b) => scoreOf(recipe, labels, rest, b.answers));
  const score = recipe.task === "regression" ? "r2" : "macroF1";
  return { score, linear: linear!, majority: majority!, fitted: fitted.length, heldOut: rest.length };
}

/** A row without a group is a unit of its own. */
const unitOf = (row: Row, i: number): string => (row.group === undefined ? `row ${i}` : `group ${row.group}`);

function scoreOf(
  { task }: Recipe,
  labels: readonly string[],
  rows: readonly Row[],
  answers: readonly unknown[],
): number {
  if (task === "regression")
    return r2(
      rows.map((r) => r.value!),
      answers as number[],
    );
  if (task === "single-label")
    return averageScores(
      rows.map((r) => r.labels[0]!),
      answers as string[],
      "macro",
    ).fScore;
  const hot = (given: readonly string[]) => labels.map((l) => Number(given.includes(l)));
  return averageScores(
    rows.map((r) => hot(r.labels)),
    (answers as string[][]).map(hot),
    "macro",
  ).fScore;
}
