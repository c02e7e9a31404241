// Opens the model of a run, or a model folder, that forecasts; and forecasts the ends of a table's series.
import type { SeriesWindow } from "../modalities/index.ts";
import { seriesPredictor } from "../modalities/index.ts";
import { latestWindows, openSeriesProcessor } from "../modalities/node/index.ts";
import { headFactsOf } from "../models/index.ts";
import type { Forecast, Predictor } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime, gpuRuntime } from "../runtime/node/ort.ts";
import type { ReadRowsOptions } from "../tables/node/index.ts";
import { taskIn, wholeModel } from "./whole-model.ts";

/** The forecast of one series. */
export interface SeriesForecast extends Forecast {
  /** Its name; empty where the table has one series. */
  readonly series: string;
  /** Last step with a value. */
  readonly last: string;
  /** The steps to come, one for each row of `quantiles`. */
  readonly steps: readonly string[];
}

/** A model that forecasts. Call `dispose` when done. */
export interface Forecaster {
  /** Of the run; undefined for a bare model folder. */
  readonly recipe?: Recipe;
  readonly predictor: Predictor<SeriesWindow>;
  /** Forecasts what comes after each series of a table. @throws E_IO, E_DATA as `latestWindows` */
  table(file: string, reading: ReadRowsOptions): Promise<SeriesForecast[]>;
  dispose(): Promise<void>;
}

/** Whether the model of a run or of a folder forecasts. False where there is none. @throws E_MODEL, E_CONFIG, E_IO as reading its config */
export async function forecastsSeries(path: string): Promise<boolean> {
  const task = await taskIn(path);
  return task !== undefined && headFactsOf(task).loss === "quantile";
}

/**
 * Opens a run folder or a model folder whose model forecasts.
 * @param options `device`: default `cpu`; `threads`: default 2
 * @throws E_IO, E_MODEL, E_CONFIG for what lacks or does not fit; E_DEVICE when there is no such device
 * @example const forecaster = await openForecaster("runs/pollution"); const [{ steps, quantiles }] = await forecaster.table("today.csv", {});
 */
export async function openForecaster(
  path: string,
  { device = "cpu", threads }: { readonly device?: "cpu" | "gpu"; readonly threads?: number } = {},
): Promise<Forecaster> {
  const { folder, recipe, model, weights } = await wholeModel(path, "a whole model that forecasts");
  const processor = await openSeriesProcessor(folder);
  const runtime = device === "gpu" ? gpuRuntime : cpuRuntime;
  const predictor = await seriesPredictor(model, weights, processor, runtime, { threads });
  return {
    recipe,
    predictor,
    async table(file, reading) {
      const windows = await latestWindows(file, reading, processor);
      const forecasts = await predictor.forecasts!(windows.map(({ window }) => window));
      return windows.map(({ series, last, steps }, i) => ({ series, last, steps, ...forecasts[i]! }));
    },
    dispose: () => predictor.dispose(),
  };
}
