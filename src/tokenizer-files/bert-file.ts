// Builds the tokenizer file of BERT around a list of WordPiece tokens, as for a vocab.txt. Knows no corpus and no disk.
import { fault } from "./checked-json.ts";
import type { TokenizerFile } from "./file-format.ts";
import { readTokenizerFile } from "./read-file.ts";

/** Roles and spellings of BERT's special tokens. */
export const bertSpecialTokens = { pad: "[PAD]", unk: "[UNK]", cls: "[CLS]", sep: "[SEP]", mask: "[MASK]" } as const;

/** How a BERT tokenizer treats text. */
export interface BertTextOptions {
  /** Fold case, and strip accents unless told otherwise. Default true. */
  readonly lowercase?: boolean;
  /** Remove accents. Default: as `lowercase`. */
  readonly stripAccents?: boolean;
  /** Every ideograph is a word. Default true. */
  readonly handleChineseChars?: boolean;
  /** Drop control characters, turn all white space into spaces. Default true. */
  readonly cleanText?: boolean;
  /** Spellings of the special tokens. Default: `[PAD]`, `[UNK]`, `[CLS]`, `[SEP]`, `[MASK]`. */
  readonly special?: Partial<Record<keyof typeof bertSpecialTokens, string>>;
}

/** The normalizer part of these options. */
export function bertNormalizerConfig(options: BertTextOptions) {
  return {
    type: "BertNormalizer",
    clean_text: options.cleanText ?? true,
    handle_chinese_chars: options.handleChineseChars ?? true,
    strip_accents: options.stripAccents ?? null,
    lowercase: options.lowercase ?? true,
  } as const;
}

/** The checked file: token i of the list has id i. Special tokens that the list lacks are left out where BERT can do without. */
export function bertTokenizerFile(
  tokens: readonly string[],
  options: BertTextOptions,
  moreSpecial: readonly string[] = [],
): TokenizerFile {
  const special = { ...bertSpecialTokens, ...options.special };
  const ids = new Map(tokens.map((token, id) => [token, id]));
  for (const role of ["unk", "cls", "sep"] as const)
    if (!ids.has(special[role])) throw fault("vocabulary", `the ${role} token is missing`, { expected: special[role] });
  const vocab = Object.create(null) as Record<string, number>;
  for (const [token, id] of ids) vocab[token] = id;
  const frame = (token: string, type_id: number) => ({ SpecialToken: { id: token, type_id } });
  const text = (id: "A" | "B", type_id: number) => ({ Sequence: { id, type_id } });
  const known = [...new Set([...Object.values(special), ...moreSpecial])].filter((token) => ids.has(token));
  const named = (token: string) => ({ id: token, ids: [ids.get(token)!], tokens: [token] });
  return readTokenizerFile({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: known
      .map((content) => ({ id: ids.get(content)!, content, ...plain, special: true }))
      .sort((a, b) => a.id - b.id),
    normalizer: bertNormalizerConfig(options),
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [frame(special.cls, 0), text("A", 0), frame(special.sep, 0)],
      pair: [frame(special.cls, 0), text("A", 0), frame(special.sep, 0), text("B", 1), frame(special.sep, 1)],
      special_tokens: { [special.cls]: named(special.cls), [special.sep]: named(special.sep) },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: special.unk,
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab,
    },
  });
}

/** True where a pair is framed as BERT frames it, the second text in a segment of its own. */
export function framesAsBert({ post_processor: processor }: TokenizerFile): boolean {
  if (processor?.type === "BertProcessing") return true;
  if (processor?.type !== "TemplateProcessing") return false;
  const [first, , last] = processor.pair;
  if (first === undefined || last === undefined || !("SpecialToken" in first && "SpecialToken" in last)) return false;
  const [cls, sep] = [first.SpecialToken.id, last.SpecialToken.id];
  const frame = (token: string, type_id: number) => ({ SpecialToken: { id: token, type_id } });
  const single = [frame(cls, 0), { Sequence: { id: "A", type_id: 0 } }, frame(sep, 0)];
  const pair = [...single, { Sequence: { id: "B", type_id: 1 } }, frame(sep, 1)];
  return JSON.stringify([processor.single, processor.pair]) === JSON.stringify([single, pair]);
}

/** True for a file that Transformers' `BertTokenizer` makes equal from the vocabulary and its own settings. */
export function isPlainBert(file: TokenizerFile): boolean {
  const { normalizer, pre_tokenizer: words, model } = file;
  return (
    framesAsBert(file) &&
    normalizer?.type === "BertNormalizer" &&
    normalizer.clean_text &&
    words?.type === "BertPreTokenizer" &&
    model.type === "WordPiece" &&
    model.continuing_subword_prefix === "##" &&
    model.max_input_chars_per_word === 100
  );
}

const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };

/**
 * The tokenizer file that belongs to a `vocab.txt` (one token a line, its id is the line number from 0).
 * @throws ConcordError E_TOKENIZER for doubles and missing special tokens.
 * @example
 * const tokenizer = await jsTokenizer(readVocabTxt("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nsore\n##s\n"));
 */
export function readVocabTxt(input: string | Uint8Array, options: BertTextOptions = {}): TokenizerFile {
  const text = typeof input === "string" ? input : decodeUtf8(input);
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  if (lines.at(-1) === "") lines.pop();
  const seen = new Map<string, number>();
  lines.forEach((token, line) => {
    const before = seen.get(token);
    if (before !== undefined)
      throw fault(`vocab.txt line ${line + 1}`, "the same token twice", {
        got: `${JSON.stringify(token.slice(0, 60))}, also on line ${before + 1}`,
      });
    seen.set(token, line);
  });
  return bertTokenizerFile(lines, options);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fault("vocab.txt", "not UTF-8");
  }
}
