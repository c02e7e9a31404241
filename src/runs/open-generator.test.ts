// A model that writes, opened with its matrices in fewer bits: what changes, and what is refused.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { faultLater } from "../../test/fault.ts";
import { random } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { initialise, modelOf } from "../models/index.ts";
import { saveModel } from "../models/node/index.ts";
import { tokenizerConfig } from "../predict/index.ts";
import { jsTokenizer, trainByteBpe } from "../tokenizers/index.ts";
import { openGenerator } from "./open-generator.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-bits-"));
beforeAll(async () => {
  const tokenizer = await jsTokenizer(trainByteBpe(["the cat sat on the mat"], { vocabSize: 270 }));
  const sizes = { vocab_size: tokenizer.vocabSize, n_embd: 32, n_layer: 2, n_head: 2, n_positions: 64 };
  const named = { model_type: "gpt2", architectures: ["GPT2LMHeadModel"], initializer_range: 0.3 };
  const model = modelOf(configOf({ ...named, ...sizes }, "test"));
  await saveModel(folder, model, initialise(model, random(3)), {
    "tokenizer.json": JSON.stringify(tokenizer.source),
    "tokenizer_config.json": tokenizerConfig(tokenizer, 64),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const words = ["the", "cat", "sat", "on", "a", "mat"];
const prompts = words.flatMap((one) => words.map((other) => `${one} ${other}`));
const written = async (bits?: 8 | 4) => {
  const { generator } = await openGenerator(folder, { bits, threads: 1 });
  const all = await generator.continuations(prompts, { maxTokens: 1 }); // one differs, and all after it do
  await generator.dispose();
  return all.flatMap(({ tokens }) => tokens);
};

test("eight bits write nearly what the weights write, four bits less nearly", async () => {
  const [whole, eight, four] = [await written(), await written(8), await written(4)];
  const alike = (others: readonly number[]) => others.filter((token, i) => token === whole[i]).length / whole.length;
  expect(alike(eight)).toBeGreaterThan(0.8);
  expect(alike(four)).toBeLessThan(alike(eight));
});

test("--bits takes 8 or 4, and not with adapters", async () => {
  const { code, err } = await concord(["predict", folder, "the cat", "--bits", "5"]);
  expect([code, err]).toEqual([64, expect.stringMatching(/--bits.*not a number of bits/)]);
  expect((await concord(["predict", folder, "the cat", "--bits", "8", "--max-tokens", "3"])).code).toBe(0);
  const both = () => openGenerator(folder, { bits: 8, adapters: { style: "nowhere" } });
  expect((await faultLater("E_ARGUMENT", both)).facts.got).toBe("both");
});
