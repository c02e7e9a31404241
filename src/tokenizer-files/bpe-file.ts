// Builds the tokenizer file of GPT-2 and RoBERTa around vocab.json and merges.txt, as folders of before 2021 have them. Knows no disk.
import { isJsonRecord, type JsonRecord, type JsonValue } from "../formats/index.ts";
import { brief, fault } from "./checked-json.ts";
import type { TokenizerFile } from "./file-format.ts";
import { readTokenizerFile } from "./read-file.ts";
import { rolesOf, tokenizerClass } from "./settings.ts";

const hint = {
  hint: "save it in Python as tokenizer.json: AutoTokenizer.from_pretrained(folder).save_pretrained(folder)",
};

/** Classes with RoBERTa's frame `<s> … </s>`, and those with none. */
const framed = new Set(["Roberta", "Bart", "Longformer", "LED"]);
const bare = new Set(["GPT2", "CodeGen", "PreTrained"]);

/** Classes that a config's model_type stands for where no tokenizer_config.json names one. */
const classes: Readonly<Record<string, string>> = {
  roberta: "Roberta",
  bart: "Bart",
  longformer: "Longformer",
  led: "LED",
  gpt2: "GPT2",
  gpt_neo: "GPT2",
  opt: "OPT",
};

/**
 * The tokenizer file that belongs to a vocab.json and a merges.txt.
 * @param settings of the folder; they name the class, roles and `add_prefix_space`
 * @param modelType of config.json, for a folder that names no class
 * @throws ConcordError E_TOKENIZER for files that do not fit, and for classes that split text in another way
 */
export function readVocabMerges(
  vocab: JsonValue,
  merges: string,
  settings: JsonRecord,
  modelType: string | undefined,
): TokenizerFile {
  if (!isJsonRecord(vocab)) throw fault("vocab.json", "wrong type", { expected: "token → id", got: brief(vocab) });
  const declared =
    tokenizerClass(settings) ?? (modelType === undefined ? undefined : (classes[modelType] ?? modelType));
  const has = (token: string) => Object.hasOwn(vocab, token);
  const kind =
    declared === undefined || declared === "PreTrained" ? (has("<s>") && has("</s>") ? "Roberta" : "GPT2") : declared;
  if (!framed.has(kind) && !bare.has(kind))
    throw fault("vocab.json", "this tokenizer is not covered with vocab.json and merges.txt", {
      expected: "GPT2Tokenizer, RobertaTokenizer or BartTokenizer",
      got: declared ?? "none",
      ...hint,
    });
  const pairs = mergePairs(merges);
  if (pairs.some((pair) => pair.join("").endsWith("</w>")))
    throw fault("merges.txt", "tokens end in </w>: this is not byte-level BPE", { hint: "use tokenizer.json" });
  return framed.has(kind) ? robertaFile(vocab, pairs, settings) : gpt2File(vocab, pairs, settings);
}

function mergePairs(text: string): (readonly [string, string])[] {
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  return lines.flatMap((line, i) => {
    if (line === "" || (i === 0 && line.startsWith("#version"))) return [];
    const parts = line.split(" ");
    if (parts.length !== 2 || parts.includes(""))
      throw fault(`merges.txt line ${i + 1}`, "not two tokens", { got: JSON.stringify(line.slice(0, 60)) });
    return [parts as unknown as readonly [string, string]];
  });
}

const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };

function byteLevel(
  vocab: JsonRecord,
  merges: readonly (readonly [string, string])[],
  prefix: boolean,
  special: AddedToken[],
) {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special.sort((a, b) => a.id - b.id),
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: prefix, trim_offsets: true, use_regex: true },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges,
    },
  };
}

type AddedToken = typeof plain & { id: number; content: string };

function added(vocab: JsonRecord, tokens: readonly string[], mask?: string): AddedToken[] {
  const known = [...new Set(tokens)].filter((token) => typeof vocab[token] === "number");
  return known.map((content) => ({ ...plain, lstrip: content === mask, content, id: vocab[content] as number }));
}

function robertaFile(
  vocab: JsonRecord,
  merges: readonly (readonly [string, string])[],
  settings: JsonRecord,
): TokenizerFile {
  const roles = rolesOf(settings);
  const { cls = "<s>", sep = "</s>", unk = "<unk>", pad = "<pad>", mask = "<mask>", bos = cls, eos = sep } = roles;
  const prefix = settings.add_prefix_space === true;
  for (const [role, token] of Object.entries({ cls, sep }))
    if (typeof vocab[token] !== "number")
      throw fault("vocab.json", `the ${role} token is missing`, { expected: token });
  return readTokenizerFile({
    ...byteLevel(vocab, merges, prefix, added(vocab, [bos, eos, cls, sep, unk, pad, mask], mask)),
    post_processor: {
      type: "RobertaProcessing",
      sep: [sep, vocab[sep]],
      cls: [cls, vocab[cls]],
      trim_offsets: true,
      add_prefix_space: prefix,
    },
  });
}

/**
 * The tokenizer file of a byte-level BPE: GPT-2's, with other tokens.
 * @param tokens by id, special ones included @param special that are read as one token each, and never cut
 */
export function byteLevelFile(
  tokens: readonly string[],
  merges: readonly (readonly [string, string])[],
  special: readonly string[],
): TokenizerFile {
  const vocab = Object.create(null) as JsonRecord;
  for (const [id, token] of tokens.entries()) vocab[token] = id;
  return readTokenizerFile({
    ...byteLevel(vocab, merges, false, added(vocab, special)),
    post_processor: { type: "ByteLevel", add_prefix_space: true, trim_offsets: false, use_regex: true },
  });
}

function gpt2File(
  vocab: JsonRecord,
  merges: readonly (readonly [string, string])[],
  settings: JsonRecord,
): TokenizerFile {
  const end = "<|endoftext|>";
  if (settings.add_bos_token === true)
    throw fault("add_bos_token", "is not covered with vocab.json and merges.txt", hint);
  const special = [end, ...Object.values(rolesOf(settings))];
  const prefix = settings.add_prefix_space === true;
  return readTokenizerFile({
    ...byteLevel(vocab, merges, prefix, added(vocab, special)),
    post_processor: { type: "ByteLevel", add_prefix_space: true, trim_offsets: false, use_regex: true },
  });
}
