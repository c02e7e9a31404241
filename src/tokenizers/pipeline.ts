// The pure TypeScript engine: added tokens, normalizer, pre-tokenizer, model, with offsets kept all the way. The translation
// of regular expressions is passed in. Knows no file and no binding.

import type { TokenizerFile, TranslateRegex } from "../tokenizer-files/index.ts";
import { type CutSections, normalizedContent, sectionCutter } from "./added-tokens.ts";
import { type AlignedText, alignedText } from "./aligned-text.ts";
import { bertIds } from "./bert-ids.ts";
import { type Decode, decoder } from "./decoders.ts";
import type { Engine, RawTokens } from "./engine.ts";
import { wordTokenizer } from "./models.ts";
import { normalizer } from "./normalizers.ts";
import { type PreTokenize, preTokenizer } from "./pre-tokenizers.ts";
import type { TokenizeWord, Tokens } from "./word-tokens.ts";

/** Texts between two turns of the event loop, so that a long batch does not block it. */
const batchCharacters = 1 << 20;

interface Stages {
  readonly cut: CutSections;
  readonly preTokenize: PreTokenize;
  readonly tokenizeWord: TokenizeWord;
}

/** Makes the engine of a checked file. @throws ConcordError E_TOKENIZER */
export function pipelineEngine(file: TokenizerFile, translate: TranslateRegex): Engine {
  const normalize = normalizer(file.normalizer, translate);
  const stages: Stages = {
    cut: sectionCutter(file.added_tokens, normalize),
    preTokenize: preTokenizer(file.pre_tokenizer, translate),
    tokenizeWord: wordTokenizer(file.model),
  };
  // Metaspace's "first" asks whether a piece begins the original text: places are needed even where only ids are wanted.
  const needsPlaces = JSON.stringify(file.pre_tokenizer).includes('"prepend_scheme":"first"');
  const slowIds = (text: string) => run(text, stages, needsPlaces).ids;
  const fastIds = bertIds(file, slowIds);
  const decode = tokenDecoder(file, decoder(file.decoder, translate), (token) => normalizedContent(token, normalize));
  return {
    implementation: "js",
    tokenize: (texts) => inTurns(texts, (text) => run(text, stages, true)),
    ids: (texts, most) => inTurns(texts, (text) => fastIds?.(text, most) ?? slowIds(text)),
    decode: async (ids, skipSpecial) => decode(ids, skipSpecial),
  };
}

/** Maps texts to results, giving way to other work now and then. */
async function inTurns<T>(texts: readonly string[], f: (text: string) => T): Promise<T[]> {
  const results: T[] = [];
  let characters = 0;
  for (const text of texts) {
    results.push(f(text));
    characters += text.length + 16;
    if (characters < batchCharacters) continue;
    characters = 0;
    await new Promise((resume) => setTimeout(resume, 0));
  }
  return results;
}

/** One text through all stages. `track`: offsets are wanted. */
function run(text: string, stages: Stages, track: boolean): RawTokens {
  const out: RawTokens = { ids: [], tokens: [], words: [], starts: [], ends: [] };
  let word = 0;
  for (const section of stages.cut(alignedText(text, track))) {
    if (section.id !== undefined) {
      const value = section.text.text;
      place(out, { ids: [section.id], values: [value], starts: [0], ends: [value.length] }, section.text, word++);
      continue;
    }
    for (const piece of stages.preTokenize(section.text)) {
      if (piece.text === "") continue;
      const tokens: Tokens = { ids: [], values: [], starts: [], ends: [] };
      stages.tokenizeWord(piece.text, tokens);
      place(out, tokens, piece, word++);
    }
  }
  return out;
}

/** Appends the tokens of a word, with their places in the original text. */
function place(out: RawTokens, tokens: Tokens, piece: AlignedText, word: number): void {
  const alignment = piece.alignment;
  for (let i = 0; i < tokens.ids.length; i++) {
    out.ids.push(tokens.ids[i]!);
    if (alignment === undefined) continue;
    out.tokens.push(tokens.values[i]!);
    out.words.push(word);
    out.starts.push(alignment.starts[tokens.starts[i]!]!);
    out.ends.push(alignment.ends[tokens.ends[i]! - 1]!);
  }
}

/** Ids to text: added tokens in their normalised form, as they were matched; special ones left out if asked. */
export function tokenDecoder(
  file: TokenizerFile,
  decode: Decode,
  contentOf: (token: TokenizerFile["added_tokens"][number]) => string,
): (ids: readonly number[], skipSpecial: boolean) => string {
  const { model, added_tokens: added } = file;
  const tokens: string[] = [];
  if (model.type === "Unigram") for (const [token] of model.vocab) tokens.push(token);
  else for (const [token, id] of Object.entries(model.vocab)) tokens[id] = token;
  for (const token of added) tokens[token.id] = contentOf(token);
  const special = new Set(added.filter((token) => token.special).map((token) => token.content));
  return (ids, skipSpecial) => {
    const known = ids.flatMap((id) => {
      const token = tokens[id];
      return token === undefined || (skipSpecial && special.has(token)) ? [] : [token];
    });
    return decode(known).join("");
  };
}
