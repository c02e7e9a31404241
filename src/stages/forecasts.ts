// Series: examples of a training job, what simple methods forecast of the same windows, and a model's forecasts of test windows.
import type { Baseline } from "../artifacts/index.ts";
import type { Row } from "../data/index.ts";
import { fromScale, type Processor, scaleOf, toScale } from "../modalities/index.ts";
import { targetsOf } from "../modalities/node/index.ts";
import type { Model } from "../models/index.ts";
import type { Recipe } from "../recipe/index.ts";
import {
  type DieboldMariano,
  dieboldMariano,
  fitLinearForecast,
  type LearnedWindow,
  simpleForecast,
  simpleMethods,
  type ValueRange,
  within,
} from "../series/index.ts";
import { type ForecastTask, type FutureRow, forecastSumsOf } from "../tasks/index.ts";
import type { Example } from "../train/index.ts";
import type { PartExamples } from "./part-examples.ts";

const futureRows = (rows: readonly Row[]): readonly FutureRow[] => rows as readonly FutureRow[];
const historyOf = ({ history }: FutureRow): Float64Array => Float64Array.from(history, (v) => v ?? Number.NaN);

/** One example a window; its targets are on the scale of its history. */
export async function forecastExamples(
  task: ForecastTask,
  processor: Processor,
  { adapt: { quantiles: levels }, data }: Recipe,
  rows: readonly Row[],
): Promise<PartExamples> {
  const range: ValueRange = data.series ?? {};
  const inputs = await processor.examples(rows);
  const scales = futureRows(rows).map((row) => scaleOf(historyOf(row)));
  const examples = rows.map((row, i): Example => {
    const label = Float32Array.from(targetsOf(row as FutureRow), (y) => toScale(scales[i]!, y));
    return { ...inputs[i]!, label };
  });
  const of: PartExamples["score"]["of"] = (logits) =>
    task.scored(
      rows,
      levels,
      logits.map(({ data: row }, i) => Float64Array.from(row, (z) => within(fromScale(scales[i]!, z), range))),
    );
  return { examples, score: { ...task.devScore, of } };
}

/** What simple methods forecast of the test windows. */
export function forecastBaselines(
  { adapt: { quantiles: levels }, data }: Recipe,
  { train, dev, test }: Readonly<Record<"train" | "dev" | "test", readonly Row[]>>,
): Baseline[] {
  const range: ValueRange = data.series ?? {};
  const rows = futureRows(test);
  const simple = simpleMethods.map((name): Baseline => {
    const answers = rows.map((row) => {
      const history = { values: historyOf(row), season: row.season, horizon: row.target.length, levels };
      return Array.from(simpleForecast(name, history), (q) => within(q, range));
    });
    return { name, rows: 0, answers };
  });
  const windows = (part: readonly Row[]) =>
    futureRows(part).map((row): LearnedWindow => ({ history: historyOf(row), target: targetsOf(row) }));
  const fitted = fitLinearForecast(windows(train), windows(dev), levels);
  const answers = rows.map((row) => Array.from(fitted.quantiles(historyOf(row)), (q) => within(q, range)));
  return [...simple, { name: "lags", rows: train.length, strength: fitted.penalty, answers }];
}

/** The test of Diebold and Mariano against a baseline, as metrics.json has it. */
export interface TimeTest extends DieboldMariano {
  readonly against: Baseline["name"];
}

/**
 * Whether a model and a baseline lose differently, origin by origin: losses of all series at one moment together, over the mean size of the values.
 * Positive differences are the baseline's greater loss. Autocovariances up to the cube root of the origins count.
 * @returns undefined for fewer than 4 origins, or where all differences are alike
 */
export function testInTime(
  rows: readonly Row[],
  levels: readonly number[],
  forecasts: readonly unknown[],
  { name: against, answers }: Pick<Baseline, "name" | "answers">,
): TimeTest | undefined {
  const sumsOf = (all: readonly unknown[]) => forecastSumsOf(rows, levels, all as readonly (readonly number[])[]);
  const [own, other] = [sumsOf(forecasts), sumsOf(answers)];
  const origins = new Map<string, { difference: number; size: number }>();
  for (const [i, { next }] of futureRows(rows).entries()) {
    const { difference, size } = origins.get(next) ?? { difference: 0, size: 0 };
    origins.set(next, { difference: difference + other[i]!.loss - own[i]!.loss, size: size + own[i]!.size });
  }
  const inOrder = [...origins].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const size = inOrder.reduce((sum, one) => sum + one.size, 0) / inOrder.length;
  const lags = Math.floor(Math.cbrt(inOrder.length));
  const found = dieboldMariano(
    inOrder.map(({ difference }) => difference / size),
    lags,
  );
  return found && { against, ...found };
}

/** Levels of a model's quantiles. */
export const levelsOf = ({ series }: Model): readonly number[] => series?.quantiles ?? [0.5];
