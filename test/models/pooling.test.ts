// Heads that read the mean of a text's tokens: equal to the mean of the last hidden states, padded as packed, and trained.
import { expect, test } from "vitest";
import { hostArray, random } from "../../src/base/index.ts";
import { configOf, type JsonRecord } from "../../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../../src/models/index.ts";
import { exportOnnx } from "../../src/predict/index.ts";
import { evaluationProgram, predictLogits } from "../../src/train/index.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";
import { examplesOf } from "./examples.ts";
import { goldenModel, relativeError, runPadded } from "./golden.ts";
import { savedCase, savedIds } from "./saved.ts";

const families = [
  ["bert-sequence-classification", "Bert"],
  ["roberta-sequence-classification", "Roberta"],
  ["distilbert-sequence-classification", "DistilBert"],
] as const;

const pooled = families.flatMap(([name, family]) =>
  (["mean", "max"] as const).map((pooling) => [name, family, pooling] as const),
);
test.each(pooled)("%s (%s) with pooling %s: packed rows give what padded rows give", async (name, family, pooling) => {
  const { model: given, weights, io } = goldenModel(name);
  const config = withHead(given.config as JsonRecord, family, "single-label", [...given.labels!.names], { pooling });
  const model = modelOf(configOf(config, "config.json"));
  const all = new Map([
    ...initialise(model, random(1)),
    ...[...weights].filter(([n]) => model.parameters.some((p) => p.name === n)),
  ]);
  const own = new Map(model.parameters.map((p) => [p.name, all.get(p.name)!]));
  const padded = await runPadded(cpuRuntime, model, own, io);
  const exe = await cpuRuntime.compile(evaluationProgram(model));
  const examples = examplesOf(io, "single-label");
  const packed = await predictLogits(exe, model, Object.fromEntries(own), examples, 4);
  const classes = padded.logits!.shape.at(-1)!;
  packed.forEach(({ data }, i) => {
    const want = (padded.logits!.data as Float32Array).subarray(i * classes, (i + 1) * classes);
    expect(relativeError(data, want), `text ${i}`).toBeLessThan(2e-6);
  });
  const cls = await runPadded(cpuRuntime, given, weights, io);
  expect(relativeError(cls.logits!.data as Float32Array, padded.logits!.data as Float32Array)).toBeGreaterThan(1e-3);
  await exe.dispose();
});

test("BERT with mean pooling is a linear head on the mean of the last hidden states, special tokens included", async () => {
  const { model: given, weights, io } = goldenModel("bert-sequence-classification");
  const config = withHead(given.config as JsonRecord, "Bert", "single-label", [...given.labels!.names], {
    pooling: "mean",
  });
  const model = modelOf(configOf(config, "config.json"));
  expect(model.parameters.some((p) => p.name.includes("pooler"))).toBe(false);
  const own = new Map(model.parameters.map((p) => [p.name, weights.get(p.name)!]));
  const { last_hidden_state: last, logits } = await runPadded(cpuRuntime, model, own, io);
  const [batch, longest] = io.get("input_ids")!.shape as [number, number];
  const mask = Array.from(io.get("attention_mask")!.data as unknown as ArrayLike<bigint>, Number);
  const width = last!.shape.at(-1)!;
  const rows = last!.data as Float32Array;
  const [w, b] = ["classifier.weight", "classifier.bias"].map((n) => own.get(n)!.data as Float32Array);
  const want = Array.from({ length: batch }, (_, i) => {
    const mean = new Float64Array(width);
    let count = 0;
    for (let s = 0; s < longest; s++)
      if (mask[i * longest + s]) {
        count++;
        for (let h = 0; h < width; h++) mean[h] = mean[h]! + rows[(i * longest + s) * width + h]!;
      }
    return Array.from(b!, (bias, c) => mean.reduce((sum, x, h) => sum + (x / count) * w![c * width + h]!, bias));
  }).flat();
  expect(relativeError(logits!.data as Float32Array, want)).toBeLessThan(5e-6);
});

test("a pooling that an architecture or a config does not have is refused", () => {
  const { model } = goldenModel("bert-sequence-classification");
  const config = { ...(model.config as JsonRecord), classifier_pooling: "median" };
  expect(() => modelOf(configOf(config, "config.json"))).toThrow(/classifier_pooling/);
});

test.each(["albert", "deberta-v2", "electra", "modernbert", "mpnet"])(
  "%s: each pooling gives logits of its own, packed as exported",
  async (type) => {
    const { model: given, weights } = savedCase(`${type}-single-label`);
    const labels = [...given.labels!.names];
    const answers: Float32Array[] = [];
    for (const pooling of ["cls", "mean", "max"] as const) {
      const family = given.architecture.replace("ForSequenceClassification", "");
      const config = withHead(given.config as JsonRecord, family, "single-label", labels, { pooling });
      const model = modelOf(configOf(config, "config.json"));
      const own = new Map(model.parameters.map((p) => [p.name, weights.get(p.name)!]));
      const exe = await cpuRuntime.compile(evaluationProgram(model));
      const examples = savedIds.map((ids) => ({ ids: Int32Array.from(ids) }));
      const packed = await predictLogits(exe, model, Object.fromEntries(own), examples, 2);
      await exe.dispose();
      const session = await openOnnx(exportOnnx(model, own));
      for (const [i, ids] of savedIds.entries()) {
        const row = (values: readonly number[]) =>
          hostArray("int64", [1, values.length], BigInt64Array.from(values, BigInt));
        const feeds = { input_ids: row(ids), attention_mask: row(ids.map(() => 1)) };
        const types = row(ids.map(() => 0));
        const { logits } = await session.run(model.tokens!.types > 0 ? { ...feeds, token_type_ids: types } : feeds);
        expect(relativeError(packed[i]!.data, logits!.data as Float32Array), `${pooling}, text ${i}`).toBeLessThan(
          5e-6,
        );
      }
      await session.dispose();
      answers.push(packed[0]!.data);
    }
    for (const [i, a] of answers.entries())
      for (const b of answers.slice(i + 1)) expect(relativeError(a, b)).toBeGreaterThan(1e-3);
  },
);
