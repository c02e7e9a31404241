// Learns a WordPiece vocabulary from texts: characters first, then the most frequent pair of neighbours again and again
// (the rule of Hugging Face's WordPieceTrainer). The result depends on the texts alone, not on their order. Opens no file.
import { ConcordError } from "../base/index.ts";
import type { TokenizerFile } from "../tokenizer-files/index.ts";
import {
  type BertTextOptions,
  bertNormalizerConfig,
  bertSpecialTokens,
  bertTokenizerFile,
} from "../tokenizer-files/index.ts";
import { alignedText } from "./aligned-text.ts";
import { detached } from "./detached.ts";
import { mergePairs } from "./merge-pairs.ts";
import { normalizer } from "./normalizers.ts";
import { preTokenizer } from "./pre-tokenizers.ts";

/** Options of {@link trainWordPiece}. */
export interface TrainWordPieceOptions extends BertTextOptions {
  /** Most tokens of the vocabulary, special tokens included. Default 30000. */
  readonly vocabSize?: number;
  /** A pair, and a character, must occur this often to become a token. Default 2. */
  readonly minFrequency?: number;
  /** Most different characters; the most frequent are kept. Default: as many as the vocabulary has room for. */
  readonly alphabetLimit?: number;
  /** Further special tokens, after the five of BERT. Default none. */
  readonly moreSpecialTokens?: readonly string[];
}

const longestWord = 100; // characters; longer words are unknown to the tokenizer anyway

/**
 * Learns a vocabulary and returns the `tokenizer.json` of a BERT tokenizer with it.
 * @throws ConcordError E_DATA without a single word; E_ARGUMENT for impossible sizes.
 * @example
 * const file = trainWordPiece(["a sore throat", "喉咙痛"], { vocabSize: 8000 });
 * const tokenizer = await jsTokenizer(file);
 */
export function trainWordPiece(texts: Iterable<string>, options: TrainWordPieceOptions = {}): TokenizerFile {
  const special = Object.values({ ...bertSpecialTokens, ...options.special });
  const first = [...new Set([...special, ...(options.moreSpecialTokens ?? [])])];
  const vocabSize = positive(options.vocabSize ?? 30_000, "vocabSize");
  const minFrequency = positive(options.minFrequency ?? 2, "minFrequency");
  if (vocabSize <= first.length)
    throw new ConcordError("E_ARGUMENT", {
      operation: "train tokenizer",
      problem: "vocabSize has no room beside the special tokens",
      expected: `more than ${first.length}`,
      got: String(vocabSize),
    });
  const words = countWords(texts, options);
  if (words.size === 0)
    throw new ConcordError("E_DATA", { operation: "train tokenizer", problem: "the texts contain no word" });
  const taken = new Set(first);
  const room = vocabSize - first.length;
  const alphabet = chooseAlphabet(words, taken, minFrequency, Math.min(options.alphabetLimit ?? room, room), room);
  const merged = learnTokens(words, alphabet, room, minFrequency, taken);
  return bertTokenizerFile([...first, ...merged], options, options.moreSpecialTokens);
}

function positive(value: number, name: string): number {
  if (Number.isInteger(value) && value > 0 && value <= 1 << 21) return value;
  throw new ConcordError("E_ARGUMENT", {
    operation: "train tokenizer",
    problem: `${name} is not a possible number`,
    expected: `a whole number, 1 … ${1 << 21}`,
    got: String(value),
  });
}

/** Normalised words with how often they occur. Stretches between white space are counted first and split once each. */
function countWords(texts: Iterable<string>, options: BertTextOptions): Map<string, number> {
  const normalize = normalizer(bertNormalizerConfig(options), () => /./gu);
  const split = preTokenizer({ type: "BertPreTokenizer" }, () => /./gu);
  const words = new Map<string, number>();
  let stretches = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string, n: number) => {
    const before = counts.get(key);
    counts.set(before === undefined ? detached(key) : key, (before ?? 0) + n);
  };
  const settle = () => {
    for (const [stretch, n] of stretches)
      for (const word of split(normalize(alignedText(stretch, false))))
        if (word.text !== "" && word.text.length <= 2 * longestWord) add(words, word.text, n);
    stretches = new Map();
  };
  for (const text of texts) {
    if (typeof text !== "string")
      throw new ConcordError("E_ARGUMENT", { operation: "train tokenizer", problem: "not a text", got: typeof text });
    for (const stretch of text.replace(/\p{Surrogate}/gu, "\ufffd").split(/[\t\n\r ]+/)) add(stretches, stretch, 1);
    if (stretches.size > 1 << 19) settle(); // bounds the memory
  }
  settle();
  return words;
}

/** Characters at the start of words as they are, those inside with `##`; most frequent first, equal ones by spelling. */
function chooseAlphabet(
  words: ReadonlyMap<string, number>,
  taken: ReadonlySet<string>,
  minFrequency: number,
  limit: number,
  room: number,
): string[] {
  const counts = new Map<string, number>();
  const forms = new Map<string, number>();
  for (const [word, n] of words) {
    let form = "";
    for (const character of word) {
      counts.set(character, (counts.get(character) ?? 0) + n);
      forms.set(form + character, (forms.get(form + character) ?? 0) + n);
      form = "##";
    }
  }
  const frequent = [...counts]
    .filter(([, n]) => n >= minFrequency)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, limit);
  const kept = new Set(frequent.map(([character]) => character));
  return [...forms]
    .filter(([form]) => kept.has(form.startsWith("##") && form.length > 2 ? form.slice(2) : form) && !taken.has(form))
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, room)
    .map(([form]) => form)
    .sort();
}

/** The alphabet and the merged tokens, in the order in which they were made. */
function learnTokens(
  words: ReadonlyMap<string, number>,
  alphabet: readonly string[],
  size: number,
  minFrequency: number,
  taken: ReadonlySet<string>,
): string[] {
  const ids = new Map(alphabet.map((token, id) => [token, id]));
  const join = (left: string, right: string) => left + right.slice(2);
  const { tokens } = mergePairs({ ...spell(words, ids), alphabet, size, minFrequency, join });
  return tokens.filter((token) => !taken.has(token));
}

/** Words as token ids of single characters; words with a character outside the alphabet are unknown and left out. */
function spell(words: ReadonlyMap<string, number>, ids: ReadonlyMap<string, number>) {
  const symbols: Int32Array[] = [];
  const counts: number[] = [];
  for (const [word, n] of words) {
    const spelled: number[] = [];
    let form = "";
    for (const character of word) {
      spelled.push(ids.get(form + character) ?? -1);
      form = "##";
    }
    if (spelled.length < 2 || spelled.length > longestWord || spelled.includes(-1)) continue;
    symbols.push(Int32Array.from(spelled));
    counts.push(n);
  }
  return { symbols, counts };
}
