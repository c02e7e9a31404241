// Opens tokenizer files: a model folder, a tokenizer.json, a vocab.txt, or a vocab.json with its merges.txt. Knows no algorithm.
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, type JsonValue, modelFiles, parseJson } from "../../formats/index.ts";
import type { Tokenizer, TokenizerFile } from "../../tokenizer-files/index.ts";
import {
  type BertTextOptions,
  bertTextOptions,
  moreTokens,
  readTokenizerFile,
  readVocabMerges,
  readVocabTxt,
  tokenizerSettings,
} from "../../tokenizer-files/index.ts";
import { withMoreTokens } from "../added-vocabulary.ts";
import { jsTokenizer, type TokenizerOptions } from "../js-tokenizers.ts";
import { rustTokenizer } from "./rust-tokenizers.ts";

/** Options of {@link openTokenizer}. */
export interface OpenTokenizerOptions extends TokenizerOptions {
  /** Default `js`: measured faster for training (docs/development/decisions/0002-tokenizers.md), with equal results. */
  readonly implementation?: "js" | "rust";
  /** How to treat text, for a `vocab.txt` (a `tokenizer.json` says it itself). Default: as tokenizer_config.json says, else as bert-base-uncased. */
  readonly vocabTxt?: BertTextOptions;
}

const sizeLimit = 1 << 27; // bytes

/** Files that hold a vocabulary, in the order in which they are looked for. */
const layouts = [modelFiles.tokenizer, "vocab.txt", "vocab.json"] as const;

/**
 * Opens a tokenizer: a folder with `tokenizer.json`, `vocab.txt`, or `vocab.json` and `merges.txt` (the first of them), or one of
 * these files. `tokenizer_config.json`, `special_tokens_map.json` and chat templates beside it are read too.
 * @throws ConcordError E_IO when nothing can be read; E_TOKENIZER with file and key for an unusable file.
 * @example
 * const tokenizer = await openTokenizer("runs/triage/model");
 */
export async function openTokenizer(path: string, options: OpenTokenizerOptions = {}): Promise<Tokenizer> {
  const file = await findFile(path);
  const folder = dirname(file);
  const settings = options.settings ?? (await settingsBeside(folder));
  try {
    const source = await sourceOf(file, folder, settings, options);
    return await (options.implementation === "rust" ? rustTokenizer : jsTokenizer)(source, { ...options, settings });
  } catch (error) {
    if (!(error instanceof ConcordError) || error.code !== "E_TOKENIZER") throw error;
    const key = error.facts.path;
    throw new ConcordError("E_TOKENIZER", { ...error.facts, path: key === undefined ? file : `${file}: ${key}` });
  }
}

async function sourceOf(
  file: string,
  folder: string,
  settings: JsonRecord,
  options: OpenTokenizerOptions,
): Promise<TokenizerFile> {
  const bytes = await bytesOf(file);
  const kind = basename(file);
  if (!kind.endsWith(".txt") && kind !== "vocab.json") return readTokenizerFile(bytes);
  const more = moreTokens(settings, await recordAt(join(folder, "added_tokens.json")));
  if (kind.endsWith(".txt"))
    return withMoreTokens(readVocabTxt(bytes, options.vocabTxt ?? bertTextOptions(settings)), more);
  const merges = new TextDecoder().decode(await bytesOf(join(folder, "merges.txt")));
  const { model_type: type } = await recordAt(join(folder, modelFiles.config));
  const vocab: JsonValue = parseJson(bytes, file, { maxBytes: sizeLimit, maxDepth: 2 });
  return withMoreTokens(readVocabMerges(vocab, merges, settings, typeof type === "string" ? type : undefined), more);
}

async function bytesOf(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new ConcordError("E_IO", {
      operation: "open tokenizer",
      problem: (cause as Error).message,
      path: file,
      cause,
    });
  });
}

/** All that a folder says of its tokenizer beside the vocabulary. @throws E_FORMAT for a file that is not JSON */
async function settingsBeside(folder: string): Promise<JsonRecord> {
  const tokenizerConfig = await recordAt(join(folder, modelFiles.tokenizerConfig));
  // older folders name the class of the tokenizer in the model's config
  const { tokenizer_class: kind } = await recordAt(join(folder, modelFiles.config)).catch(() => ({}) as JsonRecord);
  const config = typeof kind === "string" ? { tokenizer_class: kind, ...tokenizerConfig } : tokenizerConfig;
  const specialTokens = await recordAt(join(folder, "special_tokens_map.json"));
  const template = await readFile(join(folder, "chat_template.jinja"), "utf8").catch(() => undefined);
  const more = join(folder, "additional_chat_templates");
  const names = (await readdir(more).catch(() => [] as string[])).filter((name) => name.endsWith(".jinja")).sort();
  const named = await Promise.all(
    names.map(async (name) => [name.slice(0, -".jinja".length), await readFile(join(more, name), "utf8")] as const),
  );
  const templates = Object.fromEntries([...(template === undefined ? [] : [["default", template] as const]), ...named]);
  return tokenizerSettings({ config, specialTokens, templates });
}

/** An object of a JSON file; empty where there is no such file. @throws E_FORMAT */
async function recordAt(path: string): Promise<JsonRecord> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return {};
  const value = parseJson(bytes, path);
  if (isJsonRecord(value)) return value;
  throw new ConcordError("E_FORMAT", { operation: "open tokenizer", problem: "not an object of settings", path });
}

async function findFile(path: string): Promise<string> {
  const about = await stat(path).catch(() => undefined);
  const candidates = about?.isDirectory() ? layouts.map((name) => join(path, name)) : [path];
  for (const candidate of candidates) {
    const found = await stat(candidate).catch(() => undefined);
    if (!found?.isFile()) continue;
    if (found.size <= sizeLimit) return candidate;
    throw new ConcordError("E_TOKENIZER", {
      operation: "open tokenizer",
      problem: "absurd size",
      expected: `at most ${sizeLimit} bytes`,
      got: String(found.size),
      path: candidate,
    });
  }
  throw new ConcordError("E_IO", {
    operation: "open tokenizer",
    problem: "no tokenizer here",
    expected: "a folder with tokenizer.json, vocab.txt, or vocab.json and merges.txt, or one of these files",
    got: about?.isDirectory() ? (await readdir(path)).slice(0, 8).join(", ") : "no such file or folder",
    hint: "copy tokenizer.json from where the model came",
    path,
  });
}
