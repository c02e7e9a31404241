// Vectors of texts against sentence-transformers: a folder that it wrote, its poolings and its normalisation; and our layout read back.
// Numbers: test/golden/heads.json and test/golden/sentence (tools/heads-reference.py: sentence-transformers 6.2.0).
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { configOf } from "../../src/formats/index.ts";
import { type EmbeddingForm, modelOf } from "../../src/models/index.ts";
import { loadModel, saveModel, sentenceForm, sentenceLength } from "../../src/models/node/index.ts";
import { cosine, embedderOf, exportOnnx, textEmbedder } from "../../src/predict/index.ts";
import { openEmbedder } from "../../src/runs/index.ts";
import { openTokenizer } from "../../src/tokenizers/node/index.ts";
import { fault } from "../fault.ts";
import { goldenJson, goldenPath } from "../golden.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";

const golden = goldenJson<{ texts: string[]; sentence: Record<string, number[][]> }>("heads.json");
const folder = goldenPath("sentence");
const root = mkdtempSync(join(tmpdir(), "concord-sentence-"));
afterAll(() => rmSync(root, { recursive: true }));
const furthest = (a: readonly Float32Array[], b: readonly (readonly number[])[]) =>
  Math.max(...a.flatMap((row, i) => Array.from(row, (x, h) => Math.abs(x - b[i]![h]!))));

const forms = (["mean", "cls", "max"] as const).flatMap((pooling) =>
  [true, false].map((normalize): EmbeddingForm => ({ pooling, normalize })),
);
test.each(forms)(
  "pooling $pooling, length 1 $normalize: vectors are those of sentence-transformers",
  async (embedding) => {
    const { model, weights } = await loadModel(folder, { head: { task: "embedding", embedding } });
    const tokenizer = await openTokenizer(folder);
    const embedder = await textEmbedder(model, weights, tokenizer, cpuRuntime, { maxLength: 8 });
    const expected = golden.sentence[`${embedding.pooling}${embedding.normalize ? " 1" : ""}`]!;
    expect(furthest(await embedder.vectors(golden.texts), expected)).toBeLessThan(1e-5);
    const other = golden.sentence[embedding.pooling === "mean" ? "max" : "mean"]!;
    expect(furthest(await embedder.vectors(golden.texts), other)).toBeGreaterThan(0.01);
    await embedder.dispose();
  },
);

test("a folder of sentence-transformers opens as it is: its pooling, its normalisation, its longest text", async () => {
  expect(await sentenceForm(folder)).toEqual({ pooling: "mean", normalize: true });
  const { embedder } = await openEmbedder(folder);
  expect(embedder.limit).toBe(8);
  expect(furthest(await embedder.vectors(golden.texts), golden.sentence["mean 1"]!)).toBeLessThan(1e-5);
  await embedder.dispose();
});

test("what we write has the layout of sentence-transformers, and opens to the same vectors, as does its ONNX file", async () => {
  const form = { pooling: "max", normalize: false } as const;
  const { model, weights } = await loadModel(folder, { head: { task: "embedding", embedding: form } });
  const own = join(root, "own");
  const files = Object.fromEntries(
    ["tokenizer.json", "tokenizer_config.json"].map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
  await saveModel(own, model, weights, files);
  expect(await sentenceForm(own)).toEqual(form);
  expect(await sentenceLength(own)).toBe(8);
  const { embedder } = await openEmbedder(own);
  const exported = embedderOf(await openOnnx(exportOnnx(model, weights)), model, embedder.tokenizer, { maxLength: 8 });
  for (const each of [embedder, exported]) {
    expect(furthest(await each.vectors(golden.texts), golden.sentence.max!)).toBeLessThan(1e-5);
    await each.dispose();
  }
});

test("modules, poolings and heads that are not covered are refused by name", async () => {
  const other = join(root, "other");
  cpSync(folder, other, { recursive: true });
  const modules = JSON.parse(readFileSync(join(folder, "modules.json"), "utf8"));
  writeFileSync(join(other, "modules.json"), JSON.stringify([...modules, { type: "a.Dense", path: "3_Dense" }]));
  await expect(openEmbedder(other)).rejects.toThrow(/Normalize, Dense/);
  writeFileSync(join(other, "modules.json"), JSON.stringify(modules));
  writeFileSync(join(other, "1_Pooling/config.json"), JSON.stringify({ pooling_mode: "weightedmean" }));
  await expect(openEmbedder(other)).rejects.toThrow(/weightedmean/);
  writeFileSync(join(other, "sentence_bert_config.json"), JSON.stringify({ do_lower_case: true }));
  await expect(sentenceLength(other)).rejects.toThrow(/do_lower_case/);
  const { model } = await loadModel(folder, { head: { task: "embedding" } });
  const asked = (pooling: string) => () => modelOf(configOf({ ...model.config, sentence_embedding: { pooling } }, "c"));
  expect(fault("E_MODEL", asked("last")).facts.problem).toMatch(/look back only/);
  expect(asked("median")).toThrow(/sentence_embedding/);
  const headed = { ...model.config, architectures: ["BertForMaskedLM"] };
  expect(fault("E_MODEL", () => modelOf(configOf(headed, "c"))).facts.problem).toMatch(/bare encoders/);
});

test("the cosine of two vectors is 1 for one direction, and 0 where a vector has no length", () => {
  expect(cosine([1, 2], [2, 4])).toBeCloseTo(1, 12);
  expect(cosine([1, 0], [0, 3])).toBe(0);
  expect(cosine([0, 0], [0, 3])).toBe(0);
});
