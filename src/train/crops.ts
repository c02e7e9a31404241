// Two neighbouring parts of one text as a pair for contrast (inverse cloze task, Lee 2019, arXiv:1906.00300; neighbouring spans,
// DeCLUTR, Giorgi 2021, arXiv:2006.03659). Pure: everything random comes from the stream given. Knows token ids, not text.
import { ConcordError, type Random } from "../base/index.ts";
import type { Example } from "./feeds.ts";

/** Fewest tokens of a text, special tokens not counted, that can be cut in two. */
export const fewestTokensToCut = 4;

/**
 * Cuts one text between a third and two thirds of its tokens: the first part is the example, the second its counterpart.
 * Both keep the special tokens that the whole text begins and ends with.
 * @param ids tokens with their special tokens @param special 1 per id that is special @param rng consumed
 * @returns undefined for a text of fewer than {@link fewestTokensToCut} tokens
 * @example cropPair(ids, vocabulary.special, random(1).split("crop 0 0"))
 */
export function cropPair(ids: Int32Array, special: Uint8Array, rng: Random): Example | undefined {
  let [start, end] = [0, ids.length];
  while (start < end && special[ids[start]!]) start++;
  while (end > start && special[ids[end - 1]!]) end--;
  const count = end - start;
  if (count < fewestTokensToCut) return undefined;
  const least = Math.ceil(count / 3);
  const cut = start + least + rng.int(Math.floor((2 * count) / 3) - least + 1);
  const around = (from: number, to: number) =>
    Int32Array.of(...ids.subarray(0, start), ...ids.subarray(from, to), ...ids.subarray(end));
  return { ids: around(start, cut), counterparts: [{ ids: around(cut, end) }] };
}

/** Pairs of an epoch: a function of (seed, epoch, row), so that a resumed run sees the same cuts. @throws E_DATA for a text too short to cut */
export function croppedEpoch(
  rows: readonly Int32Array[],
  special: Uint8Array,
  seedStream: Random,
  epoch: number,
): Example[] {
  return rows.map((ids, row) => {
    const pair = cropPair(ids, special, seedStream.split(`crop ${epoch} ${row}`));
    if (pair) return pair;
    throw new ConcordError("E_DATA", {
      operation: "contrastive pretraining",
      problem: `row ${row} is too short to be cut in two`,
      expected: `at least ${fewestTokensToCut} tokens`,
      got: `${ids.length} with special tokens`,
      hint: "leave out texts of one or two words",
    });
  });
}
