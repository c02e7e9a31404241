// A model that forecasts windows of series: its answers are quantiles in the data's own unit. Knows no file; the runtime is given.
import { ConcordError, type HostArray } from "../../base/index.ts";
import { headFactsOf, type Model } from "../../models/index.ts";
import {
  compiledForAnswers,
  forecastOf,
  outputRows,
  type Predictor,
  type PredictorOptions,
} from "../../predict/index.ts";
import type { Executable, Runtime } from "../../runtime/index.ts";
import { within } from "../../series/index.ts";
import { channelsOf, fromScale, type SeriesProcessor, type SeriesWindow, scaleOf, seriesValues } from "./processor.ts";

/**
 * Makes a predictor from a model in memory. Its `logits` are quantiles of the steps to come, [horizon · quantiles], sorted within a step.
 * @throws E_MODEL when the model does not forecast, or was made for other columns
 */
export async function seriesPredictor(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  processor: SeriesProcessor,
  runtime: Runtime,
  options: PredictorOptions = {},
): Promise<Predictor<SeriesWindow>> {
  checkForecasts(model, processor);
  return seriesPredictorOf(await compiledForAnswers(model, weights, runtime, options), model, processor, options);
}

/** The same from an exported model that a runtime has opened. @param executable takes `series_values`; gives `logits` */
export function seriesPredictorOf(
  executable: Executable,
  model: Model,
  processor: SeriesProcessor,
  { batchSize = 32 }: PredictorOptions = {},
): Predictor<SeriesWindow> {
  checkForecasts(model, processor);
  const form = model.series!;
  const size = form.channels * form.steps;
  const run = async (windows: readonly SeriesWindow[], outputs: readonly string[]) => {
    const rows: Float32Array[][] = [];
    for (let start = 0; start < windows.length; start += batchSize) {
      const part = windows.slice(start, start + batchSize);
      const data = new Float32Array(part.length * size);
      for (const [i, window] of part.entries()) data.set(seriesValues(processor, form, window), i * size);
      const series_values = { dtype: "float32" as const, shape: [part.length, form.channels, form.steps], data };
      rows.push(...outputRows(await executable.run({ series_values }), outputs, part.length));
    }
    return rows;
  };
  const inUnit = (window: SeriesWindow, row: Float32Array): Float32Array => {
    const scale = scaleOf(window.history.subarray(Math.max(0, window.history.length - processor.context)));
    const count = form.quantiles.length;
    const out = Float32Array.from(row, (z) => within(fromScale(scale, z), processor.range));
    for (let k = 0; k < form.horizon; k++) out.subarray(k * count, (k + 1) * count).sort(); // quantiles do not cross
    return out;
  };
  const logits: Predictor<SeriesWindow>["logits"] = async (windows) =>
    (await run(windows, ["logits"])).map(([row], i) => inUnit(windows[i]!, row!));
  return {
    model,
    logits,
    features: async (windows) => (await run(windows, ["features"])).map(([row]) => row!),
    readings: async (windows) =>
      (await run(windows, ["logits", "features"])).map(([row, features], i) => ({
        logits: inUnit(windows[i]!, row!),
        features: features!,
      })),
    forecasts: async (windows) => (await logits(windows)).map((row) => forecastOf(form.quantiles, row)),
    answers: async () => {
      throw new ConcordError("E_MODEL", {
        operation: "predict",
        problem: "a model that forecasts gives no single answer to an input",
        expected: "forecasts: quantiles of each step to come",
        got: model.task,
      });
    },
    dispose: () => executable.dispose(),
  };
}

function checkForecasts(model: Model, processor: SeriesProcessor): void {
  const { series, task } = model;
  const fits =
    series?.channels === channelsOf(processor) &&
    series.context === processor.context &&
    series.horizon === processor.horizon;
  if (series && headFactsOf(task).loss === "quantile" && fits) return;
  throw new ConcordError("E_MODEL", {
    operation: "predict",
    problem:
      series && headFactsOf(task).loss === "quantile"
        ? "the model was made for other columns than series_config.json names"
        : `a model for ${task} does not forecast`,
    expected: `${channelsOf(processor)} channels, a history of ${processor.context} and ${processor.horizon} steps to come`,
    got: series
      ? `${series.channels} channels, a history of ${series.context} and ${series.horizon} steps to come`
      : task,
  });
}
