// Writes rows as CSV, TSV, JSON lines or Parquet, in pieces. Knows nothing of texts and labels.
import { extname } from "node:path";
import { csvCell } from "../../base/index.ts";
import type { SourceRow } from "../../data/index.ts";
import { type ColumnKind, cellText, safeCell, type WrittenColumn } from "../cells.ts";
import { parquetBytes } from "./parquet-bytes.ts";

/** Formats that tables are written in, as names of files end. */
export const writtenFormats = ["csv", "tsv", "jsonl", "parquet"] as const;
export type WrittenFormat = (typeof writtenFormats)[number];

/** By the file's name; undefined for others. @example writtenFormat("answers.csv") // "csv" */
export const writtenFormat = (file: string): WrittenFormat | undefined =>
  writtenFormats.find((format) => extname(file).toLowerCase() === `.${format}`);

type Fields = SourceRow["fields"];

const kindOf = (value: unknown): ColumnKind => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? "integer" : "number";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "object" ? "json" : "text";
};

const isNumeric = (kind: ColumnKind): boolean => kind === "integer" || kind === "number";

/** The columns that rows have, in the order in which they come up, and what they hold: texts where rows differ. */
export async function columnsOfRows(rows: AsyncIterable<Pick<SourceRow, "fields">>): Promise<WrittenColumn[]> {
  const kinds = new Map<string, ColumnKind | undefined>();
  for await (const { fields } of rows)
    for (const [name, value] of Object.entries(fields)) {
      const known = kinds.get(name);
      const own = value === null || value === undefined ? known : kindOf(value);
      if (known === own || known === undefined || own === undefined) kinds.set(name, own);
      else kinds.set(name, isNumeric(known) && isNumeric(own) ? "number" : "text");
    }
  return [...kinds].map(([name, kind = "text"]) => ({ name, kind }));
}

/**
 * A table's bytes.
 * @param columns in their order; JSON lines have the fields that each row has
 * @param onEscaped told of each cell of CSV or TSV that a spreadsheet would have run as a formula
 * @example await writeFileAtomically("answers.csv", tableBytes("csv", columns, rows));
 */
export async function* tableBytes(
  format: WrittenFormat,
  columns: readonly WrittenColumn[],
  rows: AsyncIterable<Fields>,
  onEscaped: () => void = () => {},
): AsyncGenerator<Uint8Array> {
  if (format === "parquet") return yield* parquetBytes(columns, rows);
  const encoder = new TextEncoder();
  if (format === "jsonl") {
    for await (const fields of rows) yield encoder.encode(`${JSON.stringify(fields)}\n`);
    return;
  }
  const delimiter = format === "tsv" ? "\t" : ",";
  const line = (cells: readonly unknown[]) =>
    encoder.encode(`${cells.map((cell) => csvCell(cellText(safeCell(cell, onEscaped)), delimiter)).join(delimiter)}\n`);
  yield line(columns.map(({ name }) => name));
  for await (const fields of rows) yield line(columns.map(({ name }) => fields[name]));
}
