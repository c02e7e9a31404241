// Token masking while fine-tuning: a share of a text's tokens is replaced by the mask token, drawn anew in each epoch, so that no answer
// hangs on one word (word dropout, Iyyer 2015, "Deep Unordered Composition"). Pure.
import type { Random } from "../base/index.ts";
import { tokensOf } from "../modalities/index.ts";
import type { Example } from "./example.ts";
import type { MaskingVocabulary } from "./masking.ts";

/** What is masked. Plain data. */
export interface TokenMasking {
  /** Share of the tokens, 0 … 1; special tokens stay. */
  readonly share: number;
  readonly vocabulary: MaskingVocabulary;
}

/** The examples of an epoch with tokens masked: a function of (seed, epoch, row). Labels, and counterparts, are as they were. */
export const maskedTokens = (
  examples: readonly Example[],
  { share, vocabulary: { special, maskId } }: TokenMasking,
  seedStream: Random,
  epoch: number,
): Example[] =>
  examples.map((example, row): Example => {
    const { ids } = tokensOf(example, row);
    const rng = seedStream.split(`mask tokens ${epoch} ${row}`);
    return { ...example, ids: ids.map((id) => (special[id] || rng.float() >= share ? id : maskId)) };
  });
