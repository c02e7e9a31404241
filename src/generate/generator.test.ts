// A small random decoder with a tokenizer: options change what is written, the seed decides, and prompts that do not fit.
import { afterAll, expect, test } from "vitest";
import { faultLater } from "../../test/fault.ts";
import { random } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { initialise, modelOf } from "../models/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { jsTokenizer, trainByteBpe } from "../tokenizers/index.ts";
import type { BatchOptions, Piece } from "./generator.ts";
import { textGenerator } from "./generator.ts";

const tokenizer = await jsTokenizer(trainByteBpe(["the cat sat on the mat", "the dog sat"], { vocabSize: 280 }));
const config = {
  model_type: "gpt2",
  architectures: ["GPT2LMHeadModel"],
  vocab_size: tokenizer.vocabSize,
  n_embd: 32,
  n_layer: 2,
  n_head: 2,
  n_positions: 40,
  initializer_range: 0.4,
};
const model = modelOf(configOf(config, "test"));
const weights = initialise(model, random(3));
weights.get("transformer.wte.weight")!.data.fill(0, 0, 32); // the end of a text never is the likeliest
const generator = await textGenerator(model, weights, tokenizer, cpuRuntime, { threads: 1 });
afterAll(() => generator.dispose());

const one = async (options: BatchOptions, prompt = "the cat") => (await generator.continuations([prompt], options))[0]!;
const drawn = { maxTokens: 12, temperature: 1, seed: 1 };

test("a stream is the whole continuation in pieces", async () => {
  for (const options of [drawn, { maxTokens: 12 }, { maxTokens: 12, beams: 2 }]) {
    const pieces: Piece[] = [];
    for await (const piece of generator.stream("the cat", options)) pieces.push(piece);
    const { text, ...end } = await one(options);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    expect(pieces.at(-1)!.end).toEqual(end);
  }
});

test("the same seed writes the same text and another one another; each option changes something", async () => {
  const { tokens } = await one(drawn);
  expect((await one(drawn)).tokens).toEqual(tokens);
  for (const change of [
    { seed: 2 },
    { temperature: 0.05 },
    { temperature: 0 },
    { topK: 1 },
    { topP: 0.05 },
    { minP: 0.9 },
    { repetitionPenalty: 50, seed: 3 },
    { maxTokens: 3 },
  ])
    expect((await one({ ...drawn, ...change })).tokens, JSON.stringify(change)).not.toEqual(tokens);
  const greedy = await one({ maxTokens: 20 });
  expect((await one({ maxTokens: 20, noRepeatNgram: 1 })).tokens).not.toEqual(greedy.tokens);
  expect(new Set((await one({ maxTokens: 20, noRepeatNgram: 1 })).tokens).size).toBe(20);
});

test("prompts of any lengths in batches of any size give the single answers, text for text", async () => {
  const prompts = ["the", "the cat sat on the mat", "", "dog 喉", "the dog sat on", "a"];
  const alone = await Promise.all(prompts.map((prompt) => one(drawn, prompt)));
  for (const batchSize of [2, 6])
    expect(await generator.continuations(prompts, { ...drawn, batchSize })).toEqual(alone);
});

test("a stop string ends a continuation, and is no part of it", async () => {
  const { text } = await one(drawn);
  const stop = text.slice(4, 6);
  const ended = await one({ ...drawn, stop: [stop] });
  expect(ended.finish).toBe("stop");
  expect(ended.text).toBe(text.slice(0, text.indexOf(stop)));
});

test("a prompt beyond the model is refused with its number, or read by its last tokens", async () => {
  const long = "cat dog ".repeat(30);
  const refused = await faultLater("E_ARGUMENT", () => generator.continuations(["the", long], drawn));
  expect(refused.facts.problem).toContain("prompt 2");
  const windowed = await one({ ...drawn, overflow: "window", maxTokens: 60 }, long);
  expect(windowed.tokens).toHaveLength(60);
  expect((await one({ maxTokens: 200 })).finish).toBe("length");
});

test("a signal ends a stream between two tokens", async () => {
  const stop = new AbortController();
  const pieces: Piece[] = [];
  for await (const piece of generator.stream("the", { maxTokens: 30, signal: stop.signal })) {
    pieces.push(piece);
    if (pieces.length === 3) stop.abort();
  }
  expect(pieces.at(-1)!.end).toMatchObject({ finish: "stopped" });
  expect(pieces.at(-1)!.end!.tokens).toHaveLength(3);
});

test("the tokenizer of another model is refused, and a model that writes nothing", async () => {
  const small = modelOf(configOf({ ...config, vocab_size: 100 }, "test"));
  await faultLater("E_MODEL", () => textGenerator(small, initialise(small, random(1)), tokenizer, cpuRuntime));
  const classifier = modelOf(configOf({ ...config, architectures: ["GPT2ForSequenceClassification"] }, "test"));
  await faultLater("E_MODEL", () =>
    textGenerator(classifier, initialise(classifier, random(1)), tokenizer, cpuRuntime),
  );
});
