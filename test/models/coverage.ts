// Measures what each architecture and head can do: loading, training, adapters, export, and what Transformers and transformers.js make of
// the saved folder. docs/models.md shows the result (tools/models-table.ts writes it); coverage.test.ts holds both together.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import { type Model, tokenInputs } from "../../src/models/index.ts";
import { loadAdapter, loadModel, saveAdapter, saveModel } from "../../src/models/node/index.ts";
import { initialiseAdapter, loraLayout, mergeAdapter } from "../../src/nn/index.ts";
import { exportOnnx } from "../../src/predict/index.ts";
import { saveOnnx } from "../../src/stages/save-onnx.ts";
import type { Tokenizer } from "../../src/tokenizer-files/index.ts";
import { openTokenizer } from "../../src/tokenizers/node/index.ts";
import { batchFeeds, type Example, trainingProgram } from "../../src/train/index.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";
import { relativeError } from "./golden.ts";
import { type SavedCase, savedCases, savedFiles, savedIds, savedPixels, savedTexts, savedTokenizer } from "./saved.ts";

/** What Python made of the same folders: fixtures/transformers-*.json, written by tools/transformers-logits.py. */
export interface Seen {
  readonly versions: string;
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly sha256: string;
        readonly logits: number[][];
        readonly unexpected: string[];
        readonly missing: string[];
        /** Of {@link gradientCases}: by weight, the norm and the product with sin(0), sin(1) … */
        readonly loss?: number;
        readonly gradients?: Readonly<Record<string, readonly [norm: number, product: number]>>;
        readonly pair?: { input_ids: number[]; token_type_ids?: number[]; attention_mask: number[] };
      }
    >
  >;
}
export function seenBy(major: 4 | 5): Seen {
  const file = new URL(`./fixtures/transformers-${major}.json`, import.meta.url);
  known[major] ??= JSON.parse(readFileSync(file, "utf8")) as Seen;
  return known[major];
}
const known: Partial<Record<4 | 5, Seen>> = {};

export const columns = ["load", "train", "lora", "export", "python", "js"] as const;
/** "yes"; "none" where there is nothing to do. */
export type Cell = "yes" | "none" | "no";
export interface CoverageRow extends Record<(typeof columns)[number], Cell> {
  readonly type: string;
  readonly architecture: string;
}

const tolerance = 5e-6; // of the largest output
const close = (got: readonly ArrayLike<number>[], want: readonly ArrayLike<number>[]): boolean =>
  got.length === want.length && got.every((row, i) => relativeError(row, want[i]!) < tolerance);

/** Inputs of each row alone, as the ecosystem feeds them. */
function rowFeeds(model: Model): Record<string, HostArray>[] {
  if (model.image) {
    const { channels, side } = model.image;
    const all = savedPixels(channels, side);
    const size = all.length / 2;
    return [0, 1].map((i) => ({
      pixel_values: hostArray("float32", [1, channels, side, side], all.slice(i * size, (i + 1) * size)),
    }));
  }
  const row = (values: readonly number[]) => hostArray("int64", [1, values.length], BigInt64Array.from(values, BigInt));
  return savedIds.map((ids) => ({
    input_ids: row(ids),
    attention_mask: row(ids.map(() => 1)),
    ...(model.tokens!.types > 0 ? { token_type_ids: row(ids.map(() => 0)) } : {}),
  }));
}

/** Logits, beginnings and ends of spans side by side, or the last hidden states. */
function outputOf(given: Readonly<Record<string, { readonly data: ArrayLike<number> | BigInt64Array }>>) {
  const { start_logits: starts, end_logits: ends, logits, last_hidden_state: last } = given;
  if (!starts || !ends) return (logits ?? last)!.data;
  return Float32Array.from({ length: 2 * starts.data.length }, (_, i) => Number((i % 2 ? ends : starts).data[i >> 1]));
}

async function exportedOutputs(model: Model, weights: ReadonlyMap<string, HostArray>): Promise<Float32Array[]> {
  const session = await openOnnx(exportOnnx(model, weights));
  const rows: Float32Array[] = [];
  for (const feeds of rowFeeds(model)) {
    const got = await session.run(feeds);
    rows.push(outputOf(got) as Float32Array);
  }
  await session.dispose();
  return rows;
}

const autoClass: Record<Model["task"], string> = {
  "single-label": "AutoModelForSequenceClassification",
  ordinal: "AutoModelForSequenceClassification",
  "multi-label": "AutoModelForSequenceClassification",
  regression: "AutoModelForSequenceClassification",
  "multi-task": "AutoModelForSequenceClassification",
  token: "AutoModelForTokenClassification",
  "question-answering": "AutoModelForQuestionAnswering",
  "multiple-choice": "AutoModelForMultipleChoice",
  "masked-lm": "AutoModelForMaskedLM",
  "causal-lm": "AutoModelForCausalLM",
  quantiles: "",
  embedding: "AutoModel",
  features: "AutoModel",
};

/** What transformers.js makes of the folder; undefined where it does not open it. */
async function jsOutputs(root: string, name: string, model: Model): Promise<Float32Array[] | undefined> {
  const T = (await import("@huggingface/transformers")) as unknown as Record<string, never> & {
    env: object;
    Tensor: new (type: string, data: unknown, dims: readonly number[]) => unknown;
  };
  Object.assign(T.env, { localModelPath: root, allowRemoteModels: false });
  const kind = model.image && model.task !== "features" ? "AutoModelForImageClassification" : autoClass[model.task];
  const Auto = T[kind] as unknown as {
    from_pretrained(
      name: string,
      o: object,
    ): Promise<((feeds: object) => Promise<Record<string, { data: Float32Array }>>) & { dispose(): Promise<unknown> }>;
  };
  const theirs = await Auto.from_pretrained(name, { dtype: "fp32" }).catch(() => undefined);
  if (!theirs) return undefined;
  const rows: Float32Array[] = [];
  for (const feeds of rowFeeds(model)) {
    const inputs = Object.entries(feeds).map(([key, a]) => [key, new T.Tensor(a.dtype, a.data, a.shape)]);
    const out = await theirs(Object.fromEntries(inputs));
    rows.push(outputOf(out) as Float32Array);
  }
  await theirs.dispose();
  return rows;
}

/** A batch with targets of a task. */
export function coverageExamples(model: Model): Example[] {
  const outputs = model.labels?.names.length ?? 1;
  const target = (length: number, i: number): Example["label"] => {
    if (model.task === "single-label" || model.task === "ordinal") return i % outputs;
    if (model.task === "multi-label") return Float32Array.from({ length: outputs }, (_, k) => (k + i) % 2);
    if (model.task === "regression") return Float32Array.of(i + 0.5);
    if (model.task === "causal-lm") return undefined;
    if (model.task === "question-answering") return Int32Array.of(i, i + 1);
    return Int32Array.from({ length }, (_, s) => s % (model.task === "token" ? outputs : 50));
  };
  if (model.image) {
    const [a, b] = rowFeeds(model).map((feeds) => feeds.pixel_values!.data as Float32Array<ArrayBuffer>);
    return [a!, b!].map((pixels, i) => ({ ids: new Int32Array(), pixels, label: target(0, i) }));
  }
  return savedIds.map((ids, i) => ({ ids: Int32Array.from(ids), label: target(ids.length, i) }));
}

/** True when one batch gives a finite loss and a gradient for every trained parameter that the loss reads. */
async function trains(
  { model, weights }: SavedCase,
  options: Parameters<typeof trainingProgram>[1] = {},
  more: ReadonlyMap<string, HostArray> = new Map(),
): Promise<boolean> {
  const program = trainingProgram(model, { ...options, dropout: false });
  const exe = await cpuRuntime.compile(program.graph);
  const feeds = batchFeeds(model, coverageExamples(model), {});
  const results = await exe.run({ ...Object.fromEntries(weights), ...Object.fromEntries(more), ...feeds });
  const losses = results.losses!.data as Float32Array;
  await exe.dispose();
  const names = program.gradients.map((g) => [g.dense, ...g.rows.map((r) => r.output)]);
  const moving = names.filter((own) => own.some((n) => n && (results[n]!.data as Float32Array).some((x) => x !== 0)));
  return losses.every(Number.isFinite) && losses.some((x) => x > 0) && moving.length > names.length / 2;
}

/** Adapters on all linear layers: trained, saved, loaded, merged. */
async function adapts(one: SavedCase, root: string): Promise<boolean> {
  const { model, weights } = one;
  const trainWhole = ["classifier", "score", "qa_outputs"];
  const layout = loraLayout(model.parameters, { targets: "all-linear", rank: 2, trainWhole }, model.transposedWeights);
  const own = initialiseAdapter(layout, random(5));
  for (const [, { data }] of own) data.set(data.map((_, i) => Math.sin(i) / 5)); // B starts at zero
  const extra = new Map(layout.parameters.map((p) => [p.name, p.shape]));
  if (model.task !== "features" && !(await trains(one, { trainable: layout.trains, adapt: layout.adapt, extra }, own)))
    return false;
  const all = new Map<string, HostArray>([...weights, ...own]);
  const folder = join(root, `${one.name}-adapter`);
  await saveAdapter(folder, model, layout, all, one.name);
  const again = await loadAdapter(folder, model);
  const merged = (l: typeof layout, w: ReadonlyMap<string, HostArray>) =>
    new Map([...weights, ...mergeAdapter(l, (n) => w.get(n)!)]);
  const [a, b] = [merged(layout, all), merged(again.layout, new Map([...weights, ...again.weights]))];
  const changed = layout.modules.every(
    (m) => !close([a.get(`${m}.weight`)!.data as Float32Array], [weights.get(`${m}.weight`)!.data]),
  );
  return changed && [...a].every(([n, w]) => close([w.data as Float32Array], [b.get(n)!.data as Float32Array]));
}

/** What Python gave for the same bytes: equal outputs, no weight too many or too few, our ids of a pair under the model's input names. */
async function agreesWithPython(
  one: SavedCase,
  seen: Seen,
  folder: string,
  ours: readonly Float32Array[],
): Promise<boolean> {
  const theirs = seen.cases[one.name];
  if (!theirs) return false;
  const digest = createHash("sha256")
    .update(readFileSync(join(folder, "model.safetensors")))
    .digest("hex");
  if (theirs.sha256 !== digest || theirs.missing.length || theirs.unexpected.length || !close(ours, theirs.logits))
    return false;
  if (!theirs.pair) return one.model.tokens === undefined;
  const tokenizer = await openTokenizer(folder);
  const pair = await tokenizer.encode(savedTexts[0], { pair: savedTexts[1] });
  const { input_ids, token_type_ids, attention_mask } = theirs.pair;
  const names = Object.keys(theirs.pair).sort().join() === tokenInputs(one.model)!.sort().join();
  const types = token_type_ids === undefined || String(token_type_ids) === String(pair.typeIds);
  return names && types && String(input_ids) === String(pair.ids) && attention_mask.every((m) => m === 1);
}

/** One case measured. */
export async function measure(one: SavedCase, root: string, tokenizer: Tokenizer): Promise<CoverageRow> {
  const { name, model, weights } = one;
  const folder = join(root, name);
  await saveModel(folder, model, weights, savedFiles(model, tokenizer));
  const loaded = await loadModel(folder);
  const equal = [...weights].every(([n, w]) => String(loaded.weights.get(n)?.data) === String(w.data));
  const ours = await exportedOutputs(loaded.model, loaded.weights);
  await saveOnnx(folder, loaded.model, loaded.weights);
  const js = await jsOutputs(root, name, model);
  const cell = (good: boolean): Cell => (good ? "yes" : "no");
  const python = await Promise.all(([4, 5] as const).map((m) => agreesWithPython(one, seenBy(m), folder, ours)));
  const learns = model.task === "features" ? "none" : (await trains(one)) ? "yes" : "no";
  return {
    type: model.type,
    architecture: model.architecture,
    load: equal && loaded.fresh.length === 0 && loaded.unused.length === 0 ? "yes" : "no",
    train: learns,
    lora: (await adapts(one, root)) ? "yes" : "no",
    export: cell(ours.every((row) => row.every(Number.isFinite))),
    python: python.every(Boolean) ? "yes" : "no",
    js: cell(js !== undefined && close(js, ours)),
  };
}

/** Rows of all cases, one for each architecture: a column is "yes" only where it is for every case of it. */
export async function coverage(): Promise<CoverageRow[]> {
  const root = mkdtempSync(join(tmpdir(), "concord-coverage-"));
  const tokenizer = await savedTokenizer();
  const rows = new Map<string, CoverageRow>();
  for (const one of savedCases()) {
    const row = await measure(one, root, tokenizer);
    const before = rows.get(row.architecture);
    const worse = (c: (typeof columns)[number]) => (before && before[c] !== row[c] ? "no" : row[c]);
    rows.set(row.architecture, { ...row, ...Object.fromEntries(columns.map((c) => [c, worse(c)])) });
  }
  rmSync(root, { recursive: true });
  return [...rows.values()]
    .sort((a, b) => (a.architecture < b.architecture ? -1 : 1))
    .sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
}
