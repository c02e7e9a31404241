// What a linear model reaches on a table before anything is trained: whoever needs no transformer should hear it from init.
import { random, shuffle } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { fitBaselines, readableRows } from "../stages/index.ts";
import { isWhole, type RowTask, taskOf } from "../tasks/index.ts";

/** Scores on rows that were held out. */
export interface LinearLook {
  readonly score: RowTask["firstLook"]["name"];
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
  const task = taskOf(recipe.task);
  if (!isWhole(task)) return undefined;
  const rows = shuffle([...(await readableRows(recipe, home))], random("linear look")).slice(0, mostRows);
  if (rows.length < 50) return undefined;
  const validation = new Set(shuffle([...new Set(rows.map(unitOf))], random("held out")).filter((_, i) => i % 5 === 0));
  const fitted = rows.filter((r, i) => !validation.has(unitOf(r, i)));
  const rest = rows.filter((r, i) => validation.has(unitOf(r, i)));
  const labels = [...new Set(fitted.flatMap((r) => r.labels))].sort();
  if (!rest.length || (!task.numeric && labels.length < 2)) return undefined;
  const baselines = await fitBaselines(recipe, home, labels, { train: fitted, dev: [], test: rest });
  const [majority, linear] = baselines.map((b) => task.firstLook.of(labels, rest, b.answers));
  const score = task.firstLook.name;
  return { score, linear: linear!, majority: majority!, fitted: fitted.length, heldOut: rest.length };
}

/** A row without a group is a unit of its own. */
const unitOf = (row: Row, i: number): string => (row.group === undefined ? `row ${i}` : `group ${row.group}`);
