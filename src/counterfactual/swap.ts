// Texts about somebody else: words of gender, religion, origin … replaced by their counterparts. Where an exchange is not sure the text is
// left alone. Knows no model.

import { staysChinese } from "./chinese.ts";
import { chineseGender } from "./chinese-gender.ts";
import { staysEnglish } from "./english.ts";
import { englishGender } from "./english-gender.ts";
import { setWords, wordSets } from "./sets.ts";
import { namesBothKinds, type Search, type Word } from "./words.ts";

/** A word that was replaced. Offsets count UTF-16 units: [start, end) in the text, [newStart, newEnd) in the counterfactual. */
export interface Edit {
  readonly from: string;
  readonly to: string;
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
  /** The rule that made it: a key of {@link swapRules}. */
  readonly rule: string;
}

/** A text in which the words of one axis are replaced. */
export interface Counterfactual {
  /** One of {@link counterfactualAxes} or {@link unmeasuredAxes}. */
  readonly axis: string;
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** Axes that are asked of by default: the precision of their rules was measured on real texts ({@link swapRules}). */
export const counterfactualAxes = ["gender"] as const;
/** Axes for whose rules too few real texts were found to state a precision: asked of only by name. */
export const unmeasuredAxes = ["religion", "origin", "orientation", "names", "ethnicity", "home"] as const;

/** The counterfactuals of a text, and the axes on which it names somebody but an exchange would not be sure. */
export interface Swaps {
  readonly made: readonly Counterfactual[];
  readonly unsure: readonly string[];
}

/**
 * The text with other people in it: at most one counterfactual for gender, and one for every other word of a set it names.
 * @returns none for a text that names nobody, or names somebody and could contradict itself when words are replaced
 * @example counterfactuals("Her knee hurts, she says")[0].text // "His knee hurts, he says"
 */
export const counterfactuals = (
  text: string,
  axes: readonly string[] = counterfactualAxes,
): readonly Counterfactual[] => swaps(text, axes).made;

/** As {@link counterfactuals}, and the axes on which the text is left alone because an exchange is not sure. */
export function swaps(text: string, axes: readonly string[] = counterfactualAxes): Swaps {
  const [made, unsure]: [Counterfactual[], string[]] = [[], []];
  for (const axis of axes)
    for (const { found, count } of searches(axis, text)) {
      if (found === undefined) unsure.push(axis);
      else made.push(...replaced(axis, text, found, count));
    }
  return { made, unsure };
}

function searches(axis: string, text: string): readonly { readonly found: Search; readonly count: number }[] {
  if (axis !== "gender")
    return (wordSets[axis] ?? []).map((set) => ({ found: setWords(text, set), count: set.words.length - 1 }));
  return [{ found: genderWords(text), count: 1 }];
}

function genderWords(text: string): Search {
  const [english, chinese] = [englishGender(text), chineseGender(text)];
  if (english === undefined || chinese === undefined) return undefined;
  const found = [...english, ...chinese.found].sort((a, b) => a.start - b.start);
  if (found.length === 0) return found;
  const stays = staysEnglish.test(text) || staysChinese.test(chinese.rest) || namesBothKinds(text, found);
  return stays ? undefined : found;
}

function replaced(axis: string, text: string, found: readonly Word[], count: number): Counterfactual[] {
  if (found.length === 0) return [];
  return Array.from({ length: count }, (_, k) => ({ axis, ...exchanged(text, found, k) }));
}

/** @param found in order of place, none within another */
export function exchanged(
  text: string,
  found: readonly Word[],
  k: number,
): { readonly text: string; readonly edits: readonly Edit[] } {
  const edits: Edit[] = [];
  let [out, at] = ["", 0];
  for (const { start, end, from, rule, to } of found) {
    out += text.slice(at, start);
    const word = to(k);
    edits.push({ from, to: word, start, end, newStart: out.length, newEnd: out.length + word.length, rule });
    out += word;
    at = end;
  }
  return { text: out + text.slice(at), edits };
}
