// Exports whose weights lie beside the model: read by ONNX Runtime and by transformers.js as one file is, and never mixed with older ones.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { hostArray, random } from "../base/index.ts";
import { configOf, type JsonRecord } from "../formats/index.ts";
import { initialise, modelOf, withHead } from "../models/index.ts";
import { saveModel } from "../models/node/index.ts";
import { withExternalData } from "../onnx/index.ts";
import { exportOnnx, exportOnnxFiles } from "../predict/index.ts";
import { openOnnx } from "../runtime/node/ort.ts";
import { saveOnnx } from "./save-onnx.ts";

const root = mkdtempSync(join(tmpdir(), "concord-onnx-"));
afterAll(() => rmSync(root, { recursive: true }));

const base = {
  model_type: "bert",
  vocab_size: 100,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 64,
  max_position_embeddings: 16,
};
const model = modelOf(configOf(withHead(base, "Bert", "single-label", ["a", "b", "c"]), "test"));
const weights = initialise(model, random(3));
for (const [, { data }] of weights) data.set(data.map((x) => x * 8));
const ids = [3, 50, 99, 7];
const feeds = Object.fromEntries(
  [ids, [1, 1, 1, 1], [0, 0, 1, 1]].map((row, i) => [
    ["input_ids", "attention_mask", "token_type_ids"][i]!,
    hostArray("int64", [1, 4], BigInt64Array.from(row, BigInt)),
  ]),
);
const logits = async (file: string | Uint8Array) => {
  const session = await openOnnx(file);
  const { logits } = await session.run(feeds);
  await session.dispose();
  return [...(logits!.data as Float32Array)];
};
const whole = await logits(exportOnnx(model, weights));
const names = (folder: string) => readdirSync(join(folder, "onnx")).sort();
const told = (folder: string) =>
  (JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as JsonRecord)["transformers.js_config"];

test.each([
  ["all weights in one file", 1_000_000, ["model.onnx"], undefined],
  ["two further files", 84_000, ["model.onnx", "model.onnx_data", "model.onnx_data_1"], { "model.onnx": 2 }],
  [
    "several further files",
    30_000,
    ["model.onnx", "model.onnx_data", "model.onnx_data_1", "model.onnx_data_2", "model.onnx_data_3"],
    { "model.onnx": 4 },
  ],
])("%s: the same logits in ONNX Runtime and transformers.js", async (name, limitBytes, files, format) => {
  const folder = join(root, name.replaceAll(" ", "-"));
  await saveModel(folder, model, weights);
  const written = await saveOnnx(folder, model, weights, { limitBytes });
  expect(names(folder)).toEqual(files);
  expect(written.map((file) => file.path).sort()).toEqual(files.map((file) => join(folder, "onnx", file)));
  for (const { path, bytes } of written) expect(statSync(path).size).toBe(bytes);
  expect(told(folder)).toEqual(format && { use_external_data_format: format });
  expect(await logits(join(folder, "onnx", "model.onnx"))).toEqual(whole);

  const { env, AutoModelForSequenceClassification, Tensor } = await import("@huggingface/transformers");
  Object.assign(env, { localModelPath: root, allowRemoteModels: false });
  const theirs = await AutoModelForSequenceClassification.from_pretrained(name.replaceAll(" ", "-"), { dtype: "fp32" });
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([key, { data }]) => [key, new Tensor("int64", data as BigInt64Array, [1, 4])]),
  );
  const out = (await theirs(inputs)) as { logits: { data: Float32Array } };
  expect([...out.logits.data]).toEqual(whole);
  await theirs.dispose();
});

test("an export that fits replaces a larger one, and an export in 8 bits lies beside it", async () => {
  const folder = join(root, "again");
  await saveModel(folder, model, weights);
  await saveOnnx(folder, model, weights, { limitBytes: 30_000 });
  await saveOnnx(folder, model, weights, { stored: "int8", limitBytes: 15_000 });
  const format = { "model.onnx": 4, "model_quantized.onnx": expect.any(Number) };
  expect(told(folder)).toEqual({ use_external_data_format: format });
  const quantised = await logits(join(folder, "onnx", "model_quantized.onnx"));
  expect(Math.max(...quantised.map((x, i) => Math.abs(x - whole[i]!)))).toBeLessThan(
    0.2 * Math.max(...whole.map(Math.abs)),
  );
  await saveOnnx(folder, model, weights);
  expect(names(folder).filter((file) => file.startsWith("model.onnx"))).toEqual(["model.onnx"]);
  expect(told(folder)).toMatchObject({ use_external_data_format: { "model.onnx": 0 } });
  expect(await logits(join(folder, "onnx", "model.onnx"))).toEqual(whole);
});

test("further files are views of the weights, at offsets of 64 bytes, and of whole pages for a large tensor", () => {
  const { external, bytes } = exportOnnxFiles(model, weights, "model.onnx", "float32", { limitBytes: 84_000 });
  const words = weights.get("bert.embeddings.word_embeddings.weight")!.data;
  expect(external.flatMap((file) => file.chunks).some((chunk) => chunk.buffer === words.buffer)).toBe(true);
  for (const { chunks, sizeBytes } of external)
    expect(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)).toBe(sizeBytes);
  expect(bytes.length).toBeLessThan(84_000);
  const tensor = (name: string, sizeBytes: number) => ({
    name,
    elementType: 2,
    dims: [sizeBytes],
    raw: new Uint8Array(sizeBytes),
  });
  const initializers = [
    tensor("shape", 8),
    tensor("a", 1500),
    tensor("b", 2000),
    tensor("c", 2 ** 20),
    tensor("d", 1024),
  ];
  const empty = { irVersion: 9, opsets: {}, producer: "", nodes: [], inputs: [], outputs: [], metadata: {} };
  const placed = withExternalData({ ...empty, initializers }, "w", 1000, 2 ** 21);
  expect(placed.model.initializers.map((t) => t.external?.offset)).toEqual([undefined, 0, 1536, 4096, 4096 + 2 ** 20]);
  expect(placed.files.map((file) => file.sizeBytes)).toEqual([4096 + 2 ** 20 + 1024]);
});

test("the file of a causal language model takes and gives keys and values of earlier tokens, in float32 and in int8", async () => {
  const config = {
    model_type: "gpt2",
    architectures: ["GPT2LMHeadModel"],
    vocab_size: 9,
    n_embd: 32,
    n_layer: 1,
    n_head: 2,
    n_positions: 8,
  };
  const decoder = modelOf(configOf(config, "test"));
  const folder = join(root, "decoder");
  for (const stored of ["float32", "int8"] as const) {
    const [file] = await saveOnnx(folder, decoder, initialise(decoder, random(1)), { stored });
    const { inputs, dispose } = await openOnnx(file!.path);
    expect([...inputs].sort()).toEqual([
      "attention_mask",
      "input_ids",
      "past_key_values.0.key",
      "past_key_values.0.value",
      "position_ids",
    ]);
    await dispose();
  }
});

test("one file above 2 GiB is refused before it is made, with what to use", () => {
  // zeros that no page of memory stands behind until they are read
  const big = { ...base, vocab_size: 2 ** 24, hidden_size: 40, num_attention_heads: 2, num_hidden_layers: 1 };
  const large = modelOf(configOf({ ...withHead(big, "Bert", "features"), add_pooling_layer: false }, "test"));
  const zeros = new Map(large.parameters.map(({ name, shape }) => [name, hostArray("float32", shape)]));
  const { facts } = fault("E_LOWER", () => exportOnnx(large, zeros));
  expect(facts.problem).toMatch(/larger than one ONNX file/);
  expect(facts.hint).toMatch(/saveOnnx/);
  const { external } = exportOnnxFiles(large, zeros, "model.onnx");
  expect(Math.max(...external.map((file) => file.sizeBytes))).toBe(2 ** 24 * 40 * 4); // a tensor is never cut
});
