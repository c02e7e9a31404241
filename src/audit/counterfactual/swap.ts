// Texts about somebody else: words of gender, religion, origin … replaced by their counterparts, with English grammar (her → him or
// his) and case. Knows no model.

import { chineseOneWay, chineseOthers, chinesePairs, chineseSets } from "./chinese.ts";
import { afterObject, englishOneWay, englishPairs, englishSets } from "./english.ts";

/** A word that was replaced. Offsets count UTF-16 units: [start, end) in the text, [newStart, newEnd) in the counterfactual. */
export interface Edit {
  readonly from: string;
  readonly to: string;
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** A text in which the words of one axis are replaced. */
export interface Counterfactual {
  /** `gender`, or a set: `religion`, `origin`, `orientation`, `names`, `ethnicity`, `home`. */
  readonly axis: string;
  readonly text: string;
  readonly edits: readonly Edit[];
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly from: string;
  /** Replacement for the k-th counterfactual of the axis. */
  to(k: number): string;
}

const both = (pairs: readonly (readonly [string, string])[], oneWay: readonly (readonly [string, string])[]) =>
  new Map([...pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]), ...oneWay]);
const english = both(englishPairs, englishOneWay);
const chinese = both(chinesePairs, chineseOneWay);
const pronouns: ReadonlySet<string> = new Set(["him", "his", "her", "hers"]);
const sets: Readonly<Record<string, readonly (readonly string[])[]>> = (() => {
  const axes = [...new Set([...Object.keys(englishSets), ...Object.keys(chineseSets)])];
  const of = (lists: Readonly<Record<string, readonly string[]>>, axis: string) => (lists[axis] ? [lists[axis]] : []);
  return Object.fromEntries(axes.map((axis) => [axis, [...of(englishSets, axis), ...of(chineseSets, axis)]]));
})();

/** Names of the axes. */
export const counterfactualAxes: readonly string[] = ["gender", ...Object.keys(sets)];

const longestFirst = (words: Iterable<string>) => [...words].sort((a, b) => b.length - a.length).join("|");
const chineseGender = new RegExp(longestFirst([...chineseOthers, ...chinese.keys()]), "gu");
const chineseWord = /\p{Script=Han}/u;

/**
 * The text with other people in it: at most one counterfactual for gender, and one for every other word of a set it names.
 * @returns none for a text that names nobody
 * @example counterfactuals("Her knee hurts, he says")[0].text // "His knee hurts, she says"
 */
export function counterfactuals(text: string, axes: readonly string[] = counterfactualAxes): Counterfactual[] {
  return axes.flatMap((axis) => {
    if (axis === "gender") return replaced(axis, text, [...englishGender(text), ...chineseGenders(text)], 1);
    return (sets[axis] ?? []).flatMap((words) => replaced(axis, text, setWords(text, words), words.length - 1));
  });
}

function replaced(axis: string, text: string, found: readonly Found[], count: number): Counterfactual[] {
  if (found.length === 0) return [];
  const ordered = [...found].sort((a, b) => a.start - b.start);
  return Array.from({ length: count }, (_, k) => {
    const edits: Edit[] = [];
    let [out, at] = ["", 0];
    for (const { start, end, from, to } of ordered) {
      out += text.slice(at, start);
      const word = to(k);
      edits.push({ from, to: word, start, end, newStart: out.length, newEnd: out.length + word.length });
      out += word;
      at = end;
    }
    return { axis, text: out + text.slice(at), edits };
  });
}

const words = /[A-Za-z]+/g;

function englishGender(text: string): Found[] {
  return [...text.matchAll(words)].flatMap((match): Found[] => {
    const [from] = match;
    const lower = from.toLowerCase();
    const end = match.index + from.length;
    const other = pronouns.has(lower) ? pronounFor(lower, text.slice(end)) : english.get(lower);
    if (other === undefined || isPart(text, match.index, end)) return [];
    return [{ start: match.index, end, from, to: () => cased(other, from) }];
  });
}

/** he/him/his and she/her/hers: which form is wanted shows in what follows. */
function pronounFor(word: string, after: string): string {
  const next = /^[ \t]+([A-Za-z']+)/.exec(after)?.[1]?.toLowerCase();
  const beforeNoun = next !== undefined && !afterObject.has(next);
  if (word === "him") return "her";
  if (word === "hers") return "his";
  if (word === "his") return beforeNoun ? "her" : "hers";
  return beforeNoun ? "his" : "him";
}

/** Part of a longer word with an apostrophe or hyphen, an address or a name of a file. */
const isPart = (text: string, start: number, end: number) =>
  /[@_\d.\-/]$/.test(text.slice(Math.max(0, start - 1), start).replace(/\.$/, "")) ||
  /^[@_\d\-/]/.test(text.slice(end, end + 1));

const cased = (word: string, like: string) =>
  like.length > 1 && like === like.toUpperCase()
    ? word.toUpperCase()
    : like[0] === like[0]!.toUpperCase()
      ? word[0]!.toUpperCase() + word.slice(1)
      : word;

const chineseGenders = (text: string): Found[] =>
  [...text.matchAll(chineseGender)].flatMap((match): Found[] => {
    const other = chinese.get(match[0]);
    const { index } = match;
    return other === undefined ? [] : [{ start: index, end: index + match[0].length, from: match[0], to: () => other }];
  });

/** Words of a set; the k-th counterfactual moves each of them k + 1 places on, so that different ones stay different. */
function setWords(text: string, list: readonly string[]): Found[] {
  const whole = chineseWord.test(list[0]!) ? longestFirst(list) : `\\b(?:${longestFirst(list)})(?=s?\\b)`;
  return [...text.matchAll(new RegExp(whole, "giu"))].map((match) => {
    const [from] = match;
    const at = list.indexOf(from.toLowerCase());
    const to = (k: number) => cased(list[(at + 1 + k) % list.length]!, from);
    return { start: match.index, end: match.index + from.length, from, to };
  });
}
