// From a file's records to rows of text with labels: cleaned, or refused with a reason. Pure.
import { ConcordError, nearestName } from "../../base/index.ts";
import { type CleaningCounts, cleanText } from "./clean.ts";
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
export type LabelKind = "single-label" | "multi-label" | "regression";

export interface TextRow {
  /** `file:line` it came from. */
  readonly place: string;
  readonly text: string;
  readonly pair?: string;
  /** Class names: one, several or none. */
  readonly labels: readonly string[];
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

export interface TextRowOptions {
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
 * @param counts what cleaning changed, added to
 * @throws E_DATA when the record lacks a named column, with the nearest one
 */
export function textRow(
  row: SourceRow,
  { columns, kind, separator = ";", longest = 100_000 }: TextRowOptions,
  counts: CleaningCounts,
): TextRow | Quarantined {
  const place = placeOf(row);
  const refuse = (reason: Refusal, value: unknown): Quarantined => ({ place, reason, got: shown(value) });
  const raw = field(row, columns.text, "data.text");
  if (isMissing(raw)) return refuse("no-text", raw);
  if (String(raw).length > longest) return refuse("too-long", `${String(raw).length} characters`);
  const text = cleanText(String(raw), counts);
  const second = columns.pair === undefined ? undefined : field(row, columns.pair, "data.pair");
  if (text === "" || (columns.pair !== undefined && isMissing(second))) return refuse("no-text", raw);
  const label = columns.label === undefined ? undefined : field(row, columns.label, "data.label");
  const labels = columns.label === undefined || kind === "regression" ? [] : labelsOf(label, kind, separator);
  if (columns.label !== undefined && kind === "single-label" && labels.length === 0) return refuse("no-label", label);
  const value = kind === "regression" && columns.label !== undefined ? numberOf(label) : undefined;
  if (kind === "regression" && columns.label !== undefined && value === undefined) return refuse("not-a-number", label);
  const group = columns.group === undefined ? undefined : field(row, columns.group, "data.group");
  const part = columns.part === undefined ? undefined : field(row, columns.part, "data.split.column");
  return {
    place,
    text,
    pair: second === undefined ? undefined : cleanText(String(second), counts),
    labels,
    value,
    group: isMissing(group) ? undefined : String(group),
    attributes: Object.fromEntries(
      (columns.attributes ?? []).map((name) => {
        const given = field(row, name, "data.attributes");
        return [name, isMissing(given) ? "" : cleanText(String(given))];
      }),
    ),
    part: isMissing(part) ? undefined : String(part),
  };
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
