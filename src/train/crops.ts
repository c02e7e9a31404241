// Pairs for contrast: two neighbouring parts of one text (inverse cloze task, Lee 2019, arXiv:1906.00300; DeCLUTR, Giorgi 2021,
// arXiv:2006.03659), or two texts of one patient (as images of one patient, MICLe, Azizi 2021, arXiv:2101.05224). Pure: everything
// random comes from the stream given. Knows token ids, not text.
import type { Random } from "../base/index.ts";
import type { TextExample } from "./example.ts";

/** Fewest tokens of a text, special tokens not counted, that can be cut in two. */
export const fewestTokensToCut = 4;

/**
 * Cuts one text between a third and two thirds of its tokens: the first part is the example, the second its counterpart.
 * Both keep the special tokens that the whole text begins and ends with.
 * @param ids tokens with their special tokens @param special 1 per id that is special @param rng consumed
 * @returns undefined for a text of fewer than {@link fewestTokensToCut} tokens
 * @example cropPair(ids, vocabulary.special, random(1).split("crop 0 0"))
 */
export function cropPair(ids: Int32Array, special: Uint8Array, rng: Random): TextExample | undefined {
  let [start, end] = [0, ids.length];
  while (start < end && special[ids[start]!]) start++;
  while (end > start && special[ids[end - 1]!]) end--;
  const count = end - start;
  if (count < fewestTokensToCut) return undefined; // counted without special tokens around it
  const least = Math.ceil(count / 3);
  const cut = start + least + rng.int(Math.floor((2 * count) / 3) - least + 1);
  const around = (from: number, to: number) =>
    Int32Array.of(...ids.subarray(0, start), ...ids.subarray(from, to), ...ids.subarray(end));
  return { ids: around(start, cut), counterparts: [{ ids: around(cut, end) }] };
}

/** Texts that pairs are made of. Plain data. */
export interface PairSource {
  /** 1 for each token id that is special: both parts of a text keep those it begins and ends with. */
  readonly special: Uint8Array;
  /** Number of each text's group (a patient), [N]: where it has other texts, one of them is the counterpart. Default none. */
  readonly groups?: Int32Array;
}

/**
 * A pair for each text: with another text of its group where it has one, else with its own other part. A text that has neither is left out.
 * A function of (seed, epoch, row), so that a resumed run sees the same pairs.
 */
export function pairsOfEpoch(
  rows: readonly Int32Array[],
  { special, groups }: PairSource,
  seedStream: Random,
  epoch: number,
): TextExample[] {
  const members = new Map<number, number[]>();
  for (const [row, group] of (groups ?? []).entries()) {
    const known = members.get(group);
    if (known) known.push(row);
    else members.set(group, [row]);
  }
  return rows.flatMap((ids, row) => {
    const rng = seedStream.split(`pair ${epoch} ${row}`);
    const group = groups?.[row];
    const mates = (group !== undefined && members.get(group)) || [];
    if (mates.length < 2) return cropPair(ids, special, rng) ?? [];
    const drawn = mates[rng.int(mates.length - 1)]!;
    return { ids, group, counterparts: [{ ids: rows[drawn === row ? mates.at(-1)! : drawn]! }] };
  });
}

/** Numbers of the rows that {@link pairsOfEpoch} makes pairs of: the same ones in every epoch. */
export function pairedRows(rows: readonly Int32Array[], { special, groups }: PairSource): number[] {
  const counts = new Map<number, number>();
  for (const group of groups ?? []) counts.set(group, (counts.get(group) ?? 0) + 1);
  const content = (ids: Int32Array) => ids.reduce((n, id) => n + Number(!special[id]), 0);
  return [...rows.keys()].filter(
    (i) => (groups && counts.get(groups[i]!)! > 1) || content(rows[i]!) >= fewestTokensToCut,
  );
}
