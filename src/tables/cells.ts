// Columns and cells of tables that are written. Pure.

/** What a column holds; Parquet needs one type for all of its rows. `json`: lists and objects, as JSON. */
export type ColumnKind = "text" | "integer" | "number" | "boolean" | "json";

/** A column of a table that is written. */
export interface WrittenColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** A value as the text of a cell: nothing is empty, a list or an object is JSON. */
export const cellText = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

/** Signs that begin a formula in a spreadsheet (OWASP, CSV injection); one of them alone is a text. */
const formula = /^[=+\-@\t\r][\s\S]/;
/** Numbers, dates and telephone numbers begin with these signs too, and do nothing. */
const harmless = /^[+-][\d.,:/() -]*(\d[eE][+-]?\d+)?\s*%?$/;

/**
 * A cell that no spreadsheet runs: texts that begin as a formula get an apostrophe, which spreadsheets do not show.
 * @param onEscaped told of each such cell
 * @example safeCell("=HYPERLINK(…)", () => {}) // "'=HYPERLINK(…)"
 */
export function safeCell(value: unknown, onEscaped: () => void): unknown {
  if (typeof value !== "string" || !formula.test(value) || harmless.test(value)) return value;
  onEscaped();
  return `'${value}`;
}
