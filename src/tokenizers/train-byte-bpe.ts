// Learns a byte-level BPE from texts, as GPT-2 has one (Radford 2019): every text can be written with it, and comes back byte for byte.
// The result depends on the texts alone, not on their order. Opens no file.
import { ConcordError } from "../base/index.ts";
import { byteLevelFile, type TokenizerFile } from "../tokenizer-files/index.ts";
import { alignedText } from "./aligned-text.ts";
import { characterOfByte } from "./byte-characters.ts";
import { detached } from "./detached.ts";
import { mergePairs } from "./merge-pairs.ts";
import { preTokenizer } from "./pre-tokenizers.ts";

/** Options of {@link trainByteBpe}. */
export interface TrainByteBpeOptions {
  /** Most tokens of the vocabulary, the 256 bytes and special tokens included. Default 8000. */
  readonly vocabSize?: number;
  /** A pair must occur this often to become a token. Default 2. */
  readonly minFrequency?: number;
  /** Tokens that no text is cut into: end of text, turns of a chat. The first ids are theirs. Default `<|endoftext|>`. */
  readonly special?: readonly string[];
}

const longestWord = 1000; // bytes; what is longer teaches nothing and costs its square

/**
 * Learns a vocabulary and returns the `tokenizer.json` of a GPT-2 tokenizer with it.
 * @throws ConcordError E_DATA without a single character; E_ARGUMENT for a vocabulary without room for the 256 bytes.
 * @example
 * const file = trainByteBpe(["a sore throat", "喉咙痛"], { vocabSize: 1000 });
 * const tokenizer = await jsTokenizer(file);
 */
export function trainByteBpe(texts: Iterable<string>, options: TrainByteBpeOptions = {}): TokenizerFile {
  const { vocabSize = 8000, minFrequency = 2, special = ["<|endoftext|>"] } = options;
  const least = 256 + special.length;
  if (!Number.isInteger(vocabSize) || vocabSize < least || vocabSize > 1 << 21)
    throw new ConcordError("E_ARGUMENT", {
      operation: "train tokenizer",
      problem: "a byte-level vocabulary holds every byte and the special tokens",
      expected: `a whole number, ${least} … ${1 << 21}`,
      got: String(vocabSize),
    });
  const words = countWords(texts);
  if (words.size === 0)
    throw new ConcordError("E_DATA", { operation: "train tokenizer", problem: "the texts contain no word" });
  const alphabet = [...characterOfByte].sort();
  const ids = new Map(alphabet.map((character, id) => [character, id]));
  const kept = [...words].filter(([word]) => word.length > 1 && word.length <= longestWord);
  const { tokens, merges } = mergePairs({
    symbols: kept.map(([word]) => Int32Array.from(word, (character) => ids.get(character)!)),
    counts: kept.map(([, n]) => n),
    alphabet,
    size: vocabSize - special.length,
    minFrequency,
    join: (left, right) => left + right,
  });
  return byteLevelFile([...special, ...tokens], merges, special);
}

/** Words in the byte alphabet, as the tokenizer will cut texts, with how often they occur. */
function countWords(texts: Iterable<string>): Map<string, number> {
  const split = preTokenizer(
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    () => /./gu,
  );
  const words = new Map<string, number>();
  for (const text of texts) {
    for (const { text: word } of split(alignedText(text.replace(/\p{Surrogate}/gu, "\ufffd"), false))) {
      const before = words.get(word);
      if (word !== "") words.set(before === undefined ? detached(word) : word, (before ?? 0) + 1);
    }
  }
  return words;
}
