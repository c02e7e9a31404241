// Rows of CSV and TSV. The door to csv-parse. Knows nothing of texts and labels.
import { Readable } from "node:stream";
import { ConcordError } from "../../base/index.ts";
import { placeOf, type SourceRow } from "../../data/index.ts";
import { findDelimiter, quotesHold, swallowedRows } from "../csv-looks.ts";

/** How a CSV file is read; what is left out is found. */
export interface CsvOptions {
  readonly delimiter?: string;
  /** Whether a field may stand in quotes. Default yes; between tabs only where all quotes close in their line. */
  readonly quotes?: boolean;
  /** Names of the columns, for a file whose first line is a row. */
  readonly columns?: readonly string[];
  readonly onGuess?: (guess: string) => void;
}

const recordLimit = 1 << 24; // characters

/** @param open the text from its beginning; read twice where quotes have to be looked at first */
export async function* csvRows(
  open: () => AsyncGenerator<string>,
  file: string,
  options: CsvOptions,
): AsyncGenerator<SourceRow> {
  const layout = await layoutOf(open, file, options);
  const { delimiter, quotes, skipped } = layout;
  const { parse } = await csvLibrary();
  const parser = parse({
    delimiter,
    quote: quotes ? '"' : false,
    info: true,
    relax_column_count: true, // counted here, to name the line
    skip_empty_lines: true,
    max_record_size: recordLimit,
  });
  const source = Readable.from(withoutLines(open(), skipped));
  source.on("error", (error) => parser.destroy(error)).pipe(parser);
  let header = options.columns && headerOf([...options.columns], file, 1);
  let line = 1 + skipped;
  let rows = 0;
  const filled = new Set<number>();
  const left = { blank: 0, headers: 0, dashes: 0 };
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const begins = line;
      line = info.lines + 1 + skipped;
      if (!header) header = headerOf(record, file, begins);
      else if (begins === 1 + skipped && options.columns && isHeader(record, header))
        continue; // it names them too
      else if (!record.some((field) => /\S/.test(field))) left.blank++;
      else if (isHeader(record, header)) left.headers++;
      else if (rows === 0 && isRule(record)) left.dashes++;
      else {
        if (rows++ < titleRows) for (const [i, field] of record.entries()) if (/\S/.test(field)) filled.add(i);
        if (rows === titleRows) checkTitle(filled, header, placeOf({ file, line: 1 + skipped }));
        if (options.quotes === undefined && line - begins > 8)
          checkSwallowed(record, header, delimiter, { file, line: begins });
        if (header.repeated.size) checkRepeated(record, header);
        yield { file, line: begins, fields: fieldsOf(record, header, delimiter, { file, line: begins }) };
      }
    }
  } catch (cause) {
    if (cause instanceof ConcordError) throw cause;
    const { code, lines = line } = cause as { code?: string; lines?: number };
    const unclosed = code === "CSV_QUOTE_NOT_CLOSED";
    const at = unclosed ? line : lines + skipped;
    throw csvFault(cause as Error, unclosed, placeOf({ file, line: at }), await lineOf(open(), at));
  }
  if (rows < titleRows && header) checkTitle(filled, header, placeOf({ file, line: 1 + skipped }));
  for (const place of header?.repeated.keys() ?? [])
    options.onGuess?.(`two columns of ${file} are named ${header!.names[place]} and hold the same values: read as one`);
  if (left.blank) options.onGuess?.(`${left.blank} rows of ${file} hold nothing but delimiters: left out`);
  if (left.headers) options.onGuess?.(`${left.headers} rows of ${file} repeat the names of the columns: left out`);
  if (left.dashes) options.onGuess?.(`the line of dashes below the names of the columns of ${file} is left out`);
}

interface Layout {
  readonly delimiter: string;
  readonly quotes: boolean;
  /** Lines before the header: Excel's `sep=;`. */
  readonly skipped: number;
}

async function layoutOf(open: () => AsyncGenerator<string>, file: string, options: CsvOptions): Promise<Layout> {
  const texts = open();
  const first = ((await texts.next()).value as string | undefined) ?? "";
  await texts.return(undefined);
  const named = /^sep=(.)[ \t]*\r?\n/i.exec(first);
  const skipped = named ? 1 : 0;
  const delimiter = options.delimiter ?? named?.[1] ?? findDelimiter(first);
  if (options.quotes !== undefined || delimiter !== "\t") return { delimiter, quotes: options.quotes ?? true, skipped };
  const quotes = await quotesHold(open(), delimiter);
  if (quotes === false)
    options.onGuess?.(`${file}: quotes are read as characters, because not every one that opens a field closes it`);
  return { delimiter, quotes: quotes ?? false, skipped };
}

async function* withoutLines(texts: AsyncGenerator<string>, lines: number): AsyncGenerator<string> {
  let left = lines;
  for await (const text of texts) {
    if (left === 0) {
      yield text;
      continue;
    }
    const end = text.indexOf("\n"); // a line before the header lies in the first piece, where it was found
    left--;
    yield text.slice(end + 1);
  }
}

interface Header {
  readonly names: readonly string[];
  /** Places of columns without a name: shown only where they hold something. */
  readonly unnamed: ReadonlySet<number>;
  /** Places of columns whose name stands before them, with that place: read as one where they hold the same in every row. */
  readonly repeated: ReadonlyMap<number, number>;
  readonly path: string;
}

function headerOf(record: string[], file: string, line: number): Header {
  const given = record.map(bareName);
  const unnamed = new Set(given.flatMap((name, i) => (name === "" ? [i] : [])));
  const names = given.map((name, i) => name || `(column ${i + 1})`);
  const repeated = new Map(
    names.flatMap((name, i) => (names.indexOf(name) < i ? [[i, names.indexOf(name)] as const] : [])),
  );
  return { names, unnamed, repeated, path: placeOf({ file, line }) };
}

/** @throws E_DATA where two columns of one name hold different values */
function checkRepeated(record: readonly string[], { names, repeated, path }: Header): void {
  for (const [place, before] of repeated)
    if (record[place] !== record[before])
      throw new ConcordError("E_DATA", {
        operation: "read data",
        problem: "two columns have the same name",
        expected: "each column named once, in the first line",
        got: JSON.stringify(names[place]),
        hint: "rename one of them; a table without a line of names needs data.columns",
        path,
      });
}

/** A column's name without blanks around it, and without signs that nobody sees: a byte-order mark, spaces of no width. */
const bareName = (name: string): string => name.replace(/[\u200b-\u200d\u2060\ufeff]/g, "").trim();

/** True for a row of names: files that were put together have one for each. Of a single column it may be a value. */
const isHeader = (record: readonly string[], { names }: Header): boolean =>
  names.length > 1 && record.length === names.length && record.every((name, i) => bareName(name) === names[i]);

/** The line between names and rows that Markdown and consoles draw. */
const isRule = (record: readonly string[]): boolean =>
  record.length > 1 && record.every((field) => /^\s*(:?-{2,}:?)?\s*$/.test(field));

/** Rows that are looked at to tell a title from names. */
const titleRows = 5;

/**
 * @param filled places of columns that the first rows fill
 * @throws E_DATA where the first line names at most half of them: a title, or names over several columns
 */
function checkTitle(filled: ReadonlySet<number>, { names, unnamed }: Header, path: string): void {
  const nameless = [...unnamed].filter((i) => filled.has(i)).length;
  const all = nameless + names.length - unnamed.size;
  if (nameless < 2 || 2 * nameless < all) return;
  throw new ConcordError("E_DATA", {
    operation: "read data",
    problem: `the first line names ${all - nameless} of ${all} columns: it looks like a title, or like names over several columns`,
    expected: "a name for each column, in the first line",
    got: JSON.stringify(names.filter((_, i) => !unnamed.has(i)).join(", ")),
    hint: "remove the lines above the names of the columns",
    path,
  });
}

/** @throws E_DATA for a row that has another number of fields, unless what it has too many of is empty */
function fieldsOf(
  record: string[],
  { names, unnamed }: Header,
  delimiter: string,
  place: Pick<SourceRow, "file" | "line">,
): Record<string, string> {
  const { length } = names;
  if (record.length < length || (record.length > length && record.slice(length).some((field) => field.trim() !== "")))
    throw ragged(record, length, placeOf(place), delimiter);
  if (unnamed.size === 0) return Object.fromEntries(names.map((name, i) => [name, record[i]!]));
  return Object.fromEntries(
    names.flatMap((name, i) => (unnamed.has(i) && record[i]!.trim() === "" ? [] : [[name, record[i]!] as const])),
  );
}

function checkSwallowed(
  record: string[],
  { names }: Header,
  delimiter: string,
  place: Pick<SourceRow, "file" | "line">,
): void {
  const lines = Math.max(...record.map((field) => swallowedRows(field, delimiter, names.length)));
  if (lines === 0) return;
  throw new ConcordError("E_DATA", {
    operation: "read data",
    problem: `a quote seems to swallow ${lines} rows: one field runs over ${lines} lines that look like rows`,
    expected: "a field that ends in its row",
    got: record.join(delimiter).slice(0, 60),
    hint: 'a quote inside a quoted text is written twice: ""; where quotes are characters: data.quotes: false; if the text is right: data.quotes: true',
    path: placeOf(place),
  });
}

function ragged(record: string[], length: number, path: string, delimiter: string): ConcordError {
  return new ConcordError("E_DATA", {
    operation: "read data",
    problem: "a row has another number of fields than the header",
    expected: `${length} fields between ${JSON.stringify(delimiter)}`,
    got: `${record.length}, beginning ${JSON.stringify(record.join(delimiter).slice(0, 60))}`,
    hint: 'a text that contains the delimiter must be in quotes: "…"',
    path,
  });
}

function csvFault(cause: Error, unclosed: boolean, path: string, text: string): ConcordError {
  return new ConcordError("E_DATA", {
    operation: "read data",
    problem: unclosed ? "a quote is opened and never closed" : "a quote stands where none may",
    expected: unclosed ? "a closing quote before the end of the file" : "fields with or without quotes around them",
    got: text.slice(0, 80),
    hint: 'a quote inside a quoted text is written twice: ""; where quotes are characters: data.quotes: false',
    path,
    cause,
  });
}

/** One line of a text that is read again. */
async function lineOf(texts: AsyncIterable<string>, wanted: number): Promise<string> {
  let line = 0;
  for await (const text of linesOf(texts)) if (++line === wanted) return text;
  return "";
}

/** Lines of a text that comes in pieces. */
export async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of texts) {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest) yield rest;
}

const csvLibrary = () =>
  import("csv-parse").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation: "read data",
      problem: "the package csv-parse is not installed",
      hint: "npm install csv-parse",
      cause,
    });
  });
