// Made-up questions with choices: which of several words is of a kind. Words are the same in all parts, their combinations are not.
import { random, shuffle } from "../src/base/index.ts";

const kinds = {
  animal: ["cat", "dog", "horse", "cow"],
  colour: ["red", "blue", "green", "black"],
  city: ["Oslo", "Rome", "Paris", "Cairo", "Lima"],
  food: ["bread", "rice", "soup", "cheese"],
} as const;
const names = Object.keys(kinds) as (keyof typeof kinds)[];

/** A question as a table has it: its choices, two to four, and the number of the right one. */
export interface ChoiceRow {
  readonly question: string;
  readonly choices: readonly string[];
  readonly label: number;
}

/** @param count rows, all different */
export function choiceRows(count: number, seed = 1): ChoiceRow[] {
  const rng = random(`choices ${seed}`);
  const found = new Map<string, ChoiceRow>();
  while (found.size < count) {
    const order = shuffle([...names], rng).slice(0, 2 + rng.int(3));
    const label = rng.int(order.length);
    const choices = order.map((kind) => kinds[kind][rng.int(kinds[kind].length)]!);
    const row = { question: `Which of these is a ${order[label]!}?`, choices, label };
    found.set(JSON.stringify(row), row);
  }
  return [...found.values()];
}

/** Two texts, and how alike they are, 0 … 5: the same word, words of one kind, or of two. */
export interface AlikeRow {
  readonly first: string;
  readonly second: string;
  readonly score: number;
}

/** @param count rows, all different */
export function alikeRows(count: number, seed = 1): AlikeRow[] {
  const rng = random(`alike ${seed}`);
  const pick = <T>(from: readonly T[]): T => from[rng.int(from.length)]!;
  const forms = ["I saw WORD", "there was WORD", "WORD again", "and then WORD", "no WORD today", "more WORD please"];
  const found = new Map<string, AlikeRow>();
  while (found.size < count) {
    const kind = pick(names);
    const other = rng.int(2) ? kind : pick(names);
    const [a, b] = [pick(kinds[kind]), pick(kinds[other])];
    const score = a === b ? 5 : kind === other ? 4 : 0;
    const row = { first: pick(forms).replace("WORD", a), second: pick(forms).replace("WORD", b), score };
    found.set(JSON.stringify(row), row);
  }
  return [...found.values()];
}
