// What every reader gives: rows as fields, with the place that they came from. Pure.
import type { SplitName } from "./splits.ts";

/** File formats that {@link SourceRow}s are read from. */
export const tableFormats = ["csv", "tsv", "jsonl", "json", "parquet", "xlsx", "conll", "fasttext"] as const;
export type TableFormat = (typeof tableFormats)[number];

/** One record of a file, as it stood there. */
export interface SourceRow {
  readonly file: string;
  /** The line it begins on, from 1 (the record's number in Parquet and in JSON that is one value); 0 where a file is one record. */
  readonly line: number;
  /** Values by column: strings in CSV, any JSON in JSONL and Parquet, `tokens` and `tags` in CoNLL. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The part that its file is for, where files are parts. */
  readonly part?: SplitName;
}

/** `file:line`, as editors open it; the file alone where the whole of it is the record. */
export const placeOf = ({ file, line }: Pick<SourceRow, "file" | "line">): string =>
  line > 0 ? `${file}:${line}` : file;

const kindOf = Symbol("unreadable");

/** A value that a reader cannot read; only who asks for its column has to know. */
export interface Unreadable {
  /** What it is: bytes, a type of Parquet. */
  readonly [kindOf]: string;
}

export const unreadable = (kind: string): Unreadable => ({ [kindOf]: kind });

/** What a value is that could not be read; undefined for all others. */
export const unreadableKind = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null && kindOf in value ? (value as Unreadable)[kindOf] : undefined;
