// Exported ONNX files: equal to the reference logits, for any batch and length, in ONNX Runtime and in transformers.js.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../../src/models/index.ts";
import { exportOnnx, tokenizerConfig } from "../../src/predict/index.ts";
import { jsTokenizer, trainWordPiece } from "../../src/tokenizers/index.ts";
import { evaluationProgram, predictLogits } from "../../src/train/index.ts";
import { coveredModels, goldenModel, relativeError } from "../models/golden.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";

describe.each(coveredModels)("exported %s", (name) => {
  test("gives the reference logits, and takes the inputs that the ecosystem feeds", async () => {
    const { model, weights, io, expected } = goldenModel(name);
    const session = await openOnnx(exportOnnx(model, weights));
    const wanted = model.image
      ? ["pixel_values"]
      : ["input_ids", "attention_mask", ...(model.tokens!.types > 0 ? ["token_type_ids"] : [])];
    expect([...session.inputs].sort()).toEqual(wanted.sort());
    const feeds = Object.fromEntries(wanted.map((key) => [key, io.get(key) ?? zeros(io.get("input_ids")!)]));
    const { logits } = await session.run(feeds);
    expect(relativeError(logits!.data as Float32Array, io.get("logits")!.data as Float32Array)).toBeLessThanOrEqual(
      expected.tolerance.logits!,
    );
    if (model.tokens) {
      const short = Object.fromEntries(
        Object.entries(feeds).map(([key, a]) => [
          key,
          hostArray("int64", [1, 1], (a.data as BigInt64Array).slice(0, 1)),
        ]),
      );
      expect((await session.run(short)).logits!.shape[0]).toBe(1);
    }
    await session.dispose();
  });
});

test("a bare ViT gives its rows by image and the pooled one; without a pooler in the file it gives none", async () => {
  const { model: classifier, weights, io, expected } = goldenModel("vit-image-classification");
  const bare = { ...classifier.config, architectures: ["ViTModel"] };
  const pooler = new Map<string, HostArray>(initialise(modelOf(configOf(bare, "test")), random(1)));
  const named = new Map([...weights].map(([name, array]) => [name.replace(/^vit\./, ""), array]));
  for (const add_pooling_layer of [true, false]) {
    const model = modelOf(configOf({ ...bare, add_pooling_layer }, "test"));
    const session = await openOnnx(exportOnnx(model, new Map([...pooler, ...named])));
    const got = await session.run({ pixel_values: io.get("pixel_values")! });
    const want = io.get("last_hidden_state")!;
    expect(got.last_hidden_state!.shape).toEqual(want.shape);
    expect(want.shape.length).toBe(3);
    const difference = relativeError(got.last_hidden_state!.data as Float32Array, want.data as Float32Array);
    expect(difference).toBeLessThanOrEqual(expected.tolerance.hidden_states!);
    expect(got.pooler_output?.shape).toEqual(add_pooling_layer ? [want.shape[0], want.shape[2]] : undefined);
    await session.dispose();
  }
});

const zeros = (like: HostArray): HostArray => hostArray("int64", like.shape);

describe("transformers.js", () => {
  const root = mkdtempSync(join(tmpdir(), "concord-export-"));
  afterAll(() => rmSync(root, { recursive: true }));

  test("runs an exported classifier unchanged and gives our probabilities", async () => {
    const texts = ["a sore throat and a fever", "my knee hurts when I walk", "膝盖疼，走路困难", "喉咙痛，发烧"];
    const file = trainWordPiece(texts, { vocabSize: 120, minFrequency: 1 });
    const tokenizer = await jsTokenizer(file);
    const config = withHead(
      {
        model_type: "bert",
        vocab_size: tokenizer.vocabSize,
        hidden_size: 32,
        num_hidden_layers: 2,
        num_attention_heads: 2,
        intermediate_size: 64,
        max_position_embeddings: 64,
        type_vocab_size: 2,
      },
      "Bert",
      "single-label",
      ["throat", "knee"],
    );
    const model = modelOf(configOf(config, "test"));
    const weights = initialise(model, random(3));
    for (const [, { data }] of weights) data.set(data.map((x) => x * 8)); // far from uniform
    const folder = join(root, "classifier");
    mkdirSync(join(folder, "onnx"), { recursive: true });
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(file));
    writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify(tokenizerConfig(tokenizer, 64)));
    writeFileSync(join(folder, "onnx", "model.onnx"), exportOnnx(model, weights));

    const { env, pipeline } = await import("@huggingface/transformers");
    Object.assign(env, { localModelPath: root, allowRemoteModels: false });
    const classify = await pipeline("text-classification", "classifier", { dtype: "fp32" });
    const theirs = (await classify(texts, { top_k: 2 })) as { label: string; score: number }[][];
    const ids = await tokenizer.encodeIds(texts);
    const exe = await cpuRuntime.compile(evaluationProgram(model));
    const ours = await predictLogits(
      exe,
      model,
      Object.fromEntries(weights),
      ids.map((i) => ({ ids: i })),
      4,
    );
    ours.forEach(({ data }, i) => {
      const p = 1 / (1 + Math.exp(data[1]! - data[0]!));
      expect(theirs[i]!.find((r) => r.label === "throat")!.score).toBeCloseTo(p, 5);
    });
    expect(new Set(theirs.map((r) => r[0]!.score.toFixed(4))).size).toBeGreaterThan(1);
    await exe.dispose();
  });
});

test("an export in 8 bits is under half the size on a wide model and gives logits near the float ones", async () => {
  const config = configOf(
    {
      model_type: "bert",
      vocab_size: 40,
      hidden_size: 128,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      intermediate_size: 512,
      max_position_embeddings: 16,
      type_vocab_size: 2,
      ...withHead({ model_type: "bert" }, "Bert", "single-label", ["a", "b", "c"]),
    },
    "test",
  );
  const model = modelOf(config);
  const weights = initialise(model, random(3));
  const [float, int8] = [exportOnnx(model, weights), exportOnnx(model, weights, "int8")];
  expect(int8.length).toBeLessThan(0.5 * float.length);
  const ids = hostArray(
    "int64",
    [2, 5],
    BigInt64Array.from({ length: 10 }, (_, i) => BigInt(5 + i)),
  );
  const ones = hostArray("int64", [2, 5], new BigInt64Array(10).fill(1n));
  const none = hostArray("int64", [2, 5], new BigInt64Array(10));
  const [a, b] = await Promise.all(
    [float, int8].map(async (bytes) => {
      const session = await openOnnx(bytes);
      const { logits } = await session.run({ input_ids: ids, attention_mask: ones, token_type_ids: none });
      await session.dispose();
      return logits!.data as Float32Array;
    }),
  );
  const error = relativeError(b!, a!);
  expect(error).toBeGreaterThan(0);
  expect(error).toBeLessThan(0.1);
});

test("a temperature divides the file's logits; one that is none, or that the head has no use for, is refused", async () => {
  const sizes = {
    vocab_size: 40,
    hidden_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
  };
  const bert = { model_type: "bert", max_position_embeddings: 16, type_vocab_size: 2, ...sizes };
  const modelFor = (task: "single-label" | "token" | "multi-label" | "regression") =>
    modelOf(configOf(withHead(bert, "Bert", task, task === "regression" ? undefined : ["a", "b", "c"]), "test"));
  const ids = hostArray("int64", [1, 4], BigInt64Array.from([7n, 8n, 9n, 10n]));
  const feeds = { input_ids: ids, attention_mask: hostArray("int64", [1, 4], new BigInt64Array(4).fill(1n)) };
  for (const task of ["single-label", "token"] as const) {
    const weights = initialise(modelFor(task), random(3));
    for (const [, { data }] of weights) data.set(data.map((x) => x * 8));
    const [raw, divided] = await Promise.all(
      [undefined, 2.5].map(async (temperature) => {
        const session = await openOnnx(exportOnnx(modelFor(task), weights, "float32", { temperature }));
        const { logits } = await session.run({ ...feeds, token_type_ids: zeros(ids) });
        await session.dispose();
        return Array.from(logits!.data as Float32Array);
      }),
    );
    expect(Math.max(...raw!.map(Math.abs))).toBeGreaterThan(0.01);
    for (const [i, value] of raw!.entries()) expect(divided![i]).toBeCloseTo(value / 2.5, 6);
  }
  for (const [task, temperature] of [
    ["single-label", 0],
    ["single-label", Number.NaN],
    ["multi-label", 2],
    ["regression", 2],
  ] as const)
    expect(() => exportOnnx(modelFor(task), initialise(modelFor(task), random(3)), "float32", { temperature })).toThrow(
      /E_ARGUMENT/,
    );
});
