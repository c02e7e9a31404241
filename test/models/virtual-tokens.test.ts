// Virtual tokens in every architecture of texts: the answers of a model with a prompt are those of the plain model over a word table with more
// rows, whose texts begin with those rows; packed as in training, padded as in exported files.
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { adaptedModel, exportGraph, type Model, modelOf, virtualWidths, wordTable } from "../../src/models/index.ts";
import { adapterLayout, initialiseAdapter } from "../../src/nn/index.ts";
import { evaluationProgram, predictLogits } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { relativeError } from "./golden.ts";
import { oneOfEach, savedCase, savedCases, savedIds } from "./saved.ts";

const tokens = 3;
type Weights = ReadonlyMap<string, HostArray>;
const rowTasks = ["token", "causal-lm", "question-answering"];
const tasks = ["single-label", "multi-label", "regression", ...rowTasks];
const cases = oneOfEach(savedCases().filter(({ model }) => model.tokens && tasks.includes(model.task)));

/** Packed: rows of logits of each text, one after the other. */
async function packed(model: Model, weights: Weights, texts: readonly (readonly number[])[]): Promise<Float32Array[]> {
  const exe = await cpuRuntime.compile(evaluationProgram(model));
  const params = Object.fromEntries(model.parameters.map((p) => [p.name, weights.get(p.name)!]));
  const examples = texts.map((ids) => ({ ids: Int32Array.from(ids) }));
  const rows = await predictLogits(exe, model, params, examples, texts.length);
  await exe.dispose();
  return rows.map((row) => row.data);
}

/** Padded: the outputs of an exported file, cut to each text's own tokens where they have one row a token. */
async function padded(model: Model, weights: Weights, texts: readonly (readonly number[])[]): Promise<number[][]> {
  const graph = exportGraph(model);
  const exe = await cpuRuntime.compile(graph);
  const longest = Math.max(...texts.map((t) => t.length));
  const int64 = (of: (text: readonly number[], s: number) => number): HostArray => ({
    dtype: "int64",
    shape: [texts.length, longest],
    data: BigInt64Array.from(texts.flatMap((t) => Array.from({ length: longest }, (_, s) => BigInt(of(t, s))))),
  });
  const feeds: Record<string, HostArray> = {
    input_ids: int64((t, s) => t[s] ?? model.tokens!.padId),
    attention_mask: int64((t, s) => Number(s < t.length)),
    token_type_ids: int64(() => 0),
  };
  const named = Object.fromEntries(graph.inputs.map(([name]) => [name, feeds[name] ?? weights.get(name)!]));
  const { logits } = await exe.run(named);
  await exe.dispose();
  const [, second, width] = logits!.shape;
  const data = [...(logits!.data as Float32Array)];
  const each = data.length / texts.length;
  return texts.map((t, b) => data.slice(b * each, b * each + (width && second === longest ? t.length * width : each)));
}

/** The plain model over a table with the virtual tokens' rows at its end. */
function widerTable(model: Model, weights: Weights, virtual: HostArray) {
  const vocabulary = model.tokens!.vocabulary;
  const wide = modelOf(configOf({ ...model.config, vocab_size: vocabulary + tokens }, "config.json"));
  const all = new Map(
    wide.parameters.map(({ name, shape }): [string, HostArray] => {
      const own = weights.get(name)!;
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      data.set(own.data as Float32Array);
      if (name === model.tokens!.tableNames.words) data.set(virtual.data as Float32Array, own.data.length);
      return [name, { dtype: "float32", shape, data }];
    }),
  );
  return { wide, all };
}

test.each(cases)("$name", async ({ model, weights }) => {
  const { name: table, shape } = wordTable(model);
  const settings = { kind: "prompt", targets: [], tokens, widths: virtualWidths(model, "prompt"), table } as const;
  const layout = adapterLayout(model.parameters, settings, model.transposedWeights);
  const own = initialiseAdapter(layout, random(4), (name) => weights.get(name)!);
  const virtual = own.get("prompt.embeddings")!;
  const rowsOf = (data: Float32Array, width: number) =>
    Array.from({ length: data.length / width }, (_, i) => String(data.slice(i * width, (i + 1) * width)));
  const words = rowsOf(weights.get(table)!.data, shape[1]!);
  for (const row of rowsOf(virtual.data, shape[1]!)) expect(words).toContain(row); // each starts as a word
  for (const [i, x] of virtual.data.entries()) virtual.data[i] = x + 0.3 * Math.cos(i);

  const kept = adaptedModel(model, layout, new Map([...weights, ...own]), modelOf);
  expect(kept.model.tokens!.maxLength).toBe(model.tokens!.maxLength - tokens);
  const { wide, all } = widerTable(model, weights, virtual);
  const vocabulary = model.tokens!.vocabulary;
  const before = Array.from({ length: tokens }, (_, i) => vocabulary + i);
  const texts = savedIds.map((ids) => ids.slice(0, kept.model.tokens!.maxLength));
  const longer = await packed(
    wide,
    all,
    texts.map((ids) => [...before, ...ids]),
  );
  const plain = await packed(model, weights, texts);
  const short = await packed(kept.model, kept.weights, texts);
  const long = model.task === "question-answering" ? short : await padded(kept.model, kept.weights, texts); // its file has other outputs
  for (const [i, ids] of texts.entries()) {
    const width = longer[i]!.length / (ids.length + tokens);
    const rows = [...longer[i]!].slice(rowTasks.includes(model.task) ? tokens * width : 0);
    const want = model.task === "causal-lm" ? rows.filter((_, at) => at % width < vocabulary) : rows;
    expect(relativeError(short[i]!, want), "packed").toBeLessThan(1e-5);
    expect(relativeError(Float32Array.from(long[i]!), want), "padded").toBeLessThan(1e-5);
    expect(relativeError(plain[i]!, want), "without").toBeGreaterThan(1e-3);
  }
});

test("a model of images takes no virtual tokens", () => {
  const { model } = savedCase("vit-single-label");
  expect(fault("E_MODEL", () => wordTable(model)).facts.hint).toBe("use an adapter of kind lora");
});
