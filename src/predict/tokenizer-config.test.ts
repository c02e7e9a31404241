// tokenizer_config.json: the class that Transformers 4, 5 and transformers.js read alike, inputs, roles, template.
import { expect, test } from "vitest";
import { readTokenizerFile, readVocabTxt } from "../tokenizer-files/index.ts";
import { composed, jsTokenizer } from "../tokenizers/index.ts";
import { tokenizerConfig } from "./tokenizer-config.ts";

const bert = readVocabTxt("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n", { lowercase: false, stripAccents: true });
const bpe = readTokenizerFile({
  version: "1.0",
  added_tokens: ["<|begin|>", "<|end|>"].map((content, i) => ({
    id: i,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: { type: "BPE", vocab: { "<|begin|>": 0, "<|end|>": 1, a: 2 }, merges: [] },
});
const tokens = (types: number) => ({ tokens: { types } as never });

test("BERT's own file is read by BERT's class, with the text settings that it would otherwise change", async () => {
  const config = tokenizerConfig(await jsTokenizer(bert), 64, tokens(2));
  expect(config).toMatchObject({
    tokenizer_class: "BertTokenizer",
    do_lower_case: false,
    strip_accents: true,
    tokenize_chinese_chars: true,
    model_max_length: 64,
    model_input_names: ["input_ids", "token_type_ids", "attention_mask"],
    cls_token: "[CLS]",
    mask_token: "[MASK]",
  });
});

test("a file that BERT's class would make anew without NFKC is read by the class that reads it", async () => {
  expect(tokenizerConfig(await jsTokenizer(composed(bert)), 64).tokenizer_class).toBe("ConvBertTokenizer");
});

test("segments are named exactly for models that have several", async () => {
  const tokenizer = await jsTokenizer(bert);
  for (const types of [0, 1])
    expect(tokenizerConfig(tokenizer, 64, tokens(types)).model_input_names).toEqual(["input_ids", "attention_mask"]);
  expect(tokenizerConfig(tokenizer, 64)).not.toHaveProperty("model_input_names");
});

test("a decoder keeps its roles and its template, and gets none that it did not have", async () => {
  const settings = {
    bos_token: "<|begin|>",
    eos_token: { content: "<|end|>" },
    chat_template: "{{ x }}",
    pad_token: null,
  };
  const config = tokenizerConfig(await jsTokenizer(bpe, { settings }), 4096);
  expect(config).toMatchObject({ ...settings, tokenizer_class: "PreTrainedTokenizerFast", padding_side: "right" });
  expect(
    Object.keys(config)
      .filter((name) => /_token$/.test(name))
      .sort(),
  ).toEqual(["bos_token", "eos_token", "pad_token"]);
});

test("settings of another length give way, those of padding stay, and files of another machine are left out", async () => {
  const { tokenizerSettings } = await import("../tokenizer-files/settings.ts");
  const settings = tokenizerSettings({
    config: {
      padding_side: "left",
      model_max_length: 1e30,
      auto_map: { a: "b" },
      name_or_path: "/x",
      errors: "replace",
    },
    templates: { default: "a", tool: "b" },
  });
  const config = tokenizerConfig(await jsTokenizer(bpe, { settings }), 128);
  expect(config).toMatchObject({ padding_side: "left", model_max_length: 128, errors: "replace" });
  expect(config).not.toHaveProperty("auto_map");
  expect(config).not.toHaveProperty("name_or_path");
  expect(config.chat_template).toEqual([
    { name: "default", template: "a" },
    { name: "tool", template: "b" },
  ]);
});
