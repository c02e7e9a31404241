// The fast way to ids for BERT-like tokenizers. Cleaning, accents, case and word splitting never look across white space,
// punctuation or an ideograph, so the ids of a stretch between those are remembered, and punctuation and ideographs are
// read from a table. Knows no offsets; equal to the full pipeline by test.

import type { NormalizerConfig, TokenizerFile } from "../tokenizer-files/index.ts";
import { isIdeograph, isPunctuation } from "./characters.ts";
import { detached } from "./detached.ts";

const cacheLimit = 1 << 17; // stretches
const longestCached = 48; // UTF-16 units

/** Ids of a text up to at least `most` (or all), or undefined where this text needs the full pipeline. */
export type FastIds = (text: string, most: number) => number[] | undefined;

/** True where {@link bertIds} applies. */
export function isBertLike({ normalizer, pre_tokenizer: words, model, added_tokens: added }: TokenizerFile): boolean {
  if (!bertNormalizer(normalizer) || words?.type !== "BertPreTokenizer") return false;
  if (added.length > 256 || added.some((token) => token.normalized)) return false;
  return model.type === "WordPiece" || model.type === "WordLevel";
}

/** BERT's normalizer, by itself or after NFKC. */
function bertNormalizer(part: NormalizerConfig | null) {
  if (part?.type === "BertNormalizer") return { part, composed: false };
  if (part?.type !== "Sequence" || part.normalizers.length !== 2) return undefined;
  const [first, second] = part.normalizers;
  return first?.type === "NFKC" && second?.type === "BertNormalizer" ? { part: second, composed: true } : undefined;
}

/** The fast path, or undefined where the tokenizer is not of this kind. `slow` is the full pipeline. */
export function bertIds(file: TokenizerFile, slow: (text: string) => readonly number[]): FastIds | undefined {
  const { normalizer, added_tokens: added } = file;
  const bert = bertNormalizer(normalizer);
  if (!isBertLike(file) || !bert) return undefined;
  const kinds = characterKinds(bert.part.handle_chinese_chars);
  const contents = added.map((token) => token.content);
  const openings = new Set(contents.map((content) => content[0]!));
  const single = new Int32Array(65536).fill(-1); // id of a character that is a word by itself; -1 not known yet, -2 several
  const cache = new Map<string, readonly number[]>();

  const addSingle = (text: string, at: number, out: number[]) => {
    const unit = text.charCodeAt(at);
    const id = single[unit]!;
    if (id >= 0) {
      out.push(id);
      return;
    }
    const ids = slow(text[at]!);
    if (id === -1) single[unit] = ids.length === 1 ? ids[0]! : -2;
    for (const one of ids) out.push(one);
  };
  const addStretch = (text: string, from: number, to: number, out: number[]) => {
    const stretch = text.slice(from, to);
    let ids = cache.get(stretch);
    if (ids === undefined) {
      ids = slow(stretch);
      if (to - from <= longestCached) {
        if (cache.size >= cacheLimit) cache.clear();
        cache.set(detached(stretch), ids);
      }
    }
    for (let i = 0; i < ids.length; i++) out.push(ids[i]!);
  };
  return (given, most) => {
    const text = bert.composed ? given.normalize("NFKC") : given;
    for (const opening of openings)
      if (text.includes(opening) && contents.some((content) => text.includes(content))) return undefined;
    const out: number[] = [];
    const length = text.length;
    let from = 0;
    for (let i = 0; i < length; i++) {
      const kind = kinds[text.charCodeAt(i)]!;
      if (kind === inWord) continue;
      if (from < i) addStretch(text, from, i, out);
      if (kind === alone) addSingle(text, i, out);
      from = i + 1;
      if (out.length >= most) return out;
    }
    if (from < length) addStretch(text, from, length, out);
    return out;
  };
}

const inWord = 0;
const space = 1;
const alone = 2;

/** What each UTF-16 unit is: part of a stretch, white space, or a word by itself. Astral characters stay in stretches. */
function characterKinds(ideographsAlone: boolean): Uint8Array {
  const kinds = new Uint8Array(65536);
  for (let c = 0; c < 65536; c++) if (isPunctuation(c) || (ideographsAlone && isIdeograph(c))) kinds[c] = alone;
  for (const c of [9, 10, 13, 32]) kinds[c] = space;
  return kinds;
}
