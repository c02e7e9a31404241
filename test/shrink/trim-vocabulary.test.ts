// A trimmed vocabulary: texts of the corpus give the same pieces, other texts shorter ones and nothing unknown; the model answers as before.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../../src/models/index.ts";
import { textPredictor } from "../../src/predict/index.ts";
import { countTokens, trimEmbeddings, trimVocabulary } from "../../src/shrink/index.ts";
import { readTokenizerFile, type TokenizerFile, vocabularySize } from "../../src/tokenizer-files/index.ts";
import { trainWordPiece } from "../../src/tokenizers/index.ts";
import { rustTokenizer } from "../../src/tokenizers/node/index.ts";
import { fault } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";

const corpus = [
  "a sore throat and a fever",
  "the fever went down after two days",
  "itchy spots on both arms",
  "no cough, no fever",
];
const others = ["a headache since yesterday", "swollen knees; she cannot walk", "throats"];
const wordPiece = trainWordPiece([...corpus, ...others, ...others], { vocabSize: 180 });
const golden = join(import.meta.dirname, "../golden/tokenizers");
const files: [string, TokenizerFile][] = [
  ["wordpiece, learned", wordPiece],
  ...["wordpiece-cased", "bpe-gpt2", "bpe-roberta", "unigram"].map((name): [string, TokenizerFile] => [
    name,
    readTokenizerFile(readFileSync(join(golden, name, "tokenizer.json"))),
  ]),
];

test.each(files)(
  "%s: the corpus keeps its pieces, and other texts have no unknown token where they had none",
  async (_, file) => {
    const before = await rustTokenizer(file);
    const { file: smaller, kept } = trimVocabulary(
      file,
      countTokens((await before.encodeIds(corpus, { maxLength: 64 })).map((ids) => ({ ids }))),
    );
    const after = await rustTokenizer(smaller);
    expect(kept.length).toBeLessThan(vocabularySize(file.model, file.added_tokens));
    expect(after.vocabSize).toBe(kept.length);
    const [old, now] = [await before.encodeBatch(corpus), await after.encodeBatch(corpus)];
    for (const [i, encoding] of now.entries()) {
      expect(encoding.tokens).toEqual(old[i]!.tokens);
      expect(encoding.ids.map((id) => kept[id])).toEqual([...old[i]!.ids]);
      expect(encoding.offsets).toEqual(old[i]!.offsets);
    }
    const unknown = (tokens: readonly string[]) => tokens.filter((t) => /^(\[UNK\]|<unk>)$/.test(t)).length;
    const [wide, narrow] = [await before.encodeBatch(others), await after.encodeBatch(others)];
    for (const [i, encoding] of narrow.entries()) expect(unknown(encoding.tokens)).toBe(unknown(wide[i]!.tokens));
  },
);

test("a size keeps the most frequent tokens, and a count drops rare ones", async () => {
  const tokenizer = await rustTokenizer(wordPiece);
  const counts = countTokens((await tokenizer.encodeIds(corpus, { maxLength: 64 })).map((ids) => ({ ids })));
  const all = trimVocabulary(wordPiece, counts);
  const few = trimVocabulary(wordPiece, counts, { atLeast: 3 });
  expect(few.kept.length).toBeLessThan(all.kept.length);
  const fever = Object.entries((wordPiece.model as { vocab: Record<string, number> }).vocab).find(
    ([t]) => t === "fever",
  )?.[1];
  if (fever !== undefined && counts.get(fever)! >= 3) expect(few.kept).toContain(fever);
  const small = trimVocabulary(wordPiece, counts, { size: few.kept.length });
  expect(small.kept.length).toBeLessThanOrEqual(all.kept.length);
  expect(fault("E_ARGUMENT", () => trimVocabulary(wordPiece, counts, { size: 0 })).facts.problem).toBe("size is wrong");
});

test("a model with the kept rows answers texts of the corpus as before, to the bit", async () => {
  const size = vocabularySize(wordPiece.model, wordPiece.added_tokens);
  const sizes = {
    vocab_size: size,
    hidden_size: 16,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 32,
    max_position_embeddings: 40,
  };
  const config = withHead({ model_type: "bert", ...sizes, type_vocab_size: 2 }, "Bert", "single-label", ["a", "b"]);
  const model = modelOf(configOf(config, "test"));
  const weights = initialise(model, random(1));
  const tokenizer = await rustTokenizer(wordPiece);
  const { file, kept } = trimVocabulary(
    wordPiece,
    countTokens((await tokenizer.encodeIds(corpus, { maxLength: 40 })).map((ids) => ({ ids }))),
  );
  const smaller = trimEmbeddings(model, weights, kept);
  expect(smaller.model.config.vocab_size).toBe(kept.length);
  const before = await textPredictor(model, weights, tokenizer, cpuRuntime);
  const after = await textPredictor(smaller.model, smaller.weights, await rustTokenizer(file), cpuRuntime);
  expect(await after.logits(corpus)).toEqual(await before.logits(corpus));
  await before.dispose();
  await after.dispose();
  expect(fault("E_ARGUMENT", () => trimEmbeddings(model, weights, [0, size])).facts.got).toBe(String(size));
});
