// fineTune(): a table to a calibrated model in one call, by plain settings. It writes and runs a recipe, so the result is a run like any other.
import { basename, dirname, resolve } from "node:path";
import { artifactsIn, metrics } from "../artifacts/index.ts";
import { readRecipe } from "../recipe/index.ts";
import type { RunEvent } from "../stages/index.ts";
import { runRecipe } from "./run.ts";

export interface FineTuneOptions {
  /** Table of examples: CSV, TSV, JSON, JSONL, Parquet … */
  readonly data: string;
  /** Run folder; made if absent. Calling again with the same settings reuses what is finished. */
  readonly out: string;
  /** Column of the text. Default `text`. */
  readonly text?: string;
  /** Column of the label. Default `label`. */
  readonly label?: string;
  /** Rows of one value (a patient) stay in one split. Default each row by itself. */
  readonly group?: string;
  /** Folder of a pretrained model. Default a small model with random weights, 10 epochs at 1e-3. */
  readonly model?: string;
  /** Any further key of the recipe: `{ task: "multi-label", adapt: { epochs: 5, method: "lora" } }`. */
  readonly recipe?: Readonly<Record<string, unknown>>;
  readonly onEvent?: (event: RunEvent) => void;
  /** Aborting saves what can be saved; calling again goes on from there. */
  readonly signal?: AbortSignal;
}

/** A finished run. */
export interface FineTuned {
  /** The run folder: `pipeline(task, folder)` opens its model, `report.html` shows how good it is. */
  readonly folder: string;
  /** metrics.json: scores on the test set with 95 % intervals, beside those of simple baselines. */
  readonly metrics: Readonly<Record<string, unknown>>;
}

/**
 * Fine-tunes a model on a table: cleans and splits the rows, trains, calibrates, evaluates beside baselines, and writes a report.
 * @throws E_CONFIG for a setting that recipes do not have; what running a recipe throws
 * @example
 * const { folder, metrics } = await fineTune({ data: "tickets.csv", text: "message", label: "team", out: "runs/tickets" });
 */
export async function fineTune(options: FineTuneOptions): Promise<FineTuned> {
  const { data, out, text, label, group, model, recipe: more = {}, onEvent, signal } = options;
  const columns = { file: resolve(data), ...(text && { text }), ...(label && { label }), ...(group && { group }) };
  const [moreData, moreModel, moreAdapt] = [more.data, more.model, more.adapt].map(settingsIn);
  const isNew = model === undefined && !("from" in moreModel!);
  const given = {
    version: 1,
    name: basename(resolve(out)),
    ...more,
    data: { ...columns, ...moreData },
    model: { ...(isNew && { scratch: {} }), ...(model !== undefined && { from: resolve(model) }), ...moreModel },
    adapt: { ...(isNew && newModel), ...moreAdapt },
  };
  const recipe = readRecipe(JSON.stringify(given), "fineTune");
  const folder = resolve(out);
  const records = await runRecipe(recipe, { home: dirname(resolve(data)), folder, onEvent, signal });
  return { folder, metrics: await artifactsIn(folder, records).read(metrics) };
}

/** Random weights learn at a higher rate than pretrained ones. */
const newModel = { epochs: 10, learningRate: 1e-3 };

const settingsIn = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});
