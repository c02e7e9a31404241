// Entity spans ⇄ tags of words, in both common schemes. Knows no model.
import { taggedEntities } from "./entities.ts";
import type { Range } from "./words.ts";

/** An entity in a text: UTF-16 offsets, the end not included. */
export interface EntitySpan {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

/** How a model's tags mark entities: IOB2 (B- I-), IOBES (B- I- E-, S- alone), or none: each word's tag is the class itself. */
export const tagSchemes = ["IOB2", "IOBES", "none"] as const;
export type TagScheme = (typeof tagSchemes)[number];

/**
 * All tags for some entity types, `O` first.
 * @example tagSet(["LOC"], "IOB2") // ["O", "B-LOC", "I-LOC"]
 */
export const tagSet = (types: readonly string[], scheme: TagScheme): string[] => [
  "O",
  ...types.flatMap((type) =>
    scheme === "none" ? [type] : (scheme === "IOB2" ? ["B", "I"] : ["B", "I", "E", "S"]).map((p) => `${p}-${type}`),
  ),
];

/** How a model's labels mark entities; the schemes with prefixes are read alike. */
export const schemeOfTags = (tags: readonly string[]): TagScheme => (tags.every(isTag) ? "IOB2" : "none");

/** Entity types that some tags name, in their order. @example typesOfTags(["O", "B-LOC", "I-LOC"]) // ["LOC"] */
export function typesOfTags(tags: readonly string[]): string[] {
  const start = schemeOfTags(tags) === "none" ? 0 : 2;
  return [...new Set(tags.filter((tag) => tag !== "O").map((tag) => tag.slice(start)))];
}

/** Tags of the words that spans touch; a span that cuts a word takes all of it, the first of two that share one. */
export function tagsOfSpans(words: readonly Range[], spans: readonly EntitySpan[], scheme: TagScheme): string[] {
  const tags = new Array<string>(words.length).fill("O");
  for (const { start, end, type } of spans) {
    const first = words.findIndex((w) => w[1] > start && w[0] < end);
    let last = first - 1;
    while (first >= 0 && last + 1 < words.length && words[last + 1]![0] < end) last++;
    for (let w = first; first >= 0 && w <= last; w++) {
      if (tags[w] !== "O") continue;
      const alone = first === last && scheme === "IOBES";
      const prefix = alone ? "S" : w === first ? "B" : w === last && scheme === "IOBES" ? "E" : "I";
      tags[w] = scheme === "none" ? type : `${prefix}-${type}`;
    }
  }
  return tags;
}

const otherPrefixes: Readonly<Record<string, string>> = { L: "E", U: "S", W: "S", M: "I" }; // BILOU, BMES, BMEWO

/**
 * Spans that tags mark. IOB1, IOB2, IOBES, BILOU and BMES are read alike, as conlleval reads them: an I- without a B- starts one.
 * @example spansOfTags([[0, 4], [5, 9]], ["B-LOC", "I-LOC"], "IOB2") // [{ start: 0, end: 9, type: "LOC" }]
 */
export function spansOfTags(words: readonly Range[], tags: readonly string[], scheme: TagScheme): EntitySpan[] {
  if (scheme === "none")
    return tags.flatMap((type, i) => (type === "O" ? [] : [{ start: words[i]![0], end: words[i]![1], type }]));
  const plain = tags.map((tag) => (/^[LUWM][-_]./.test(tag) ? otherPrefixes[tag[0]!] + tag.slice(1) : tag));
  return taggedEntities(plain).map(({ type, first, last }) => ({
    start: words[first]![0],
    end: words[last]![1],
    type,
  }));
}

/** True for `O` and for a prefix with a type, in any scheme that {@link spansOfTags} reads. */
export const isTag = (tag: string): boolean => tag === "O" || /^[BIESLUWM][-_]./.test(tag);

/** Spans by UTF-16 code units instead of code points: the way back from {@link inCodePoints}. */
export function inUnits<S extends EntitySpan>(text: string, spans: readonly S[]): S[] {
  if (!/[\ud800-\udbff]/.test(text)) return [...spans];
  const signs = [...text];
  const at = (point: number) => signs.slice(0, point).join("").length;
  return spans.map((span) => ({ ...span, start: at(span.start), end: at(span.end) }));
}

/**
 * Spans by code points instead of UTF-16 code units, as Python counts.
 * @example inCodePoints("😀 Rome", [{ start: 3, end: 7, type: "LOC" }]) // 2 … 6
 */
export function inCodePoints<S extends EntitySpan>(text: string, spans: readonly S[]): S[] {
  if (!/[\ud800-\udbff]/.test(text)) return [...spans];
  const at = (unit: number) => [...text.slice(0, unit)].length;
  return spans.map((span) => ({ ...span, start: at(span.start), end: at(span.end) }));
}
