// What every reader gives: rows as fields, with the place that they came from. Pure.
import type { PartName } from "./splits.ts";

/** File formats that {@link SourceRow}s are read from. */
export const tableFormats = ["csv", "tsv", "jsonl", "parquet", "conll"] as const;
export type TableFormat = (typeof tableFormats)[number];

/** One record of a file, as it stood there. */
export interface SourceRow {
  readonly file: string;
  /** The line it begins on, from 1 (the record's number in Parquet). */
  readonly line: number;
  /** Values by column: strings in CSV, any JSON in JSONL, `tokens` and `tags` in CoNLL. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The part that its file is for, where files are parts. */
  readonly part?: PartName;
}

/** `file:line`, as editors open it. */
export const placeOf = ({ file, line }: Pick<SourceRow, "file" | "line">): string => `${file}:${line}`;
