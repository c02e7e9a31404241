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
}

/** What reading entities found, counted over rows. */
export interface EntityCounts {
  spans: number;
  /** Left out, because a longer one (or an earlier one as long) covers some of it. */
  overlapping: number;
  /** Begin or end inside a word: the model learns the whole word. */
  insideWords: number;
}

export const noEntities = (): EntityCounts => ({ spans: 0, overlapping: 0, insideWords: 0 });

/** A text with its words and the entities in it, in order and apart. */
export interface EntityText extends WordedText {
  readonly spans: readonly EntitySpan[];
}

/** Why the entities of a record cannot be used. */
export interface EntityProblem {
  readonly reason: "bad-tags" | "bad-span";
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
  { scheme = "IOB2", offsets = "code-points" }: EntityOptions,
  counts: EntityCounts,
): EntityText | EntityProblem {
  const tags = tagsIn(label, scheme);
  if (tags && "reason" in tags) return tags;
  const worded = typeof text !== "string" ? joinWords(text) : { text, words: wordsFor(text, tags) };
  if (label === undefined || label === null) return { ...worded, spans: [] };
  if (tags && tags.length !== worded.words.length)
    return { reason: "bad-tags", got: `${tags.length} tags, ${worded.words.length} words` };
  const given = tags ? spansOfTags(worded.words, tags, scheme) : spansIn(label, worded.text, offsets);
  if ("reason" in given) return given;
  return { ...worded, spans: apart(given, worded.words, counts) };
}

/** Tags, where the label is a list of strings or one string of them; else nothing. */
function tagsIn(label: unknown, scheme: TagScheme): readonly string[] | EntityProblem | undefined {
  const list = typeof label === "string" && label.trim() !== "" ? label.trim().split(/\s+/) : label;
  if (!Array.isArray(list) || list.length === 0 || typeof list[0] === "object") return undefined;
  const bad = list.find((tag) => typeof tag !== "string" || (scheme !== "none" && !isTag(tag)));
  return bad === undefined ? list : { reason: "bad-tags", got: bad };
}

/** Words of a text: where it is tagged, what stands between spaces or single characters, if they are as many as the tags. */
function wordsFor(text: string, tags: readonly string[] | undefined): Range[] {
  const own = splitWords(text);
  if (!tags || tags.length === own.length) return own;
  const by = (pattern: RegExp) => [...text.matchAll(pattern)].map((m): Range => [m.index, m.index + m[0].length]);
  return [by(/\S+/gu), by(/\S/gu)].find((words) => words.length === tags.length) ?? own;
}

function spansIn(label: unknown, text: string, offsets: EntityOptions["offsets"]): EntitySpan[] | EntityProblem {
  const places = offsets === "utf-16" ? undefined : codePointPlaces(text);
  const listed = Array.isArray(label)
    ? label.map(listedSpan)
    : typeof label === "object"
      ? tableSpans(label!)
      : [label];
  const spans: EntitySpan[] = [];
  for (const [i, found] of listed.entries()) {
    const span = asSpan(found, text, places);
    if (!span) return { reason: "bad-span", got: Array.isArray(label) ? label[i] : found };
    spans.push(span);
  }
  return spans;
}

interface RawSpan {
  readonly start: unknown;
  readonly end: unknown;
  readonly type: unknown;
  /** What the text must be there, if the data says. */
  readonly name?: unknown;
}

/** One element of a span list, whatever tool wrote it. */
function listedSpan(given: unknown): unknown {
  if (Array.isArray(given)) return { start: given[0], end: given[1], type: given[2] } satisfies RawSpan;
  if (typeof given !== "object" || given === null) return given;
  const of = given as Record<string, unknown>; // any JSON object; every field is checked by asSpan
  return {
    start: of.start ?? of.start_offset,
    end: of.end ?? of.end_offset,
    type: of.type ?? of.label ?? of.tag ?? of.entity_group,
  } satisfies RawSpan;
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
  const { start, end, type, name } = given as RawSpan; // three unknowns, checked here
  if (!Number.isInteger(start) || !Number.isInteger(end) || typeof type !== "string" || type.trim() === "")
    return undefined;
  const place = (at: number) => (places ? places[at] : at <= text.length ? at : undefined);
  const [from, to] = [place(start as number), place(end as number)]; // integers by the check above
  if (from === undefined || to === undefined || from < 0 || from >= to) return undefined;
  if (typeof name === "string" && text.slice(from, to) !== name) return undefined;
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
  const longestFirst = [...spans].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  for (const span of longestFirst) {
    if (kept.some((other) => span.start < other.end && other.start < span.end)) counts.overlapping++;
    else kept.push(span);
    if (!starts.has(span.start) || !ends.has(span.end)) counts.insideWords++;
  }
  counts.spans += kept.length;
  return kept.sort((a, b) => a.start - b.start);
}
