// The TypeScript tokenizer, for any browser. The only file that imports @huggingface/tokenizers, of which it uses the
// translation of Oniguruma expressions (docs/development/decisions/0002-tokenizers.md says why no more). Opens no file.
import { ConcordError } from "../base/index.ts";
import type { Tokenizer, TokenizerFile, TranslateRegex } from "../tokenizer-files/index.ts";
import { readTokenizerFile } from "../tokenizer-files/index.ts";
import { type TokenizerOptions, tokenizerAround } from "./engine.ts";
import { pipelineEngine } from "./pipeline.ts";

export type { TokenizerOptions } from "./engine.ts";

/**
 * A tokenizer in TypeScript from the content of a `tokenizer.json`.
 * @throws ConcordError E_TOKENIZER naming the key, for anything that is not a usable tokenizer.
 * @example
 * const tokenizer = await jsTokenizer(await (await fetch("model/tokenizer.json")).text());
 * const rows = await tokenizer.encodeIds(["a sore throat"], { maxLength: 128 });
 */
export async function jsTokenizer(
  input: string | Uint8Array | TokenizerFile,
  options: TokenizerOptions = {},
): Promise<Tokenizer> {
  const file = readTokenizerFile(input);
  const translate = needsTranslation(file) ? await loadTranslation() : noTranslation;
  return tokenizerAround(pipelineEngine(file, translate), file, options);
}

/** True where some part holds a regular expression. */
function needsTranslation(file: TokenizerFile): boolean {
  const parts = [file.normalizer, file.pre_tokenizer, file.decoder];
  return JSON.stringify(parts).includes('"Regex":');
}

const noTranslation: TranslateRegex = () => {
  throw new Error("no translation was loaded");
};

/** The part of the package that is used (its type files name no extensions, so TypeScript finds nothing in them). */
interface Library {
  readonly SplitPreTokenizer: new (part: {
    readonly type: "Split";
    readonly pattern: { readonly Regex: string };
    readonly behavior: string;
    readonly invert: boolean;
  }) => { readonly pattern: RegExp | null };
}

export async function loadTranslation(): Promise<TranslateRegex> {
  const library = (await import("@huggingface/tokenizers").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation: "load tokenizer",
      problem: "the package @huggingface/tokenizers is not installed",
      hint: "npm install @huggingface/tokenizers",
      cause,
    });
  })) as unknown as Library; // see Library
  return (source) => {
    const part = { type: "Split", pattern: { Regex: source }, behavior: "Isolated", invert: false } as const;
    const { pattern } = new library.SplitPreTokenizer(part);
    if (pattern === null) throw new Error("no expression");
    return pattern;
  };
}
