// From a file's records to rows of text with labels: cleaned, or refused with a reason. Pure.
import { ConcordError, nearestName } from "../../base/index.ts";
import type { EntitySpan } from "../tagging/spans.ts";
import type { Range } from "../tagging/words.ts";
import { type CleaningCounts, cleanText, noCounts } from "./clean.ts";
import { type EntityCounts, type EntityOptions, entityText, isProblem, noEntities } from "./entity-rows.ts";
import { placeOf, type SourceRow } from "./source-row.ts";

/** Which fields of a record are what. */
export interface ColumnNames {
  readonly text: string;
  /** Second text of a pair. */
  readonly pair?: string;
  /** Class, classes or number to predict; without it rows are unlabelled. */
  readonly label?: string;
  /** Rows with the same value (a patient's) never fall into different parts. */
  readonly group?: string;
  /** Properties of a person or place by which scores are reported. */
  readonly attributes?: readonly string[];
  /** Names the part of each row: train, dev or test. */
  readonly part?: string;
}

/** What is predicted from a text. */
export type LabelKind = "single-label" | "multi-label" | "regression" | "entities";

export interface TextRow {
  /** `file:line` it came from. */
  readonly place: string;
  readonly text: string;
  readonly pair?: string;
  /** Class names: one, several or none; for entities the types that occur. */
  readonly labels: readonly string[];
  /** For entities: where the words lie in the text, and the entities. */
  readonly words?: readonly Range[];
  readonly spans?: readonly EntitySpan[];
  /** The number to predict, for regression. */
  readonly value?: number;
  readonly group?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly part?: string;
}

export const refusals = {
  "no-text": "the text is missing or empty",
  "no-label": "the label is missing or empty",
  "not-a-number": "the value to predict is not a finite number",
  "too-long": "the text is longer than the limit",
  "bad-tags": "the tags are not as many as the words, or are no tags",
  "bad-span": "an entity does not lie in the text, or its name is not what stands there",
} as const;
/** Why a row was put aside. */
export type Refusal = keyof typeof refusals;

/** A row that was put aside. */
export interface Quarantined {
  readonly place: string;
  readonly reason: Refusal;
  /** The offending value, shortened. */
  readonly got: string;
}

/** What reading changed and found, added up over rows. */
export interface RowCounts {
  readonly cleaning: CleaningCounts;
  readonly entities: EntityCounts;
}

export const newCounts = (): RowCounts => ({ cleaning: noCounts(), entities: noEntities() });

export interface TextRowOptions extends EntityOptions {
  readonly columns: ColumnNames;
  readonly kind: LabelKind;
  /** Between the labels of a multi-label field that is one string. Default `;`. */
  readonly separator?: string;
  /** Longest text, in characters. Default 100,000. */
  readonly longest?: number;
}

const missingWords = new Set(["", "nan", "null", "none", "na", "n/a", "#n/a"]); // what spreadsheets and pandas write for nothing

/**
 * Reads one record.
 * @param counts what cleaning changed and which entities there were, added to
 * @throws E_DATA when the record lacks a named column, with the nearest one
 */
export function textRow(row: SourceRow, options: TextRowOptions, counts: RowCounts): TextRow | Quarantined {
  const { columns, longest = 100_000 } = options;
  const place = placeOf(row);
  const raw = field(row, columnOf(row, columns.text, options.kind, "text", ["tokens", "words"]), "data.text");
  const content =
    options.kind === "entities" && Array.isArray(raw) ? raw.map(String) : isMissing(raw) ? "" : String(raw);
  const length = typeof content === "string" ? content.length : content.reduce((n, word) => n + word.length, 0);
  if (length === 0) return refused(place, "no-text", raw);
  if (length > longest) return refused(place, "too-long", `${length} characters`);
  const read =
    options.kind === "entities"
      ? entityFields(row, content, options, counts)
      : textFields(row, String(content), options, counts.cleaning);
  if (isRefused(read)) return refused(place, read.reason, read.got);
  const optional = (name: string | undefined, setting: string) => {
    const value = name === undefined ? undefined : field(row, name, setting);
    return isMissing(value) ? undefined : String(value);
  };
  return {
    place,
    ...read,
    group: optional(columns.group, "data.group"),
    attributes: Object.fromEntries(
      (columns.attributes ?? []).map((name) => [name, cleanText(optional(name, "data.attributes") ?? "")]),
    ),
    part: row.part ?? optional(columns.part, "data.split.column"),
  };
}

interface Refused {
  readonly reason: Refusal;
  readonly got: unknown;
}
type Fields = Pick<TextRow, "text" | "pair" | "labels" | "value" | "words" | "spans">;
const isRefused = (read: Fields | Refused): read is Refused => "reason" in read;
const refused = (place: string, reason: Refusal, got: unknown): Quarantined => ({ place, reason, got: shown(got) });

/** Text and what a whole text is labelled with. */
function textFields(
  row: SourceRow,
  raw: string,
  { columns, kind, separator = ";" }: TextRowOptions,
  cleaning: CleaningCounts,
): Fields | Refused {
  const text = cleanText(raw, cleaning);
  const second = columns.pair === undefined ? undefined : field(row, columns.pair, "data.pair");
  if (text === "" || (columns.pair !== undefined && isMissing(second))) return { reason: "no-text", got: raw };
  const pair = second === undefined ? undefined : cleanText(String(second), cleaning);
  if (columns.label === undefined) return { text, pair, labels: [] };
  const label = field(row, columns.label, "data.label");
  if (kind === "regression") {
    const value = numberOf(label);
    return value === undefined ? { reason: "not-a-number", got: label } : { text, pair, labels: [], value };
  }
  const labels = labelsOf(label, kind, separator);
  return kind === "single-label" && labels.length === 0 ? { reason: "no-label", got: label } : { text, pair, labels };
}

/** A column, or the first that is there of its other usual names, for entities and a column that was not named. */
function columnOf(
  { fields }: SourceRow,
  name: string,
  kind: LabelKind,
  usual: string,
  others: readonly string[],
): string {
  if (kind !== "entities" || name !== usual || Object.hasOwn(fields, name)) return name;
  return others.find((other) => Object.hasOwn(fields, other)) ?? name;
}

/** Text as it stands, its words and entities. */
function entityFields(
  row: SourceRow,
  content: string | readonly string[],
  options: TextRowOptions,
  counts: RowCounts,
): Fields | Refused {
  const { label: name } = options.columns;
  const column = name && columnOf(row, name, "entities", "label", ["tags", "ner_tags", "entities", "spans", "labels"]);
  const label = column && field(row, column, "data.label");
  if (column && (label === undefined || label === null)) return { reason: "no-label", got: label };
  const read = entityText(content, label, options, counts.entities);
  if (isProblem(read)) return read;
  if (read.words.length === 0) return { reason: "no-text", got: read.text };
  return { ...read, labels: [...new Set(read.spans.map((s) => s.type))].sort() };
}

export const isQuarantined = (row: TextRow | Quarantined): row is Quarantined => "reason" in row;

function labelsOf(label: unknown, kind: LabelKind, separator: string): string[] {
  if (isMissing(label)) return [];
  const several = Array.isArray(label) ? label : kind === "multi-label" ? String(label).split(separator) : [label];
  return [...new Set(several.map((l) => cleanText(String(l))))].filter((l) => l !== "");
}

function numberOf(label: unknown): number | undefined {
  const value = typeof label === "number" ? label : isMissing(label) ? Number.NaN : Number(label);
  return Number.isFinite(value) ? value : undefined;
}

/** True for what spreadsheets and pandas write where nothing is. */
export const isMissing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "number" && Number.isNaN(value)) ||
  (typeof value === "string" && missingWords.has(value.trim().toLowerCase()));

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 60);

function field({ fields, ...row }: SourceRow, name: string, setting: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  const known = Object.keys(fields);
  const near = nearestName(name, known);
  throw new ConcordError("E_DATA", {
    operation: "read data",
    problem: `there is no column ${name}`,
    expected: known.slice(0, 12).join(", "),
    got: name,
    hint: near ? `did you mean ${near}? Set ${setting}: ${near}` : `set ${setting} to one of them`,
    path: placeOf(row),
  });
}
