// Texts that begin and end at different times, written together: each is what it would be alone, whoever stands beside it.
import { afterAll, expect, test } from "vitest";
import { random } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { initialise, modelOf } from "../models/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { jsTokenizer, trainByteBpe } from "../tokenizers/index.ts";
import { type Decoder, openDecoder } from "./decoder.ts";
import { type BatchOptions, generatorOf } from "./generator.ts";

const tokenizer = await jsTokenizer(trainByteBpe(["the cat sat on the mat", "the dog sat"], { vocabSize: 280 }));
const configs = {
  gpt2: { model_type: "gpt2", architectures: ["GPT2LMHeadModel"], n_embd: 32, n_layer: 2, n_head: 2, n_positions: 40 },
  llama: {
    model_type: "llama",
    architectures: ["LlamaForCausalLM"],
    hidden_size: 32,
    intermediate_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 40,
  },
};

const opened = await Promise.all(
  Object.values(configs).map(async (config) => {
    const model = modelOf(configOf({ ...config, vocab_size: tokenizer.vocabSize, initializer_range: 0.4 }, "test"));
    return await openDecoder(model, initialise(model, random(3)), cpuRuntime, { threads: 1 });
  }),
);
const decoders = new Map(Object.keys(configs).map((name, i) => [name, opened[i]!]));
afterAll(async () => {
  for (const decoder of decoders.values()) await decoder.dispose();
});

/** A decoder that tells how many texts each of its steps has. */
function counting(decoder: Decoder): { decoder: Decoder; rows: number[] } {
  const rows: number[] = [];
  const start: Decoder["start"] = async (prompts) => {
    const decoding = await decoder.start(prompts);
    return {
      get state() {
        return decoding.state;
      },
      get logits() {
        return decoding.logits;
      },
      keep: decoding.keep,
      join: decoding.join,
      step: async (tokens) => {
        rows.push(tokens.length);
        await decoding.step(tokens);
      },
    };
  };
  return { decoder: { ...decoder, start }, rows };
}

const asked: (BatchOptions & { prompt: string })[] = [
  { prompt: "the cat", maxTokens: 25, temperature: 1, seed: 1 },
  { prompt: "the dog sat on the mat on the mat", maxTokens: 9, temperature: 0.7, seed: 2, topK: 20 },
  { prompt: "t", maxTokens: 12 },
  { prompt: "sat on the", maxTokens: 60, temperature: 1, seed: 3, overflow: "window" }, // outgrows the model twice
  { prompt: "mat", maxTokens: 14, temperature: 1, seed: 4, form: { pattern: "[a-z ]{3,9}[0-9]{2}" } },
  { prompt: "a cat", maxTokens: 20, temperature: 1, seed: 5, repetitionPenalty: 1.5, stop: ["e"] },
];

test.each([...decoders])(
  "%s: texts that join and leave between tokens are those that are written alone",
  async (_, inner) => {
    const { decoder, rows } = counting(inner);
    const generator = generatorOf(decoder, tokenizer);
    const alone = [];
    for (const { prompt, ...options } of asked) alone.push((await generator.continuations([prompt], options))[0]);
    rows.length = 0;
    const streams = asked.map(({ prompt, ...options }) => generator.stream(prompt, options));
    const texts = asked.map(() => "");
    const ends: unknown[] = [];
    for (let turn = 0; ends.filter(Boolean).length < asked.length; turn++)
      for (const [i, stream] of streams.entries()) {
        if (turn < i || ends[i]) continue; // each begins a token after the one before
        const { value } = await stream.next();
        texts[i] += value!.text;
        if (value!.end) ends[i] = { text: texts[i], ...value!.end };
      }
    expect(ends).toEqual(alone);
    const tokens = alone.reduce((sum, one) => sum + one!.tokens.length, 0);
    expect(Math.max(...rows)).toBeGreaterThanOrEqual(3);
    expect(rows.length).toBeLessThan(0.6 * tokens); // one step gave several their token
  },
);

test("readers at the same time share steps; one that leaves early, or is stopped, changes no other", async () => {
  const { decoder, rows } = counting(decoders.get("gpt2")!);
  const generator = generatorOf(decoder, tokenizer);
  const options = { maxTokens: 20, temperature: 1, seed: 7 };
  const [alone] = await generator.continuations(["the cat"], options);
  rows.length = 0;
  const stop = new AbortController();
  const read = async (prompt: string, more: BatchOptions = {}, most = Number.POSITIVE_INFINITY) => {
    let [text, count] = ["", 0];
    for await (const piece of generator.stream(prompt, { ...options, ...more })) {
      text += piece.text;
      if (piece.end) return { text, ...piece.end };
      if (++count >= most) return undefined;
      if (more.signal && count === 5) stop.abort();
    }
    return undefined;
  };
  const found = await Promise.all([
    read("the cat"),
    read("the dog", {}, 3),
    read("the mat", { signal: stop.signal }),
    read("the cat"),
  ]);
  expect([found[0], found[3]]).toEqual([alone, alone]);
  expect(found[1]).toBeUndefined();
  expect(found[2]).toMatchObject({ finish: "stopped" });
  expect(rows.length).toBeLessThanOrEqual(22);
  expect(rows.at(-1)).toBe(2);
});

test("a text that fails is its own fault; a model that fails is everybody's, and the next text is written again", async () => {
  const inner = decoders.get("gpt2")!;
  let isBroken = false;
  const start: Decoder["start"] = async (prompts) => {
    const decoding = await inner.start(prompts);
    const step: typeof decoding.step = (tokens) =>
      isBroken ? Promise.reject(new Error("broken")) : decoding.step(tokens);
    return Object.create(decoding, { step: { value: step } });
  };
  const generator = generatorOf({ ...inner, start }, tokenizer);
  const options = { maxTokens: 8, temperature: 1, seed: 7 };
  const [good, other] = [generator.stream("the cat", options), generator.stream("the dog", options)];
  await good.next();
  await other.next();
  isBroken = true;
  await expect(
    (async () => {
      for await (const _ of good);
    })(),
  ).rejects.toThrow("broken");
  await expect(
    (async () => {
      for await (const _ of other);
    })(),
  ).rejects.toThrow("broken");
  isBroken = false;
  const [alone] = await generator.continuations(["the cat"], options);
  let text = "";
  for await (const piece of generator.stream("the cat", options)) text += piece.text;
  expect(text).toBe(alone!.text);
});
