// Series: windows on the scale of their history, and the columns that a model reads beside it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { denseRows } from "../../baseline/index.ts";
import { modelFiles, readConfig } from "../../formats/index.ts";
import { ioError } from "../../formats/node/index.ts";
import type { Model } from "../../models/index.ts";
import { parseFrequency } from "../../series/index.ts";
import type { Processor } from "../modality.ts";
import { seriesPredictor } from "../series/predictor.ts";
import {
  channelsOf,
  covariatesOf,
  type SeriesProcessor,
  type SeriesWindow,
  scaleOf,
  seriesConfig,
  seriesProcessor,
  seriesValues,
  toScale,
} from "../series/processor.ts";
import { tableFingerprint } from "./fingerprint.ts";
import type { Modality, ScratchSettings } from "./modality.ts";
import { type SeriesRow, seriesRecords, seriesRows, windowOf } from "./series-rows.ts";

const processorFile = modelFiles.series;

function processorOf(settings: SeriesProcessor, model: Pick<Model, "series">): Processor<SeriesRow, SeriesWindow> {
  return {
    inputs: async (rows) => rows.map(windowOf),
    examples: async (rows) => {
      const form = formOf(model);
      for (const row of rows.slice(0, 1)) checkWindow(settings, row);
      return rows.map((row) => ({ series: seriesValues(settings, form, windowOf(row)) }));
    },
    predictor: (own, weights, runtime, options) => seriesPredictor(own, weights, settings, runtime, options),
    perturbations: {},
    files: () => ({ [processorFile]: `${JSON.stringify(seriesConfig(settings), null, 2)}\n` }),
  };
}

/** @throws E_MODEL for windows of another form than the model was made for */
function checkWindow({ context, horizon }: SeriesProcessor, { target, history }: SeriesRow): void {
  if (target.length === horizon && history.length <= context) return;
  throw new ConcordError("E_MODEL", {
    operation: "open model",
    problem: "the model was made for other windows than the recipe cuts",
    expected: `data.series.context ${context}, data.series.horizon ${horizon}`,
    got: `a history of ${history.length} and ${target.length} steps to come`,
    hint: "set these two keys as the model has them, or train a model anew with model.scratch",
  });
}

/** Steps of a patch where a recipe does not say: an eighth of the horizon, at most 16. */
const usualPatch = (horizon: number): number => Math.max(1, Math.min(16, Math.ceil(horizon / 8)));

/** What a model made for these settings reads. */
function formOf(model: Pick<Model, "series">) {
  if (model.series) return model.series;
  throw new ConcordError("E_MODEL", {
    operation: "open model",
    problem: "the model reads no series",
    expected: "a model of type series-patches",
  });
}

/** What a model folder says of its columns. @throws E_IO, E_MODEL, E_CONFIG */
export async function openSeriesProcessor(folder: string): Promise<SeriesProcessor> {
  const path = join(folder, processorFile);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw ioError(cause, "open model", path);
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "nothing says which columns the model reads",
      expected: processorFile,
      hint: "copy it from where the model was trained: it lies beside config.json",
      path,
    });
  });
  return seriesProcessor(readConfig(bytes, path));
}

function newProcessor({ series }: ScratchSettings, rows: readonly SeriesRow[]): SeriesProcessor {
  const { time, value, id, zone, past, known, calendar, context, horizon, minimum, maximum } = series!;
  const { frequency, season } = rows[0]!;
  const windows = rows.map(windowOf);
  return {
    frequency: parseFrequency(frequency)!,
    season,
    columns: { time, value, id, ...(zone && { zone }) },
    past: covariatesOf(past, windows, (w) => w.past),
    known: covariatesOf(known, windows, (w) => w.known),
    calendar,
    range: { minimum, maximum },
    context,
    horizon,
  };
}

export const seriesModality: Modality<SeriesRow, Processor<SeriesRow, SeriesWindow>> = {
  name: "series",
  source: seriesRecords,
  fingerprint: (file) => tableFingerprint(file),
  rows: () => seriesRows,
  open: async (folder, model) => processorOf(await openSeriesProcessor(folder), model),
  async make(scratch, rows) {
    const settings = newProcessor(scratch, rows);
    const { width, layers, heads, inner, scale, dropout, patch = usualPatch(settings.horizon), series } = scratch;
    const config = {
      model_type: "series-patches",
      context_length: settings.context,
      prediction_length: settings.horizon,
      patch_length: patch,
      num_input_channels: channelsOf(settings),
      quantiles: [...series!.quantiles],
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      intermediate_size: inner,
      initializer_range: scale,
      hidden_dropout_prob: dropout,
      attention_probs_dropout_prob: dropout,
    };
    const past = Math.ceil(settings.context / patch);
    const steps = (past + Math.ceil(settings.horizon / patch)) * patch;
    const form = {
      context: settings.context,
      horizon: settings.horizon,
      channels: channelsOf(settings),
      quantiles: series!.quantiles,
      before: past * patch,
      steps,
    };
    return { family: "SeriesPatches", config, processor: processorOf(settings, { series: form }) };
  },
  linearName: "lags",
  /** The history on its own scale, the last value first. */
  async linear(rows) {
    const width = Math.max(...rows.map((r) => r.history.length));
    const lags = ({ history }: SeriesRow) => {
      const values = Float64Array.from(history, (v) => v ?? Number.NaN);
      const scale = scaleOf(values);
      return Float32Array.from({ length: width }, (_, lag) => {
        const y = values.at(-1 - lag) ?? Number.NaN;
        return Number.isNaN(y) ? 0 : toScale(scale, y);
      });
    };
    return { width, rows: async (part) => denseRows(part.map(lags)) };
  },
  linearValues: ([first]) => first?.history.length ?? 1,
  column: ({ text }) => text,
  inputFacts: ({ series }) => ({
    inputs: {
      format: "series",
      en: `${series!.context} steps of history; forecasts ${series!.horizon} steps`,
      zh: `${series!.context} 步历史；预测 ${series!.horizon} 步`,
    },
  }),
  show: async ({ series, next }) => ({ text: series ? `${series} · ${next}` : next }),
};
