// What every task's scoring gives, and intervals that redraw whole groups.
import { random } from "../../../base/index.ts";
import type { TextRow } from "../../../data/index.ts";
import { bootstrap } from "../../../eval/index.ts";
import type { Recipe } from "../../recipe.ts";

export type Rows = readonly TextRow[];
export type Logits = readonly Float32Array[];

/** Scores of one evaluation: `record` goes to metrics.json, `predictions` to predictions.jsonl, `text` to the terminal. */
export interface Metrics {
  readonly record: Record<string, unknown>;
  readonly predictions: readonly Record<string, unknown>[];
  readonly summary: Record<string, unknown>;
  readonly text?: string;
}

/** Interval of a metric over test rows; all rows of one group are redrawn together. */
export function intervalOf(recipe: Recipe, rows: Rows, metric: (rows: Int32Array) => number) {
  const clusters = rows.some((r) => r.group !== undefined) ? rows.map((r, i) => r.group ?? `row ${i}`) : undefined;
  const { estimate, low, high } = bootstrap(metric, rows.length, {
    random: random(`evaluate ${recipe.seed}`),
    resamples: recipe.evaluate.resamples,
    method: "percentile",
    clusters,
  });
  return { value: estimate, low, high };
}
