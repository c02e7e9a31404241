// Which forecasts of the test set a report shows: the latest, one of middling loss, and the one that lost most.
import type { Row } from "../data/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { ShownForecast } from "../report/index.ts";
import { type FutureRow, type Prediction, taskOf } from "../tasks/index.ts";

/** Horizons of history that stand before a forecast. */
const horizonsBefore = 3;

/** @returns undefined for other tasks, and where a recipe quotes no rows */
export async function shownForecasts(
  { task, report }: Recipe,
  predictions: readonly Prediction[],
  testRows: () => Promise<readonly Row[]>,
): Promise<ShownForecast[] | undefined> {
  if (!taskOf(task).forecasts || report.examples === 0 || predictions.length === 0) return undefined;
  const rows = (await testRows()) as readonly FutureRow[];
  const order = [...predictions.keys()].sort((a, b) => predictions[a]!.loss! - predictions[b]!.loss!);
  const latest = [...rows.keys()].reduce((a, b) => (rows[b]!.next > rows[a]!.next ? b : a));
  const chosen = [
    ["latest", latest],
    ["middle", order[Math.floor(order.length / 2)]!],
    ["worst", order.at(-1)!],
  ] as const;
  return chosen.map(([why, row]) => shown(why, rows[row]!, predictions[row]!));
}

function shown(
  why: ShownForecast["why"],
  row: FutureRow,
  { quantiles = [], levels = [], loss = 0 }: Prediction,
): ShownForecast {
  const { series, next, history, target } = row;
  const before = history.slice(-horizonsBefore * target.length);
  const middle = levels.indexOf(0.5);
  return {
    why,
    series,
    next,
    loss,
    points: [
      ...before.map((known, i) => ({ step: i + 1 - before.length, known: known ?? undefined })),
      ...quantiles.map((step, k) => ({
        step: k + 1,
        truth: target[k] ?? undefined,
        middle: step[middle],
        low: step[0],
        high: step.at(-1),
      })),
    ],
  };
}
