// What a search for words of one axis finds. Knows no language.

/** A word to replace: [start, end) in the text, and what stands there in the k-th counterfactual. */
export interface Word {
  readonly start: number;
  readonly end: number;
  readonly from: string;
  /** The rule that found it; its measured precision is in `rules.ts`. */
  readonly rule: string;
  to(k: number): string;
}

/** The words of a text; undefined where it names somebody and an exchange could say something wrong or contradict itself. */
export type Search = readonly Word[] | undefined;

/** Case of `like`: WORD, Word or word. */
export const cased = (word: string, like: string): string =>
  like.length > 1 && like === like.toUpperCase()
    ? word.toUpperCase()
    : like[0] === like[0]!.toUpperCase()
      ? word[0]!.toUpperCase() + word.slice(1)
      : word;

/** Each word of a pair leads to the other. */
export const both = (pairs: readonly (readonly [string, string])[]): Map<string, string> =>
  new Map(pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));

/** A pattern that finds longer words first. */
export const longestFirst = (words: Iterable<string>): string =>
  [...words].sort((a, b) => b.length - a.length).join("|");

/** Whether two words beside each other stand for both kinds of people: "he or she", "men and women", 他（她）. */
export function namesBothKinds(text: string, words: readonly Word[]): boolean {
  return words.some((word, i) => {
    const next = words[i + 1];
    if (!next) return false;
    const between = text.slice(word.end, next.start);
    return (
      /^(?:['’]s)?\s*(?:or|and|n|vs\.?|[/&+,（(或和与及跟、]|\s)*\s*$/u.test(between) &&
      word.from.toLowerCase() !== next.from.toLowerCase() &&
      opposite(word, next)
    );
  });
}

const opposite = (a: Word, b: Word) =>
  a.to(0).toLowerCase() === b.from.toLowerCase() || b.to(0).toLowerCase() === a.from.toLowerCase();
