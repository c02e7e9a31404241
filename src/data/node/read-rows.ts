// Reads tables of any size as a stream of rows: CSV, TSV, JSONL, Parquet, CoNLL columns. The door to csv-parse and hyparquet.
// Knows nothing of texts and labels.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { ConcordError } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { decodeStrictly, type Encoding, type FoundEncoding, findEncoding } from "../prepare/encoding.ts";
import { placeOf, type SourceRow, type TableFormat, tableFormats } from "../prepare/source-row.ts";

export interface ReadRowsOptions {
  /** Default by the file's name. */
  readonly format?: TableFormat;
  /** Default found from the content. */
  readonly encoding?: Encoding;
  /** Between CSV fields. Default the most frequent of `,` `;` tab `|` in the header. */
  readonly delimiter?: string;
  /** Told what had to be guessed. */
  readonly onGuess?: (guess: string) => void;
}

const headBytes = 1 << 16;
const recordLimit = 1 << 24; // characters

/**
 * Rows of a file, in order.
 * @throws E_IO when it cannot be read; E_DATA with `file:line` where it is empty, ragged, unclosed or wrongly encoded
 * @example for await (const { line, fields } of readRows("messages.csv")) console.log(line, fields.text);
 */
export async function* readRows(file: string, options: ReadRowsOptions = {}): AsyncGenerator<SourceRow> {
  const format = options.format ?? formatOf(file);
  if (format === "parquet") return yield* parquetRows(file);
  const encoding = await encodingOf(file, options);
  const open = () => decodeStrictly(chunksOf(file), encoding, file);
  if (format === "jsonl") yield* jsonRows(open(), file);
  else if (format === "conll") yield* conllRows(open(), file);
  else yield* csvRows(open, file, format === "tsv" ? "\t" : options.delimiter);
}

function formatOf(file: string): TableFormat {
  const names: Record<string, TableFormat> = { ".ndjson": "jsonl", ".bio": "conll", ".iob": "conll", ".iob2": "conll" };
  const ending = extname(file).toLowerCase();
  const format = names[ending] ?? tableFormats.find((f) => ending === `.${f}`);
  if (format) return format;
  throw new ConcordError("E_DATA", {
    operation: "read data",
    problem: "the file's name does not tell its format",
    expected: tableFormats.map((f) => `.${f}`).join(", "),
    got: ending || "no ending",
    hint: "name it: data.format",
    path: file,
  });
}

async function encodingOf(file: string, { encoding, onGuess }: ReadRowsOptions): Promise<FoundEncoding> {
  const head = await readHead(file);
  if (head.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "read data",
      problem: "the file is empty",
      expected: "a header and rows",
      got: "0 bytes",
      hint: "check that it was saved, or copied whole",
      path: file,
    });
  const found = findEncoding(head);
  if (encoding) return { encoding, by: "mark", markBytes: found.encoding === encoding ? found.markBytes : 0 };
  if (found.by === "guess") onGuess?.(`${file} is not UTF-8 and has no byte-order mark: read as GB18030`);
  if (found.by === "pattern") onGuess?.(`${file} has no byte-order mark: read as ${found.encoding}`);
  return found;
}

async function readHead(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}

const cannotRead = (file: string, cause: unknown) => ioError(cause, "read data", file);

async function* csvRows(open: () => AsyncGenerator<string>, file: string, given?: string): AsyncGenerator<SourceRow> {
  const texts = open();
  const { parse } = await csvLibrary();
  const first = (await texts.next()).value as string | undefined;
  const delimiter = given ?? likelyDelimiter(first ?? "");
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true, // counted here, to name the line
    skip_empty_lines: true,
    max_record_size: recordLimit,
  });
  const source = Readable.from(
    (async function* () {
      yield first ?? "";
      yield* texts;
    })(),
  );
  source.on("error", (error) => parser.destroy(error)).pipe(parser);
  let header: string[] | undefined;
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const begins = line;
      line = info.lines + 1;
      if (!header) header = checkedHeader(record, file);
      else if (record.length === header.length)
        yield { file, line: begins, fields: Object.fromEntries(header.map((name, i) => [name, record[i]])) };
      else throw ragged(record, header, placeOf({ file, line: begins }), delimiter);
    }
  } catch (cause) {
    if (cause instanceof ConcordError) throw cause;
    const { code, lines = line } = cause as { code?: string; lines?: number };
    const unclosed = code === "CSV_QUOTE_NOT_CLOSED";
    const at = unclosed ? line : lines;
    throw csvFault(cause as Error, unclosed, placeOf({ file, line: at }), await lineOf(open(), at));
  }
}

function checkedHeader(record: string[], file: string): string[] {
  const names = record.map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ConcordError("E_DATA", {
      operation: "read data",
      problem: "two columns have the same name",
      expected: "each column named once, in the first line",
      got: JSON.stringify(twice),
      hint: "rename one of them",
      path: `${file}:1`,
    });
  return names;
}

function ragged(record: string[], header: string[], path: string, delimiter: string): ConcordError {
  return new ConcordError("E_DATA", {
    operation: "read data",
    problem: "a row has another number of fields than the header",
    expected: `${header.length} fields between ${JSON.stringify(delimiter)}`,
    got: `${record.length}, beginning ${JSON.stringify(record.join(delimiter).slice(0, 60))}`,
    hint: 'a text that holds the delimiter has to stand in quotes: "…"',
    path,
  });
}

function csvFault(cause: Error, unclosed: boolean, path: string, text: string): ConcordError {
  return new ConcordError("E_DATA", {
    operation: "read data",
    problem: unclosed ? "a quote is opened and never closed" : cause.message.split("\n")[0]!.slice(0, 200),
    expected: unclosed ? "a closing quote before the end of the file" : "fields with or without quotes around them",
    got: text.slice(0, 80),
    hint: 'a quote inside a quoted text is written twice: ""',
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

/** The most frequent delimiter of the header line. */
function likelyDelimiter(text: string): string {
  const header = text.slice(0, text.search(/\r?\n|$/));
  const count = (d: string) => header.split(d).length;
  return [",", ";", "\t", "|"].reduce((best, d) => (count(d) > count(best) ? d : best));
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of texts) {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest) yield rest;
}

async function* jsonRows(texts: AsyncIterable<string>, file: string): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const text of linesOf(texts)) {
    line++;
    if (text.trim() === "") continue;
    let fields: unknown;
    try {
      fields = JSON.parse(text);
    } catch (cause) {
      throw notJson((cause as Error).message, text, placeOf({ file, line }));
    }
    if (typeof fields !== "object" || fields === null || Array.isArray(fields))
      throw notJson("the line holds no object", text, placeOf({ file, line }));
    yield { file, line, fields: fields as Record<string, unknown> };
  }
}

const notJson = (problem: string, text: string, path: string) =>
  new ConcordError("E_DATA", {
    operation: "read data",
    problem: `not a line of JSON: ${problem.slice(0, 120)}`,
    expected: '{"text": …, "label": …} on one line',
    got: text.slice(0, 80),
    path,
  });

/** Sentences between empty lines; the first column is the word, the last its tag (CoNLL-2003; `-DOCSTART-` lines are left out). */
async function* conllRows(texts: AsyncIterable<string>, file: string): AsyncGenerator<SourceRow> {
  let line = 0;
  let begins = 0;
  let [tokens, tags]: [string[], string[]] = [[], []];
  const sentence = (): SourceRow[] => {
    const whole = tokens.length ? [{ file, line: begins, fields: { tokens, tags } }] : [];
    [tokens, tags] = [[], []];
    return whole;
  };
  for await (const text of linesOf(texts)) {
    line++;
    const columns = text.trim().split(/[ \t]+/);
    if (text.trim() === "" || columns[0] === "-DOCSTART-") {
      yield* sentence();
      continue;
    }
    if (columns.length < 2)
      throw new ConcordError("E_DATA", {
        operation: "read data",
        problem: "a line has a word and no tag",
        expected: "word … tag, or an empty line between sentences",
        got: text.slice(0, 80),
        path: placeOf({ file, line }),
      });
    if (tokens.length === 0) begins = line;
    tokens.push(columns[0]!);
    tags.push(columns.at(-1)!);
  }
  yield* sentence();
}

async function* parquetRows(file: string): AsyncGenerator<SourceRow> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, compressors } = await parquetLibrary();
  const source = await asyncBufferFromFile(file).catch((cause: unknown) => {
    throw cannotRead(file, cause);
  });
  try {
    const metadata = await parquetMetadataAsync(source);
    let start = 0;
    for (const group of metadata.row_groups) {
      const end = start + Number(group.num_rows);
      const rows = await parquetReadObjects({ file: source, metadata, compressors, rowStart: start, rowEnd: end });
      for (const [i, fields] of rows.entries()) yield { file, line: start + i + 1, fields };
      start = end;
    }
  } catch (cause) {
    throw new ConcordError("E_DATA", {
      operation: "read data",
      problem: `not a Parquet file that can be read: ${(cause as Error).message.slice(0, 200)}`,
      path: file,
      cause,
    });
  }
}

const absent = (name: string) => (cause: unknown) => {
  throw new ConcordError("E_DEPENDENCY", {
    operation: "read data",
    problem: `the package ${name} is not installed`,
    hint: `npm install ${name}`,
    cause,
  });
};
const csvLibrary = () => import("csv-parse").catch(absent("csv-parse"));
const parquetLibrary = async () => ({
  ...(await import("hyparquet").catch(absent("hyparquet"))),
  ...(await import("hyparquet-compressors").catch(absent("hyparquet-compressors"))),
});
