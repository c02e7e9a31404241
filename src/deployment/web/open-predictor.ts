// A web export as a predictor: the same parts that answer on Node, over ONNX Runtime's WebAssembly.
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, modelFiles, parseJson, readConfig } from "../../formats/index.ts";
import { imagePredictorOf, imageProcessor, type Picture } from "../../modalities/index.ts";
import { type Model, modelOf } from "../../models/index.ts";
import {
  calibrated,
  checkDecisions,
  deciding,
  decisionsFile,
  type Predictor,
  predictorOf,
  type TextPredictor,
  type TextPredictorOptions,
} from "../../predict/index.ts";
import { openOnnx, type WasmOptions } from "../../runtime/web/ort.ts";
import { readTokenizerFile } from "../../tokenizer-files/index.ts";
import { jsTokenizer } from "../../tokenizers/index.ts";
import { webModels } from "../index.ts";
import { type FetchedExport, type FetchOptions, fetchExport } from "./fetch-files.ts";

/** How a web export is fetched and run. */
export interface WebModelOptions extends FetchOptions, WasmOptions, TextPredictorOptions {}

/**
 * Opens a web export whose model reads texts, of any task. Answers are calibrated, and go through the export's decisions where it has some.
 * @param folder URL of the folder that `concord export --to web` wrote
 * @throws E_IO, E_CHECKSUM, E_INTERRUPTED while it is fetched; E_FORMAT, E_VERSION, E_MODEL, E_TOKENIZER, E_CONFIG for what does not fit;
 * E_DEPENDENCY where the page lacks SHA-256 or onnxruntime-web
 * @example
 * const predictor = await openTextPredictor("/model/");
 * const [answer] = await predictor.answers(["a sore throat"]); // { kind: "label", label: "throat", ranked: [ … ] }
 */
export async function openTextPredictor(folder: string | URL, options: WebModelOptions = {}): Promise<TextPredictor> {
  const { model, fetched, executable } = await openExport(folder, "text", options);
  const tokenizer = await jsTokenizer(readTokenizerFile(fileIn(fetched, modelFiles.tokenizer)));
  const saved = fetched.files.has(modelFiles.tokenizerConfig) ? jsonIn(fetched, modelFiles.tokenizerConfig) : {};
  const { model_max_length: length } = saved;
  const maxLength = options.maxLength ?? (typeof length === "number" && length >= 1 ? length : undefined);
  return withRule<TextPredictor>(predictorOf(await executable(), model, tokenizer, { ...options, maxLength }), fetched);
}

/**
 * Opens a web export whose model reads images.
 * @param folder URL of the folder that `concord export --to web` wrote
 * @throws as {@link openTextPredictor}
 * @example
 * const predictor = await openImagePredictor("/model/");
 * const [answer] = await predictor.answers([await readPicture(file)]); // a File that the user chose
 */
export async function openImagePredictor(
  folder: string | URL,
  options: WebModelOptions = {},
): Promise<Predictor<Picture>> {
  const { model, fetched, executable } = await openExport(folder, "image", options);
  const name = modelFiles.processor;
  const steps = imageProcessor(readConfig(fileIn(fetched, name), urlOf(fetched, name)));
  return withRule<Predictor<Picture>>(imagePredictorOf(await executable(), model, steps, options), fetched);
}

/** @throws E_MODEL where the model reads something else */
async function openExport(folder: string | URL, reads: Model["reads"], options: WebModelOptions) {
  const fetched = await fetchExport(folder, options);
  const model = modelOf(readConfig(fileIn(fetched, modelFiles.config), urlOf(fetched, modelFiles.config)));
  if (model.reads !== reads)
    throw new ConcordError("E_MODEL", {
      operation: "open web export",
      problem: "the model reads something else",
      expected: `a model of ${reads}s`,
      got: model.reads,
      path: fetched.url,
    });
  const name = webModels.find((file) => fetched.files.has(file))!; // the manifest was checked for one
  return { model, fetched, executable: () => openOnnx(fileIn(fetched, name), options) };
}

/** The predictor with the export's decisions and what is left of its calibration. */
function withRule<P extends Predictor<never>>(unadjusted: P & Predictor<never>, fetched: FetchedExport): P {
  const { calibration } = fetched.manifest;
  const temperature = calibration && !calibration.applied ? calibration.temperature : 1;
  if (!fetched.files.has(decisionsFile)) return calibrated<never, P>(unadjusted, temperature);
  const labels = unadjusted.model.labels?.names ?? [];
  const rule = checkDecisions(jsonIn(fetched, decisionsFile), labels, urlOf(fetched, decisionsFile));
  return calibrated<never, P>(deciding<never, P>(unadjusted, rule), temperature);
}

const urlOf = ({ url }: FetchedExport, name: string): string => new URL(name, url).href;

function fileIn(fetched: FetchedExport, name: string): Uint8Array {
  const bytes = fetched.files.get(name);
  if (bytes) return bytes;
  throw new ConcordError("E_FORMAT", {
    operation: "open web export",
    problem: "the export lacks a file that its model needs",
    expected: name,
    got: [...fetched.files.keys()].join(", "),
    path: fetched.url,
  });
}

function jsonIn(fetched: FetchedExport, name: string): JsonRecord {
  const value = parseJson(fileIn(fetched, name), urlOf(fetched, name));
  if (isJsonRecord(value)) return value;
  throw new ConcordError("E_FORMAT", {
    operation: "open web export",
    problem: "not a JSON object",
    path: urlOf(fetched, name),
  });
}
