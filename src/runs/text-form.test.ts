// In which form a model reads characters: a pretrained tokenizer as in its own folder, a vocabulary made by the run in NFKC; and that
// training, the saved folder, the library and the command line agree.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { initialise, modelOf } from "../models/index.ts";
import { saveModel } from "../models/node/index.ts";
import { tokenizerConfig } from "../predict/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import { openModel } from "../stages/open-model.ts";
import type { RunEvent } from "../stages/stage.ts";
import { readVocabTxt } from "../tokenizer-files/index.ts";
import { jsTokenizer } from "../tokenizers/index.ts";
import { openTokenizer } from "../tokenizers/node/index.ts";
import { runRecipe } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-form-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const path = (...parts: string[]) => join(home, ...parts);

// as bert-base-chinese: a number with a unit has tokens of its own, a full-width comma too, and Ｔ is not T
const signs = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "体",
  "温",
  "咳",
  "，",
  ",",
  ".",
  "℃",
  "##℃",
  "Ｔ",
  "T",
  "①",
];
const digits = Array.from({ length: 10 }, (_, i) => [`${i}`, `##${i}`]).flat();
const tokenizer = await jsTokenizer(readVocabTxt([...signs, ...digits, "37", "36"].join("\n"), { lowercase: false }));
const config = {
  model_type: "bert",
  architectures: ["BertModel"],
  vocab_size: tokenizer.vocabSize,
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 16,
  max_position_embeddings: 32,
};
const model = modelOf(configOf(config, "test"));
await saveModel(path("pretrained"), model, initialise(model, random(1)), {
  "tokenizer.json": JSON.stringify(tokenizer.source),
  "tokenizer_config.json": tokenizerConfig(tokenizer, 32),
});
// the classes differ in the unit's digit alone, which NFKC makes one unknown word with its sign: 1°C
const rows = Array.from(
  { length: 120 },
  (_, i) => `"体温3${6 + (i % 2)}.${i % 2 ? 9 : 1}℃，咳${i}",${i % 2 ? "hot" : "cool"}`,
);
writeFileSync(path("t.csv"), `text,label\n${rows.join("\n")}\n`);
const recipe = (model: string) =>
  readRecipe(
    `version: 1\nname: form\ndata: { file: t.csv, label: label, similarity: 1 }\nmodel: ${model}\nadapt: { epochs: 1, batchSize: 16, learningRate: 1e-3, threads: 1 }\nevaluate: { resamples: 20 }`,
    "recipe.yaml",
  );
const texts = ["体温37.1℃", "体温37.9℃，Ｔ①", "Ｔ, T"];

async function run(name: string, model: string) {
  const notes: string[] = [];
  const onEvent = (event: RunEvent) => event.kind === "note" && notes.push(event.text);
  await runRecipe(recipe(model), { home, folder: path(name), onEvent });
  return { notes: notes.join("\n"), read: await openTokenizer(path(name, "model")) };
}

test("a pretrained tokenizer reads text as it does in its own folder, in the run's model, its data and its predictor", async () => {
  const { notes, read } = await run("from", "{ from: pretrained, maxLength: 32 }");
  const own = await openTokenizer(path("pretrained"));
  expect(await read.encodeIds(texts)).toEqual(await own.encodeIds(texts));
  const ids = (await own.encodeIds(texts)).map((row) => row.join());
  expect(new Set(ids).size).toBe(3);
  expect((await own.encode(texts[0]!)).tokens).toContain("##℃");
  expect(notes).toMatch(/Text is not normalized/);
  const data = readFileSync(path("from", "data", "train.jsonl"), "utf8");
  expect(data).toContain("℃，咳");
  const { predictor } = await openModel(path("from"));
  const [first, second] = await predictor.logits(texts.slice(0, 2));
  expect(Math.abs(first![0]! - second![0]!)).toBeGreaterThan(1e-6);
  await predictor.dispose();
});

test("a vocabulary of the run's own is learned and read in NFKC, by whoever opens the folder", async () => {
  const { notes, read } = await run(
    "scratch",
    "{ scratch: { vocabulary: 80, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 32 }",
  );
  const [given, plain] = [texts, texts.map((text) => text.normalize("NFKC"))];
  expect(await read.encodeIds(given)).toEqual(await read.encodeIds(plain));
  expect(read.source.normalizer).toMatchObject({ type: "Sequence", normalizers: [{ type: "NFKC" }, {}] });
  expect(read.tokenToId("，")).toBeUndefined();
  expect(read.tokenToId(",")).toBeDefined();
  expect(notes).toMatch(/NFKC/);
  expect(existsSync(path("scratch", "onnx", "model.onnx"))).toBe(true);
});
