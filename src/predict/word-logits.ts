// What a model says of each word of texts, and the entities that follow. Pure.
import {
  type EntitySpan,
  type Range,
  schemeOfTags,
  spansOfTags,
  type WordedText,
  type WordPlace,
  type WordWindow,
} from "../data/index.ts";
import { softmax } from "./temperature.ts";

/** A stretch of text that a model labels at once: a word, or words that share a token. */
export interface WordLogits {
  readonly range: Range;
  /** [L] One for each label. */
  readonly logits: Float32Array;
  /** Number of the label that is answered, where labels of neighbours are decided together. Default the one of the largest logit. */
  readonly chosen?: number;
}

/** An entity that a model found in a text. */
export interface FoundEntity extends EntitySpan {
  /** What stands there. */
  readonly text: string;
  /** Mean probability of its words' tags. */
  readonly probability: number;
}

/**
 * Gathers the words of texts from the windows that were run. Words without a token of their own belong to the word before
 * (they share its token) or to none (nothing but invisible characters).
 * @param logits of each window, [tokens, labels], at least as many rows as the window has tokens
 */
export function gatherWords(
  rows: readonly WordedText[],
  windows: readonly WordWindow[],
  logits: readonly Float32Array[],
  labels: number,
): WordLogits[][] {
  const places: (readonly [WordPlace, Float32Array])[][] = rows.map(() => []);
  for (const [w, { row, words }] of windows.entries())
    for (const place of words) {
      const scores = logits[w]!.subarray(place.token * labels, (place.token + 1) * labels);
      places[row]!.push([place, scores]);
    }
  return places.map((rowPlaces, row) => {
    const stretches: WordLogits[] = [];
    for (const [{ word, continued }, values] of rowPlaces.sort(([a], [b]) => a.word - b.word)) {
      const range = rows[row]!.words[word]!;
      const before = stretches.at(-1);
      if (continued && before) stretches.push({ ...stretches.pop()!, range: [before.range[0], range[1]] });
      else stretches.push({ range, logits: values });
    }
    return stretches;
  });
}

/**
 * Entities of a text: the likeliest tag of each word, read leniently as conlleval does. Labels without prefixes (`PER`, `NOUN`)
 * give one entity a word.
 * @param abstain entities below this probability are left out
 * @example entitiesOf("in Rome", ["O", "B-LOC"], words, {}) // [{ start: 3, end: 7, type: "LOC", text: "Rome", probability: 0.98 }]
 */
export function entitiesOf(
  text: string,
  labels: readonly string[],
  words: readonly WordLogits[],
  { temperature = 1, abstain = 0 }: { readonly temperature?: number; readonly abstain?: number },
): FoundEntity[] {
  const chosen = words.map(({ logits, chosen: together }) => {
    const probabilities = softmax(logits, temperature);
    const best = together ?? probabilities.indexOf(Math.max(...probabilities));
    return { tag: labels[best] ?? `LABEL_${best}`, probability: probabilities[best]! };
  });
  const spans = spansOfTags(
    words.map((w) => w.range),
    chosen.map((c) => c.tag),
    schemeOfTags(labels),
  );
  let next = 0; // spans and words go from left to right
  return spans.flatMap((span) => {
    while (words[next]!.range[0] < span.start) next++;
    const first = next;
    while (next < words.length && words[next]!.range[0] < span.end) next++;
    const rowLogits = chosen.slice(first, next);
    const probability = rowLogits.reduce((sum, c) => sum + c.probability, 0) / rowLogits.length;
    return probability < abstain ? [] : [{ ...span, text: text.slice(span.start, span.end), probability }];
  });
}
