// Learning a byte-level BPE: cases by hand, every text comes back, and files that both implementations load alike.
import fc from "fast-check";
import { expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { jsTokenizer } from "./js-tokenizers.ts";
import { rustTokenizer } from "./node/rust-tokenizers.ts";
import { trainByteBpe } from "./train-byte-bpe.ts";

const texts = ["the fever rose", "the fevers fell", "The Fever, the cough", "头痛，发热", "发热三天"];

test("the most frequent pair becomes a token first, and merges say what it came of", () => {
  const { model } = trainByteBpe(["ab ab ab abc"], { vocabSize: 260 });
  expect(model.type === "BPE" && model.merges.slice(0, 2)).toEqual([
    ["a", "b"],
    ["Ġ", "ab"],
  ]);
});

test("every text comes back byte for byte, whatever it holds, with both implementations", async () => {
  const file = trainByteBpe(texts, { vocabSize: 320 });
  const [js, rust] = [await jsTokenizer(file), await rustTokenizer(file)];
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...texts)), async (text) => {
      const [ids] = await js.encodeIds([text]);
      const [same] = await rust.encodeIds([text]);
      expect(ids).toEqual(same);
      expect(await js.decode(ids!)).toBe(text);
    }),
    { numRuns: 50 },
  );
});

test("words of the texts take fewer tokens than bytes, and the end of a text is one token", async () => {
  const tokenizer = await jsTokenizer(trainByteBpe(texts, { vocabSize: 300 }));
  expect((await tokenizer.encodeIds(["the fever"]))[0]!.length).toBeLessThan(5);
  expect(tokenizer.special.eos).toEqual({ token: "<|endoftext|>", id: 0 });
  expect(await tokenizer.encodeIds(["a<|endoftext|>"])).toEqual([Int32Array.of(tokenizer.tokenToId("a")!, 0)]);
});

test("the options change the vocabulary: its size, how often a pair occurs, its special tokens", () => {
  const sizeOf = (options: Parameters<typeof trainByteBpe>[1]) => {
    const { model } = trainByteBpe(texts, options);
    return Object.keys(model.vocab).length;
  };
  expect(sizeOf({ vocabSize: 270 })).toBe(270);
  expect(sizeOf({ minFrequency: 100 })).toBe(257);
  expect(sizeOf({ minFrequency: 100, special: ["<a>", "<b>"] })).toBe(258);
});

test("a vocabulary without room for the bytes, and texts without a character, are refused", () => {
  expect(fault("E_ARGUMENT", () => trainByteBpe(texts, { vocabSize: 256 })).facts.expected).toContain("257");
  fault("E_DATA", () => trainByteBpe([""]));
});
