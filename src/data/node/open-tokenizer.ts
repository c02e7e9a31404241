// Opens tokenizer files: a model folder, a tokenizer.json or a vocab.txt. Knows no algorithm.
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { jsTokenizer, type TokenizerOptions } from "../js-tokenizers.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { type BertTextOptions, readVocabTxt } from "../tokenizers/bert-file.ts";
import type { TokenizerFile } from "../tokenizers/file-format.ts";
import { readTokenizerFile } from "../tokenizers/read-file.ts";
import { rustTokenizer } from "./rust-tokenizers.ts";

/** Options of {@link openTokenizer}. */
export interface OpenTokenizerOptions extends TokenizerOptions {
  /** Default `js`: measured faster for training (docs/decisions/0002-tokenizers.md), with equal results. */
  readonly implementation?: "js" | "rust";
  /** How to treat text, for a `vocab.txt` (a `tokenizer.json` says it itself). Default: as bert-base-uncased. */
  readonly vocabTxt?: BertTextOptions;
}

const sizeLimit = 1 << 27; // bytes

/**
 * Opens a tokenizer: a folder with `tokenizer.json` or `vocab.txt` (the first of them), or one of these files.
 * @throws ConcordError E_IO when nothing can be read; E_TOKENIZER with file and key for an unusable file.
 * @example
 * const tokenizer = await openTokenizer("runs/triage/model");
 */
export async function openTokenizer(path: string, options: OpenTokenizerOptions = {}): Promise<Tokenizer> {
  const file = await findFile(path);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new ConcordError("E_IO", {
      operation: "open tokenizer",
      problem: (cause as Error).message,
      path: file,
      cause,
    });
  });
  try {
    const source: TokenizerFile = basename(file).endsWith(".txt")
      ? readVocabTxt(bytes, options.vocabTxt)
      : readTokenizerFile(bytes);
    return await (options.implementation === "rust" ? rustTokenizer : jsTokenizer)(source, options);
  } catch (error) {
    if (!(error instanceof ConcordError) || error.code !== "E_TOKENIZER") throw error;
    const key = error.facts.path;
    throw new ConcordError("E_TOKENIZER", { ...error.facts, path: key === undefined ? file : `${file}: ${key}` });
  }
}

async function findFile(path: string): Promise<string> {
  const about = await stat(path).catch(() => undefined);
  const candidates = about?.isDirectory() ? ["tokenizer.json", "vocab.txt"].map((name) => join(path, name)) : [path];
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
    expected: "a folder with tokenizer.json or vocab.txt, or one of these files",
    got: about?.isDirectory() ? (await readdir(path)).slice(0, 8).join(", ") : "no such file or folder",
    hint: "copy tokenizer.json from where the model came",
    path,
  });
}
