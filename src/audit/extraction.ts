// Extraction of training text (Carlini 2021, arXiv:2012.07805): does the likeliest continuation of the beginning of a training text give what
// stands there, and how often does that happen with texts that were not learned? Knows no recipe.

import type { Sequence } from "../generate/index.ts";
import { write } from "../generate/index.ts";

type Decoder = Parameters<typeof write>[0];

/** A text cut in two: what is given, and what the model would have to give. */
export interface CutText {
  /** Number of its row. */
  readonly row: number;
  readonly given: readonly number[];
  readonly rest: readonly number[];
}

/** Fewest tokens that count as a text given away. */
export const fewestTokens = 8;

/**
 * Cuts what a model learned to write of each text: half of it is given, at most `prefix` tokens, and at most `suffix` tokens follow.
 * Texts with fewer than {@link fewestTokens} to follow are left out.
 */
export const cutTexts = (sequences: readonly Sequence[], prefix: number, suffix: number): CutText[] =>
  sequences.flatMap(({ ids, foretold }, row) => {
    const first = Math.max(1, foretold.indexOf(1));
    const last = foretold.lastIndexOf(1) + 1;
    const cut = first + Math.min(prefix, Math.floor((last - first) / 2));
    const rest = [...ids.slice(cut, Math.min(last, cut + suffix))];
    return rest.length < fewestTokens ? [] : [{ row, given: [...ids.slice(0, cut)], rest }];
  });

/** Whether each text's rest is the likeliest continuation, token for token. Texts that do not fit the model are cut at its limit. */
export async function givenAway(decoder: Decoder, texts: readonly CutText[]): Promise<boolean[]> {
  const out: boolean[] = texts.map(() => false);
  const greedy = {
    temperature: 0,
    topK: 0,
    topP: 1,
    minP: 0,
    repetitionPenalty: 1,
    noRepeatNgram: 0,
    beams: 1,
  } as const;
  const atOnce = 32;
  for (let from = 0; from < texts.length; from += atOnce) {
    const part = texts.slice(from, from + atOnce).filter(({ given }) => given.length < decoder.limit);
    const written = part.map(() => 0);
    const generation = {
      ...greedy,
      lengthPenalty: 1,
      stop: [],
      seed: 0,
      overflow: "refuse" as const,
      maxTokens: Math.max(1, ...part.map(({ rest }) => rest.length)),
    };
    const ends = (row: number, token: number) => {
      const { rest } = part[row]!;
      if (token !== rest[written[row]!]) return true;
      written[row]!++;
      return written[row] === rest.length;
    };
    const prompts = part.map(({ given }) => given);
    for await (const { row, finish } of write(decoder, prompts, { generation, ends }))
      if (finish) out[texts.indexOf(part[row]!)] = written[row] === part[row]!.rest.length;
  }
  return out;
}
