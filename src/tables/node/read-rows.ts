// Reads tables as a stream of rows: CSV, TSV, JSON, JSONL, Parquet, sheets of Excel workbooks, CoNLL columns, FastText lines; packed with gzip or
// not; one file or a folder of parts. Knows nothing of texts and labels.
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { type SourceRow, splitNamed, type TableFormat, tableFormats } from "../../data/index.ts";
import { findDelimiter } from "../csv-looks.ts";
import { decodeStrictly, type Encoding, type FoundEncoding, findEncoding } from "../encoding.ts";
import { conllRows } from "./conll-rows.ts";
import { csvRows, linesOf } from "./csv-rows.ts";
import { fastTextRows } from "./fasttext-rows.ts";
import { jsonRows } from "./json-rows.ts";
import { parquetRows } from "./parquet-rows.ts";
import { cannotRead, openTable } from "./table-bytes.ts";
import { workbookRows } from "./workbook-rows.ts";

export interface ReadRowsOptions {
  /** Default by the file's name, and by its beginning where the name does not tell. */
  readonly format?: TableFormat;
  /** Default found from the content. */
  readonly encoding?: Encoding;
  /** Between CSV fields. Default that of a line `sep=`, else the most frequent of `,` `;` tab `|` in the header. */
  readonly delimiter?: string;
  /** Whether fields of CSV may stand in quotes. Default yes; between tabs only where every quote that opens a field closes it. */
  readonly quotes?: boolean;
  /** Names of the columns of a CSV file whose first line is a row already. */
  readonly columns?: readonly string[];
  /** Sheet of a workbook. Default the only one that is visible and holds something. */
  readonly sheet?: string;
  /** Words that mean that nothing is there. Default none: only an empty field, or null. */
  readonly missing?: readonly string[];
  /** Told what had to be guessed. */
  readonly onGuess?: (guess: string) => void;
}

/**
 * Rows of a file, in order; of a folder, the rows of its tables in the order of their names, where `train-…`, `validation-…` and
 * `test-…` are parts.
 * @throws E_IO when it cannot be read; E_DATA with `file:line` where it is empty, ragged, unclosed or wrongly encoded
 * @example for await (const { line, fields } of readRows("messages.csv")) console.log(line, fields.text);
 */
export async function* readRows(file: string, options: ReadRowsOptions = {}): AsyncGenerator<SourceRow> {
  const about = await stat(file).catch((cause: unknown) => {
    throw noTable(file, cause);
  });
  const rows = about.isDirectory() ? folderRows(file, options) : fileRows(file, options);
  const missing = new Set(options.missing ?? []);
  if (missing.size === 0) return yield* rows;
  for await (const row of rows) yield { ...row, fields: withoutWords(row.fields, missing) };
}

/**
 * Lines of a text file, decoded as a table is.
 * @throws E_IO, E_DATA as {@link readRows}
 */
export async function* readLines(
  file: string,
  options: Pick<ReadRowsOptions, "encoding" | "onGuess"> = {},
): AsyncGenerator<string> {
  const { head, chunks } = await openTable(file);
  yield* linesOf(decodeStrictly(chunks(), encodingOf(head, file, options), file));
}

/**
 * The encoding that is guessed for a file of text, because nothing in it says so.
 * @returns undefined for UTF-8, UTF-16, folders and files that are no text
 * @throws E_IO, E_DATA as {@link readRows}
 */
export async function guessedEncoding(file: string): Promise<Encoding | undefined> {
  const format = formatOf(file);
  if (format === "parquet" || format === "xlsx" || (await stat(file).catch(() => undefined))?.isFile() !== true)
    return undefined;
  const { encoding, by } = findEncoding((await openTable(file)).head, file);
  return by === "guess" && encoding !== "utf-8" ? encoding : undefined;
}

async function* fileRows(file: string, options: ReadRowsOptions): AsyncGenerator<SourceRow> {
  const named = options.format ?? formatOf(file);
  if (named === "parquet") return yield* parquetRows(file);
  if (named === "xlsx") return yield* workbookRows(file, options);
  const { head, chunks } = await openTable(file);
  const encoding = encodingOf(head, file, options);
  const open = () => decodeStrictly(chunks(), encoding, file);
  const format = named ?? (await formatSeen(open(), file));
  const { onGuess } = options;
  if (format === "jsonl" || format === "json") yield* jsonRows(open, file, onGuess);
  else if (format === "conll") yield* conllRows(open, file, onGuess);
  else if (format === "fasttext") yield* fastTextRows(open(), file);
  else yield* csvRows(open, file, { ...options, delimiter: format === "tsv" ? "\t" : options.delimiter });
}

const endings: Readonly<Record<string, TableFormat>> = {
  ".ndjson": "jsonl",
  ".bio": "conll",
  ".iob": "conll",
  ".iob2": "conll",
  ".conllu": "conll",
  ".tab": "tsv",
  ".ft": "fasttext",
  ".xlsm": "xlsx",
};

/** What a file's name tells, without `.gz`. */
export function formatOf(file: string): TableFormat | undefined {
  const ending = extname(file.replace(/\.gz$/i, "")).toLowerCase();
  return Object.hasOwn(endings, ending) ? endings[ending] : tableFormats.find((f) => ending === `.${f}`);
}

/** The format of a text whose name does not tell: FastText's labels, JSON, or fields between tabs. */
async function formatSeen(texts: AsyncGenerator<string>, file: string): Promise<TableFormat> {
  const beginning = ((await texts.next()).value as string | undefined) ?? "";
  await texts.return(undefined);
  const lines = beginning.split(/\r?\n/, 50).filter((line) => line.trim() !== "");
  if (lines.some((line) => line.startsWith("__label__"))) return "fasttext";
  if (/^\s*(\[\s*)?\{/.test(beginning)) return "json";
  if (lines.length > 1 && findDelimiter(beginning) === "\t" && lines.every((line) => line.includes("\t"))) return "tsv";
  throw new ConcordError("E_DATA", {
    operation: "read data",
    problem: "neither the file's name nor its beginning tells its format",
    expected: tableFormats.map((f) => `.${f}`).join(", "),
    got: extname(file) || "no ending",
    hint: "give it one of these endings, or name it in the recipe: data.format",
    path: file,
  });
}

function encodingOf(head: Uint8Array, file: string, { encoding, onGuess }: ReadRowsOptions): FoundEncoding {
  if (encoding) return { encoding, by: "named", markBytes: markOf(head, encoding) };
  const found = findEncoding(head, file);
  if (found.by === "guess" && found.encoding !== "utf-8")
    onGuess?.(
      `${file} is not UTF-8: read as ${found.encoding}, because ${found.why}; if that is wrong, name it: data.encoding (--encoding)`,
    );
  if (found.by === "pattern") onGuess?.(`${file} has no byte-order mark: read as ${found.encoding}`);
  return found;
}

/** Length of the byte-order mark of a named encoding. */
function markOf(head: Uint8Array, encoding: Encoding): number {
  const marks: Partial<Record<Encoding, readonly number[]>> = {
    "utf-8": [0xef, 0xbb, 0xbf],
    "utf-16le": [0xff, 0xfe],
    "utf-16be": [0xfe, 0xff],
  };
  const mark = marks[encoding] ?? [];
  return mark.every((byte, i) => head[i] === byte) ? mark.length : 0;
}

async function* folderRows(folder: string, options: ReadRowsOptions): AsyncGenerator<SourceRow> {
  const names = (await readdir(folder).catch((cause: unknown) => Promise.reject(cannotRead(folder, cause)))).sort();
  const tables = tablesIn(names);
  const formats = new Set(tables.map(formatOf));
  if (formats.size !== 1)
    throw new ConcordError("E_DATA", {
      operation: "read data",
      problem: tables.length ? "the folder holds tables of several formats" : "the folder holds no table",
      expected: `files of one format: ${tableFormats.map((f) => `.${f}`).join(", ")}`,
      got: names.slice(0, 6).join(", ") || "nothing",
      hint: "name one file of it",
      path: folder,
    });
  const parts = tables.map(splitOfFile);
  const named = parts.some(Boolean) ? "; the beginnings of their names are the parts" : "";
  options.onGuess?.(`${folder}: ${tables.length} files are read as one table${named}`);
  for (const [i, name] of tables.entries())
    for await (const row of fileRows(join(folder, name), options)) yield parts[i] ? { ...row, part: parts[i] } : row;
}

/** Tables among a folder's files, in order. */
export const tablesIn = (names: readonly string[]): string[] =>
  names
    .filter(
      (name) =>
        !/^[._]/.test(name) && formatOf(name) !== undefined && !/^(dataset_info|state|config)\.json$/.test(name),
    )
    .sort();

/** `train-00000-of-00001.parquet` is of the part train. */
const splitOfFile = (name: string) => splitNamed(/^[A-Za-z]+/.exec(name)?.[0] ?? "");

/** A row in which words that mean that nothing is there are null. */
export const withoutWords = (fields: SourceRow["fields"], words: ReadonlySet<string>): SourceRow["fields"] =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      (typeof value === "string" || typeof value === "number") && words.has(String(value).trim()) ? null : value,
    ]),
  );

/** A name of a data set on a hub is no file. */
function noTable(file: string, cause: unknown): ConcordError {
  const error = cannotRead(file, cause);
  if (!/^(hf:\/\/|https?:\/\/|[\w.-]+(\/[\w.-]+)?$)/.test(file) || formatOf(file) !== undefined) return error;
  return new ConcordError(error.code, {
    ...error.facts,
    hint: "Concord downloads no data; a data set of the Hugging Face Hub: download its Parquet files first, and name the file or folder",
    cause,
  });
}
