// Rows of an Excel workbook (.xlsx): values as they were saved. No formula is computed, no macro and no link is followed. The door to hucre.
import { readFile, stat } from "node:fs/promises";
import type { CellValue, Sheet } from "hucre/xlsx";
import { ConcordError, nearestName } from "../../base/index.ts";
import { placeOf, type SourceRow, unreadable } from "../../data/index.ts";
import { checkedArchive } from "../archive-check.ts";
import { cannotRead, checkContent } from "./table-bytes.ts";

/** How a workbook is read. */
export interface WorkbookOptions {
  /** Name of the sheet. Default the only one that is visible and holds something. */
  readonly sheet?: string;
  /** Names of the columns, for a sheet whose first row is a row. */
  readonly columns?: readonly string[];
  readonly onGuess?: (guess: string) => void;
}

const largestFile = 100 * 2 ** 20;
const errorValue = /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$/;

const fault = (facts: { problem: string; expected?: string; got?: string; hint?: string; path: string }) =>
  new ConcordError("E_DATA", { operation: "read data", ...facts });

/** @throws E_IO; E_DATA for what is no workbook, unpacks to too much, or does not tell which sheet */
export async function* workbookRows(file: string, options: WorkbookOptions): AsyncGenerator<SourceRow> {
  const sheet = await chosenSheet(file, options);
  const filled = mergedCells(sheet, file, options.onGuess);
  const first = sheet.rows.findIndex(hasSomething);
  if (first < 0) return;
  sayHidden(sheet, file, options.onGuess);
  const header = options.columns ?? namesOf(sheet, first, file);
  const named = options.columns ? sheet.rows[first]!.map(textOf) : undefined;
  const repeats = options.columns?.every((name, i) => named?.[i] === name); // the first row names them too
  const from = options.columns && !repeats ? first : first + 1;
  for (let row = from; row < sheet.rows.length; row++) {
    const values = sheet.rows[row]!;
    if (!hasSomething(values)) continue;
    const line = row + 1;
    if (values.slice(header.length).some((value) => value !== null && value !== ""))
      throw fault({
        problem: "a row has more cells than the header",
        expected: `${header.length} columns`,
        got: `${values.length}`,
        hint: "name each column in the first row, or data.columns",
        path: placeOf({ file, line }),
      });
    const cell = (column: number) => valueIn(sheet, row, column, filled);
    yield { file, line, fields: Object.fromEntries(header.flatMap((name, i) => (name ? [[name, cell(i)]] : []))) };
  }
}

/** The visible sheets of a workbook that hold something, in their order. @throws as {@link workbookRows} */
export const sheetsOf = async (file: string): Promise<string[]> =>
  (await sheetsIn(file, () => true)).filter(({ rows }) => rows.some(hasSomething)).map(({ name }) => name);

async function chosenSheet(file: string, { sheet: wanted }: WorkbookOptions): Promise<Sheet> {
  const names: string[] = [];
  const sheets = await sheetsIn(file, (name) => {
    names.push(name);
    return wanted === undefined || name === wanted;
  });
  if (wanted !== undefined) {
    const [found] = sheets;
    if (found) return found;
    const near = nearestName(wanted, names);
    throw fault({
      problem: `there is no sheet ${wanted}`,
      expected: names.slice(0, 12).join(", "),
      got: wanted,
      hint: near ? `did you mean ${near}?` : "hidden sheets are not read",
      path: file,
    });
  }
  const holding = sheets.filter(({ rows }) => rows.some(hasSomething));
  if (holding.length === 1) return holding[0]!;
  throw fault({
    problem: holding.length ? "the workbook has several sheets" : "the workbook holds nothing",
    expected: holding.length ? "one of them by name" : "a sheet with a header and rows",
    got:
      holding
        .map(({ name }) => name)
        .slice(0, 12)
        .join(", ") || "no visible sheet with a value",
    hint: holding.length ? `data.sheet: ${JSON.stringify(holding[0]!.name)} (--sheet)` : undefined,
    path: file,
  });
}

/** Visible sheets that are wanted. */
async function sheetsIn(file: string, wanted: (name: string) => boolean): Promise<Sheet[]> {
  const bytes = await bytesOf(file);
  if (!checkedArchive(bytes, file).some((name) => /^\/?xl\/workbook/i.test(name)))
    throw fault({
      problem: "a zip archive, and no workbook",
      expected: "an Excel workbook (.xlsx)",
      hint: "unpack it, and name the table inside",
      path: file,
    });
  const { readXlsx } = await workbookLibrary();
  const sheets = ({ name, hidden, veryHidden }: { name: string; hidden?: boolean; veryHidden?: boolean }) =>
    !hidden && !veryHidden && wanted(name);
  const book = await readXlsx(bytes, { sheets }).catch((cause: unknown) => {
    throw new ConcordError("E_DATA", {
      operation: "read data",
      problem: "the workbook is broken or cut short",
      got: String(cause instanceof Error ? cause.message : cause).slice(0, 200),
      hint: "copy it again, or save it again in Excel",
      path: file,
      cause,
    });
  });
  return book.sheets;
}

async function bytesOf(file: string): Promise<Uint8Array> {
  const read = async () => {
    const { size } = await stat(file);
    return size > largestFile ? size : await readFile(file);
  };
  const bytes = await read().catch((cause: unknown) => {
    throw cannotRead(file, cause);
  });
  if (typeof bytes === "number")
    throw fault({
      problem: "the workbook is too large",
      expected: `at most ${largestFile / 2 ** 20} MiB`,
      got: `${(bytes / 2 ** 20).toFixed(0)} MiB`,
      hint: "save it as CSV UTF-8, which is read row by row",
      path: file,
    });
  checkContent(bytes.subarray(0, 256), file, "xlsx");
  if (Buffer.from(bytes.subarray(0, 4)).toString("latin1") !== "PK\u0003\u0004")
    throw fault({
      problem: "no Excel workbook, though the name says so",
      expected: "an .xlsx file, without a password",
      got: JSON.stringify(Buffer.from(bytes.subarray(0, 12)).toString("latin1")),
      hint: "open it in Excel and save it as Excel Workbook (.xlsx) without a password, or as CSV UTF-8",
      path: file,
    });
  return bytes;
}

const hasSomething = (row: readonly CellValue[]): boolean => row.some((value) => value !== null && value !== "");

/** Names of the columns; columns without a name and without a value are left out. @throws E_DATA for names that are merged, missing or twice */
function namesOf({ rows, merges = [] }: Sheet, first: number, file: string): string[] {
  const path = placeOf({ file, line: first + 1 });
  if (
    merges.some(({ startRow, endRow, startCol, endCol }) => startRow <= first && endRow >= first && endCol > startCol)
  )
    throw fault({
      problem: "the first row has merged cells: it looks like a title, or like names over several columns",
      expected: "a name for each column, in the first row",
      got: JSON.stringify(rows[first]!.filter((value) => value !== null).join(", ")),
      hint: "remove the rows above the names of the columns, and unmerge the names",
      path,
    });
  const names = rows[first]!.map((value) => textOf(value).trim());
  const same = (i: number, before: number) =>
    rows.slice(first + 1).every((row) => textOf(row[i]) === textOf(row[before]));
  const twice = names.find((name, i) => name !== "" && names.indexOf(name) < i && !same(i, names.indexOf(name)));
  const unnamed = names.findIndex(
    (name, i) => name === "" && rows.slice(first + 1).some((row) => textOf(row[i]) !== ""),
  );
  if (twice === undefined && unnamed < 0) return names;
  throw fault({
    problem: twice === undefined ? "a column has values and no name" : "two columns have the same name",
    expected: "each column named once, in the first line",
    got: twice === undefined ? `column ${unnamed + 1}` : JSON.stringify(twice),
    hint: "correct the first row; a table without a row of names needs data.columns",
    path,
  });
}

/** Cells inside merged areas, by `row,column`, with the cell that holds their value. */
function mergedCells(
  { merges = [] }: Sheet,
  file: string,
  onGuess: WorkbookOptions["onGuess"],
): Map<string, [number, number]> {
  const places = new Map<string, [number, number]>();
  const most = 100_000;
  for (const { startRow, endRow, startCol, endCol } of merges)
    for (let row = startRow; row <= endRow; row++)
      for (let column = startCol; column <= endCol && places.size < most; column++)
        places.set(`${row},${column}`, [startRow, startCol]);
  if (places.size === most)
    throw fault({
      problem: "the workbook has too many merged cells",
      expected: `fewer than ${most}`,
      hint: "unmerge them in Excel",
      path: file,
    });
  if (merges.length)
    onGuess?.(`${file}: ${merges.length} merged areas are read as if each of their cells held the value`);
  return places;
}

/** Says that hidden rows, such as those of a filter, and hidden columns are read like the others. */
function sayHidden({ rows, rowDefs, columns = [] }: Sheet, file: string, onGuess: WorkbookOptions["onGuess"]): void {
  const hiddenRows = [...(rowDefs ?? [])].filter(([row, { hidden }]) => hidden && hasSomething(rows[row] ?? [])).length;
  const hiddenColumns = columns.filter(({ hidden }, i) => hidden && rows.some((row) => hasSomething([row[i] ?? null])));
  if (hiddenRows)
    onGuess?.(`${file}: hidden rows are read like the others (${hiddenRows}); delete them if they are not meant`);
  if (hiddenColumns.length) onGuess?.(`${file}: hidden columns are read like the others (${hiddenColumns.length})`);
}

/** A cell's value: a text, a number, true or false, a date as text; nothing as null. */
function valueIn(sheet: Sheet, row: number, column: number, merged: ReadonlyMap<string, [number, number]>): unknown {
  const [r, c] = merged.get(`${row},${column}`) ?? [row, column];
  const value = sheet.rows[r]?.[c] ?? null;
  const cell = sheet.cells?.get(`${r},${c}`);
  if (cell?.type === "formula" && value === null && (cell.formulaResult ?? null) === null)
    return unreadable("a formula whose value was not saved");
  if (typeof value === "string" && cell && cell.type !== "string" && errorValue.test(value))
    return unreadable(`an error of Excel (${value})`);
  return value instanceof Date ? dateText(value) : value;
}

/** `2024-01-31`, with a time where there is one; a time of day alone is `13:05:00`. Workbooks have no time zones. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "";
  const [day, time] = date
    .toISOString()
    .replace(/\.000Z$|Z$/, "")
    .split("T");
  if (/^1(899-12-3[01]|900-01-0[01]|904-01-01)$/.test(day!)) return time!;
  return time === "00:00:00" ? day! : `${day}T${time}`;
}

const textOf = (value: CellValue | undefined): string =>
  value instanceof Date ? dateText(value) : value === null || value === undefined ? "" : String(value);

const workbookLibrary = () =>
  import("hucre/xlsx").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation: "read data",
      problem: "the package hucre is not installed, which reads Excel workbooks",
      hint: "npm install hucre; or save the sheet as CSV UTF-8",
      cause,
    });
  });
