// Sets of texts, as expressions: what regular expressions and JSON Schemas are turned into. Plain data; knows no syntax and no automaton.

/** A set of texts. */
export type Expression =
  /** One character of these ranges of code points, ascending and apart. */
  | { readonly kind: "characters"; readonly ranges: readonly CodePoints[] }
  /** One after the other. */
  | { readonly kind: "sequence"; readonly parts: readonly Expression[] }
  | { readonly kind: "choice"; readonly parts: readonly Expression[] }
  /** At least and at most so many times; most absent: any number. */
  | { readonly kind: "repeat"; readonly part: Expression; readonly least: number; readonly most?: number };

/** From and to, both included. */
export type CodePoints = readonly [from: number, to: number];

export const lastCodePoint = 0x10ffff;

/** One text. */
export const text = (value: string): Expression => ({
  kind: "sequence",
  parts: Array.from(
    value,
    (c): Expression => ({ kind: "characters", ranges: [[c.codePointAt(0)!, c.codePointAt(0)!]] }),
  ),
});
export const sequence = (...parts: readonly Expression[]): Expression => ({ kind: "sequence", parts });
export const choice = (...parts: readonly Expression[]): Expression => ({ kind: "choice", parts });
export const repeat = (part: Expression, least: number, most?: number): Expression => ({
  kind: "repeat",
  part,
  least,
  most,
});
export const optional = (part: Expression): Expression => repeat(part, 0, 1);
export const characters = (...ranges: readonly CodePoints[]): Expression => ({
  kind: "characters",
  ranges: joined(ranges),
});

/** Ascending ranges that do not touch. */
export function joined(ranges: readonly CodePoints[]): CodePoints[] {
  const out: [number, number][] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = out.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

/** All other code points, but for surrogates, which no text in UTF-8 has. */
export function others(ranges: readonly CodePoints[]): CodePoints[] {
  const out: CodePoints[] = [];
  let next = 0;
  for (const [from, to] of [
    ...joined([...ranges, [0xd800, 0xdfff]]),
    [lastCodePoint + 1, lastCodePoint + 1] as const,
  ]) {
    if (from > next) out.push([next, from - 1]);
    next = to + 1;
  }
  return out;
}
