// Masked-LM examples (Devlin 2018, arXiv:1810.04805 §3.1): of the chosen tokens 80 % become [MASK], 10 % a random token,
// 10 % stay. Pure: everything random comes from the stream given.
import { ConcordError, type Random, shuffle } from "../base/index.ts";
import { ignoredLabel, type TextExample } from "./example.ts";

export interface MaskingOptions {
  /** Share of tokens to predict, 0 … 1. Default 0.15. */
  readonly probability: number;
  /** Most predictions per example: bounds the vocabulary logits. Default 20. */
  readonly maxPredictions: number;
  /** Choose whole words: a word's pieces are predicted together. Default false. */
  readonly wholeWords: boolean;
  /** Of the chosen tokens, the share that becomes [MASK], and the share that becomes a random token. Default 0.8 and 0.1. */
  readonly maskShare: number;
  readonly randomShare: number;
}

export const defaultMasking: MaskingOptions = {
  probability: 0.15,
  maxPredictions: 20,
  wholeWords: false,
  maskShare: 0.8,
  randomShare: 0.1,
};

/** What masking must know of a vocabulary. Plain data. */
export interface MaskingVocabulary {
  readonly size: number;
  readonly maskId: number;
  /** Never chosen and never drawn: [CLS], [SEP], [PAD] …; 1 per id. */
  readonly special: Uint8Array;
  /** 1 for pieces that continue a word (`##ing`). */
  readonly continues: Uint8Array;
}

/** Reads {@link MaskingVocabulary} from tokens by id. @throws E_TOKENIZER without a mask token */
export function maskingVocabulary(
  size: number,
  tokenOf: (id: number) => string | undefined,
  special: Readonly<Record<string, { readonly id: number } | undefined>>,
): MaskingVocabulary {
  if (!special.mask)
    throw new ConcordError("E_TOKENIZER", {
      operation: "masked language model",
      problem: "the tokenizer has no mask token",
      hint: "train a vocabulary with [MASK] among its special tokens",
    });
  const isSpecial = new Uint8Array(size);
  for (const token of Object.values(special)) if (token) isSpecial[token.id] = 1;
  return {
    size,
    maskId: special.mask.id,
    special: isSpecial,
    continues: Uint8Array.from({ length: size }, (_, id) => Number(tokenOf(id)?.startsWith("##") ?? false)),
  };
}

/**
 * One masked example: ids with some replaced, and a label per token (the original id where it is to be predicted, else −100).
 * @param ids tokens with their special tokens @param rng consumed
 * @returns undefined when there is nothing to predict
 * @example maskExample(ids, vocabulary, random(1).split("epoch 0"), { ...defaultMasking, wholeWords: true })
 */
export function maskExample(
  ids: Int32Array,
  vocabulary: MaskingVocabulary,
  rng: Random,
  options: MaskingOptions = defaultMasking,
): TextExample | undefined {
  const { special, continues, size, maskId } = vocabulary;
  const words: number[][] = [];
  for (let i = 0; i < ids.length; i++) {
    if (special[ids[i]!]) continue;
    const joins = options.wholeWords && continues[ids[i]!] && words.at(-1)?.at(-1) === i - 1;
    if (joins) words.at(-1)!.push(i);
    else words.push([i]);
  }
  const tokens = words.reduce((n, w) => n + w.length, 0);
  const wanted = Math.min(options.maxPredictions, Math.max(1, Math.round(tokens * options.probability)));
  const label = new Int32Array(ids.length).fill(ignoredLabel);
  const masked = ids.slice();
  let chosen = 0;
  for (const word of shuffle(words, rng)) {
    if (chosen >= wanted) break;
    if (chosen + word.length > wanted && chosen > 0) continue; // a long word must not overshoot
    for (const i of word.slice(0, wanted)) {
      label[i] = ids[i]!;
      const draw = rng.float();
      if (draw < options.maskShare) masked[i] = maskId;
      else if (draw < options.maskShare + options.randomShare) masked[i] = randomToken(rng, size, special);
      chosen++;
    }
  }
  return chosen > 0 ? { ids: masked, label } : undefined;
}

function randomToken(rng: Random, size: number, special: Uint8Array): number {
  for (;;) {
    const id = rng.int(size);
    if (!special[id]) return id;
  }
}

/** Masked examples of an epoch: a function of (seed, epoch, row), so that a resumed run sees the same masks. @throws E_DATA for a row without a token to predict */
export function maskedEpoch(
  rows: readonly Int32Array[],
  vocabulary: MaskingVocabulary,
  seedStream: Random,
  epoch: number,
  options: MaskingOptions,
): TextExample[] {
  return rows.map((ids, row) => {
    const example = maskExample(ids, vocabulary, seedStream.split(`mask ${epoch} ${row}`), options);
    if (example) return example;
    throw new ConcordError("E_DATA", {
      operation: "masked language model",
      problem: `row ${row} has no token to predict`,
      hint: "drop empty texts",
    });
  });
}
