// Texts in a group's own words, by a list that somebody who knows the group wrote: the same message as that group would put it.
import type { Random } from "../base/index.ts";

/** One way to say something and another. */
export interface Wording {
  readonly from: string;
  readonly to: string;
}

/**
 * A function that puts every listed phrase of a text in other words; longer phrases go first, one of several wordings is drawn.
 * @returns undefined for a text that has none of the phrases
 * @example rewording([{ from: "a cough", to: "a bark" }])("a cough since Monday", random(1)) // "a bark since Monday"
 */
export function rewording(list: readonly Wording[]): (text: string, rng: Random) => string | undefined {
  const wordings = new Map<string, string[]>();
  for (const { from, to } of list) wordings.set(from, [...(wordings.get(from) ?? []), to]);
  const phrases = [...wordings.keys()].filter((phrase) => phrase !== "").sort((a, b) => b.length - a.length);
  if (phrases.length === 0) return () => undefined;
  const escaped = phrases.map((phrase) => {
    const text = phrase.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const edge = (sign: string) => (/[A-Za-z0-9]/.test(sign) ? "\\b" : "");
    return `${edge(phrase[0]!)}${text}${edge(phrase.at(-1)!)}`;
  });
  const pattern = new RegExp(escaped.join("|"), "g");
  return (text, rng) => {
    const other = text.replace(pattern, (phrase) => {
      const known = wordings.get(phrase)!;
      return known[rng.int(known.length)]!;
    });
    return other === text ? undefined : other;
  };
}
