// The bytes of a table's file, unpacked where they are gzip, and files that are something else than a table, told by how they begin.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ConcordError } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";

/** A file's bytes. */
export interface TableBytes {
  /** The first 64 KiB at most, unpacked. */
  readonly head: Uint8Array;
  /** All of them, unpacked; may be asked for more than once. */
  chunks(): AsyncGenerator<Uint8Array>;
}

const headBytes = 1 << 16;

/** @throws E_IO when it cannot be read; E_DATA for an empty file, a workbook, an archive or a web page */
export async function openTable(file: string): Promise<TableBytes> {
  const first = await readHead(file);
  checkContent(first, file);
  const packed = first[0] === 0x1f && first[1] === 0x8b;
  const chunks = () => (packed ? unpacked(file) : chunksOf(file));
  return { head: packed ? await beginning(chunks()) : first, chunks };
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

async function beginning(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= headBytes) break;
  }
  return Buffer.concat(parts).subarray(0, headBytes);
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}

async function* unpacked(file: string): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(chunksOf(file));
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  packed.on("error", (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (cause instanceof ConcordError) throw cause;
    throw new ConcordError("E_DATA", {
      operation: "read data",
      problem: "the gzip file is broken or cut short",
      got: (cause as Error).message.slice(0, 100),
      hint: "copy or download it again",
      path: file,
      cause,
    });
  } finally {
    packed.destroy();
  }
}

export const cannotRead = (file: string, cause: unknown) => ioError(cause, "read data", file);

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what is looked for
/** How files begin that are no tables, what they are, and what to do instead. */
const others: readonly (readonly [begins: RegExp, what: string, hint: string])[] = [
  [/^$/, "the file is empty", "check that it was saved, or copied whole"],
  [
    /^PK\u0003\u0004[\s\S]{26}mimetypeapplication\/vnd\.oasis\.opendocument/,
    "an OpenDocument file (.ods), which is not read",
    "in LibreOffice: Save As, Excel 2007-365 (.xlsx), or Text CSV",
  ],
  [
    /^PK[\u0003\u0005]/,
    "an Excel workbook or another zip archive, not a table of text",
    "a workbook's name ends in .xlsx; of an archive: unpack it and name the table inside",
  ],
  [
    /^\u00d0\u00cf.\u00e0/s,
    "an old Excel workbook (.xls), or one with a password, which is not read",
    "in Excel: Save As, Excel Workbook (.xlsx) without a password, or CSV UTF-8 (comma delimited)",
  ],
  [
    /^(BZh|\u00fd7zXZ|\(\u00b5\/\u00fd|7z\xbc\xaf|Rar!)/,
    "a packed file that is not read",
    "unpack it, or pack it with gzip",
  ],
  [
    /^ARROW1|^\xff\xff\xff\xff/,
    "an Arrow file, which is not read",
    "save it as Parquet: dataset.to_parquet(…) in Python",
  ],
  [/^SQLite format 3/, "a database, not a table", "write the table out as CSV or Parquet"],
  [/^%PDF/, "a PDF, not a table", "write its texts into a table: CSV, JSONL or Parquet"],
  [/^\s*<(!doctype\s+html|html)/i, "a web page, not a table", "download the file itself: the server sent a page"],
  [/^version https:\/\/git-lfs/, "a pointer of Git LFS, not the file", "fetch the file itself: git lfs pull"],
];
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what is looked for

/** @param format of what is meant to be there: a workbook is an archive itself @throws E_DATA for what is no table */
export function checkContent(head: Uint8Array, file: string, format?: "xlsx"): void {
  const beginning = Buffer.from(head.subarray(0, 256)).toString("latin1");
  for (const [begins, problem, hint] of others)
    if (begins.test(beginning) && !(format === "xlsx" && problem.includes("another zip")))
      throw new ConcordError("E_DATA", {
        operation: "read data",
        problem,
        expected:
          head.length === 0 ? "a header and rows" : "CSV, TSV, JSON, JSONL, Parquet or CoNLL, as it is or in gzip",
        got: head.length === 0 ? "0 bytes" : `${JSON.stringify(beginning.slice(0, 16))}`,
        hint,
        path: file,
      });
}
