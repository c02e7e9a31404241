// Entities of a record, in the forms that corpora and annotation tools write: tags of words (CoNLL), spans (doccano, Prodigy) or
// CLUENER's tables of names. Everything is checked against the text. Pure.
import { type EntitySpan, isTag, spansOfTags, type TagScheme } from "../tagging/spans.ts";
import { joinWords, type Range, splitWords, type WordedText } from "../tagging/words.ts";

/** How entities are written in the data. */
export interface EntityOptions {
  /** Of tags. Default IOB2. */
  readonly scheme?: TagScheme;
  /** What offsets count: Unicode code points (Python) or UTF-16 code units (JavaScript). Default code points. */
  readonly offsets?: "code-points" | "utf-16";
  /** Names of tags that are written as numbers; 0 is the first. */
  readonly tagNames?: readonly string[];
}

/** What reading entities found, counted over rows. */
export interface EntityCounts {
  spans: number;
  /** Given twice with the same place and type: read once. */
  repeated: number;
  /** Left out, because a longer one (or an earlier one as long) covers some of it. */
  overlapping: number;
  /** Begin or end inside a word: the model learns the whole word. */
  insideWords: number;
  /** Spans that would begin and end with words, or have their own text, if their offsets were read otherwise. */
  readonly otherwise: Record<OffsetReading, number>;
  /** Spans of rows whose reading was tried. */
  tried: number;
}

/** Other readings of offsets: the other unit, or moved by some characters. */
export const offsetReadings = ["other-unit", "-2", "-1", "+1", "+2"] as const;
export type OffsetReading = (typeof offsetReadings)[number];

export const noEntities = (): EntityCounts => ({
  spans: 0,
  repeated: 0,
  overlapping: 0,
  insideWords: 0,
  otherwise: { "other-unit": 0, "-2": 0, "-1": 0, "+1": 0, "+2": 0 },
  tried: 0,
});

/** A text with its words and the entities in it, in order and apart. */
export interface EntityText extends WordedText {
  readonly spans: readonly EntitySpan[];
}

/** Why the entities of a record cannot be used. */
export interface EntityProblem {
  readonly reason: "bad-tags" | "numbered-tags" | "bad-span" | "span-text" | "parted-span";
  readonly got: unknown;
}

export const isProblem = (read: EntityText | EntityProblem): read is EntityProblem => "reason" in read;

/**
 * Reads the entities of one record.
 * @param text a string, or words that came apart
 * @param label tags as many as words; a list of `{start, end, label}` or `[start, end, label]`; or CLUENER's `{type: {name: [[first, last]]}}`.
 *   Undefined: an unlabelled row
 * @param counts added to
 */
export function entityText(
  text: string | readonly string[],
  label: unknown,
  { scheme = "IOB2", offsets = "code-points", tagNames }: EntityOptions,
  counts: EntityCounts,
): EntityText | EntityProblem {
  const tags = tagsIn(label, scheme, tagNames);
  if (tags && "reason" in tags) return tags;
  const worded = typeof text !== "string" ? joinWords(text) : { text, words: wordsFor(text, tags) };
  if (label === undefined || label === null) return { ...worded, spans: [] };
  if (tags && tags.length !== worded.words.length)
    return { reason: "bad-tags", got: `${tags.length} tags, ${worded.words.length} words` };
  if (tags) return { ...worded, spans: apart(spansOfTags(worded.words, tags, scheme), worded.words, counts) };
  const raw = rawSpans(label);
  const given = spansIn(raw, worded.text, offsets);
  const cut = counts.insideWords;
  const spans = "reason" in given ? given : apart(given, worded.words, counts);
  if ("reason" in spans || counts.insideWords > cut) tryOtherwise(raw, worded, offsets, counts);
  return "reason" in spans ? spans : { ...worded, spans };
}

/** Tags, where the label is a list of strings or one string of them; else nothing. */
function tagsIn(
  label: unknown,
  scheme: TagScheme,
  names: readonly string[] | undefined,
): readonly string[] | EntityProblem | undefined {
  const given = typeof label === "string" && label.trim() !== "" ? label.trim().split(/\s+/) : label;
  if (!Array.isArray(given) || given.length === 0 || (typeof given[0] === "object" && given[0] !== null))
    return undefined;
  const numbered = given.every((tag) => Number.isInteger(tag) || (typeof tag === "string" && /^\d+$/.test(tag)));
  if (numbered && !names && (scheme !== "none" || typeof given[0] === "number"))
    return { reason: "numbered-tags", got: given };
  const list = numbered && names ? given.map((tag: unknown) => names[Number(tag)]) : given;
  const bad = list.find((tag) => typeof tag !== "string" || (scheme !== "none" && !isTag(tag)));
  return bad === undefined ? list : { reason: "bad-tags", got: bad };
}

/** Words of a text: where it is tagged, what stands between spaces or single characters, if they are as many as the tags. */
function wordsFor(text: string, tags: readonly string[] | undefined): Range[] {
  const textWords = splitWords(text);
  if (!tags || tags.length === textWords.length) return textWords;
  const by = (pattern: RegExp) => [...text.matchAll(pattern)].map((m): Range => [m.index, m.index + m[0].length]);
  return [by(/\S+/gu), by(/\S/gu)].find((words) => words.length === tags.length) ?? textWords;
}

/** The spans of a label, as they were written. */
const rawSpans = (label: unknown): unknown[] =>
  Array.isArray(label) ? label.flatMap(listedSpans) : typeof label === "object" ? tableSpans(label!) : [label];

function spansIn(
  raw: readonly unknown[],
  text: string,
  offsets: EntityOptions["offsets"],
): EntitySpan[] | EntityProblem {
  const places = offsets === "utf-16" ? undefined : codePointPlaces(text);
  const spans: EntitySpan[] = [];
  for (const found of raw) {
    const span = asSpan(found, text, places);
    if (!span && isParted(found)) return { reason: "parted-span", got: (found as RawSpan).given };
    if (!span) return { reason: "bad-span", got: (found as Partial<RawSpan> | undefined)?.given ?? found };
    const { name } = found as RawSpan; // asSpan has seen that it is one
    if (typeof name === "string" && !sameText(text.slice(span.start, span.end), name))
      return { reason: "span-text", got: `${name}, where ${JSON.stringify(text.slice(span.start, span.end))} stands` };
    spans.push(span);
  }
  return spans;
}

/** Whether a span has several parts: lists of places in the place of one start or end. */
const isParted = (given: unknown): boolean => {
  if (typeof given !== "object" || given === null) return false;
  const { start, end } = given as RawSpan;
  return Array.isArray(start) || Array.isArray(end);
};

/** Tools write a line feed or a tab in a span's own text in their own ways. */
const sameText = (there: string, name: string): boolean =>
  there === name || there.replace(/\s+/g, " ").trim() === name.replace(/\\[nrt]|\s+/g, " ").trim();

/** Counts how many spans other readings of their offsets would fit: with their own text, else with words. */
function tryOtherwise(
  raw: readonly unknown[],
  { text, words }: WordedText,
  offsets: EntityOptions["offsets"],
  counts: EntityCounts,
) {
  const points = codePointPlaces(text);
  const [starts, ends] = [new Set(words.map((w) => w[0])), new Set(words.map((w) => w[1]))];
  counts.tried += raw.length;
  for (const reading of offsetReadings) {
    const unit = (offsets === "utf-16") !== (reading === "other-unit") ? undefined : points;
    const moved = reading === "other-unit" ? 0 : Number(reading);
    for (const given of raw) {
      if (typeof given !== "object" || given === null) continue;
      const rawSpan = given as RawSpan; // three unknowns, checked by asSpan
      const span = asSpan(
        { ...rawSpan, start: Number(rawSpan.start) + moved, end: Number(rawSpan.end) + moved },
        text,
        unit,
      );
      if (!span) continue;
      const fits =
        typeof rawSpan.name === "string"
          ? sameText(text.slice(span.start, span.end), rawSpan.name)
          : starts.has(span.start) && ends.has(span.end);
      if (fits) counts.otherwise[reading]++;
    }
  }
}

interface RawSpan {
  readonly start: unknown;
  readonly end: unknown;
  readonly type: unknown;
  /** What the text must be there, if the data says. */
  readonly name?: unknown;
  /** As it was written, for errors. */
  readonly given?: unknown;
}

/** One element of a span list, whatever tool wrote it; Label Studio writes a list of types, one span each. */
function listedSpans(given: unknown): unknown[] {
  if (Array.isArray(given)) return [{ start: given[0], end: given[1], type: given[2], given } satisfies RawSpan];
  if (typeof given !== "object" || given === null) return [given];
  const outer = given as Record<string, unknown>; // any JSON object; every field is checked by asSpan
  const of = typeof outer.value === "object" && outer.value !== null ? (outer.value as Record<string, unknown>) : outer;
  const span = {
    start: of.start ?? of.start_offset ?? of.begin ?? of.ranges ?? of.fragments, // lists: of a span in parts
    end: of.end ?? of.end_offset,
    type: of.type ?? of.label ?? of.tag ?? of.entity_group ?? of.entity,
    name: of.text ?? of.surface,
    given,
  } satisfies RawSpan;
  return Array.isArray(of.labels) ? of.labels.map((type: unknown) => ({ ...span, type })) : [span];
}

/** CLUENER: `{type: {name: [[first, last], …]}}`, the last character included. */
function tableSpans(table: object): RawSpan[] {
  return Object.entries(table).flatMap(([type, names]) =>
    Object.entries(typeof names === "object" && names !== null ? names : { "": [[]] }).flatMap(([name, places]) =>
      (Array.isArray(places) ? places : [[]]).map((place): RawSpan => {
        const [first, last] = Array.isArray(place) ? place : [];
        return { start: first, end: typeof last === "number" ? last + 1 : last, type, name };
      }),
    ),
  );
}

/** Checked, and in UTF-16 code units; nothing if it does not fit the text. */
function asSpan(given: unknown, text: string, places: Int32Array | undefined): EntitySpan | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { start, end, type } = given as RawSpan; // three unknowns, checked here
  if (!Number.isInteger(start) || !Number.isInteger(end) || typeof type !== "string" || type.trim() === "")
    return undefined;
  const place = (at: number) => (places ? places[at] : at <= text.length ? at : undefined);
  const [from, to] = [place(start as number), place(end as number)]; // integers by the check above
  if (from === undefined || to === undefined || from < 0 || from >= to) return undefined;
  return { start: from, end: to, type: type.trim() };
}

/** Where each code point begins in UTF-16, and the end. */
function codePointPlaces(text: string): Int32Array {
  const places: number[] = [];
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) places.push(at);
  return Int32Array.from([...places, text.length]);
}

/** Spans that touch no other, the longest kept, in the order of the text. */
function apart(spans: readonly EntitySpan[], words: readonly Range[], counts: EntityCounts): EntitySpan[] {
  const [starts, ends] = [new Set(words.map((w) => w[0])), new Set(words.map((w) => w[1]))];
  const kept: EntitySpan[] = [];
  const once = new Map(spans.map((span) => [`${span.start} ${span.end} ${span.type}`, span]));
  counts.repeated += spans.length - once.size;
  const longestFirst = [...once.values()].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  for (const span of longestFirst) {
    if (kept.some((other) => span.start < other.end && other.start < span.end)) counts.overlapping++;
    else kept.push(span);
    if (!starts.has(span.start) || !ends.has(span.end)) counts.insideWords++;
  }
  counts.spans += kept.length;
  return kept.sort((a, b) => a.start - b.start);
}
