// The library in a browser: the models that a run made answer there, with no server and no data leaving the page.
import { ConcordError, isConcordError } from "./base/index.ts";
import { configOf, type JsonRecord, modelFiles } from "./formats/index.ts";
import { modelOf } from "./models/index.ts";
import {
  checkDecisions,
  deciding,
  decisionsFile,
  predictorOf,
  type TextPredictor,
  type TextPredictorOptions,
} from "./predict/index.ts";
import { openOnnx, type WasmOptions } from "./runtime/web/ort.ts";
import { readTokenizerFile } from "./tokenizer-files/index.ts";
import { jsTokenizer } from "./tokenizers/index.ts";

export * from "./index.ts";
export type { Answer, FoundEntity, TextPredictor } from "./predict/index.ts";
export { createWasmRuntime, openOnnx, type WasmOptions } from "./runtime/web/ort.ts";

/** A served model that answers. Call `predictor.dispose` when done. */
export interface ServedModel {
  readonly predictor: TextPredictor;
  /** Of calibration; undefined where the run was not evaluated. */
  readonly temperature?: number;
}

/**
 * Opens the exported model of a run folder that a server gives out: `onnx/model.onnx`, `model/config.json`, `model/tokenizer.json`
 * and, where they are, `model/tokenizer_config.json`, `model/decisions.json` and `metrics.json`.
 * @param run URL of the folder
 * @throws E_IO for what the server does not give; E_MODEL, E_TOKENIZER, E_FORMAT, E_CONFIG for what does not fit
 * @example
 * const { predictor, temperature } = await openServedRun("/runs/disease/", { files: "/ort/" });
 * const [answer] = await predictor.answers(["a sore throat"], { temperature });
 */
export async function openServedRun(
  run: string | URL,
  options: WasmOptions & TextPredictorOptions = {},
): Promise<ServedModel> {
  const here = (globalThis as { location?: { href: string } }).location?.href;
  const base = new URL(`${String(run).replace(/\/*$/, "")}/`, here);
  const [config, tokenizer, saved, metrics, rule, onnx] = await Promise.all([
    json(base, `model/${modelFiles.config}`),
    json(base, `model/${modelFiles.tokenizer}`),
    json(base, `model/${modelFiles.tokenizerConfig}`).catch(() => ({}) as JsonRecord),
    json(base, "metrics.json").catch(() => ({}) as JsonRecord),
    decisionsOf(base),
    bytes(base, "onnx/model.onnx"),
  ]);
  const { model_max_length: length } = saved;
  const maxLength = options.maxLength ?? (typeof length === "number" && length >= 1 ? length : undefined);
  const unadjusted = predictorOf(
    await openOnnx(onnx, options),
    modelOf(configOf(config, modelFiles.config)),
    await jsTokenizer(readTokenizerFile(tokenizer)),
    { ...options, maxLength },
  );
  const predictor =
    rule === undefined
      ? unadjusted
      : deciding(unadjusted, checkDecisions(rule, unadjusted.model.labels?.names ?? [], decisionsFile));
  return { predictor, temperature: typeof metrics.temperature === "number" ? metrics.temperature : undefined };
}

/** The rule that answers go through. Only a file that is not there (404, or 204) is none: a rule lost must not go unnoticed. */
async function decisionsOf(base: URL): Promise<JsonRecord | undefined> {
  return json(base, `model/${decisionsFile}`).catch((fault: unknown) => {
    if (isConcordError(fault, "E_IO") && /^status (404|204)$/.test(String(fault.facts.got))) return undefined;
    throw fault;
  });
}

async function bytes(base: URL, name: string): Promise<Uint8Array> {
  const url = new URL(name, base);
  const failed = (got: string, cause?: unknown) =>
    new ConcordError("E_IO", {
      operation: "open served run",
      problem: "a file cannot be read",
      got,
      path: url.href,
      cause,
    });
  const response = await fetch(url).catch((cause: unknown) => {
    throw failed("no answer", cause);
  });
  if (!response.ok || response.status === 204) throw failed(`status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function json(base: URL, name: string): Promise<JsonRecord> {
  const text = new TextDecoder().decode(await bytes(base, name));
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonRecord; // JSON by its parser
  } catch {}
  throw new ConcordError("E_FORMAT", {
    operation: "open served run",
    problem: "not a JSON object",
    path: new URL(name, base).href,
  });
}
