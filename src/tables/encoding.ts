// Bytes to text in whatever encoding a file has. A guess is reported with its reason, wrong bytes are placed. Pure.
import { ConcordError } from "../base/index.ts";
import { guessEncoding } from "./guess-encoding.ts";

/** Encodings that can be named. Those of {@link guessEncoding} are found as well, UTF-8 and UTF-16 for certain. */
export const encodings = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "gb18030",
  "gbk",
  "windows-1252",
  "latin1",
  "iso-8859-15",
  "windows-1250",
  "iso-8859-2",
  "windows-1251",
  "koi8-r",
  "koi8-u",
  "ibm866",
  "iso-8859-5",
  "windows-1253",
  "windows-1254",
  "windows-1255",
  "windows-1256",
  "windows-1257",
  "windows-1258",
  "windows-874",
  "big5",
  "shift_jis",
  "euc-jp",
  "euc-kr",
] as const;
export type Encoding = (typeof encodings)[number];

/** An encoding and how it is known. */
export interface FoundEncoding {
  readonly encoding: Encoding;
  /** `named` it was given, `mark` a byte-order mark, `valid` well-formed UTF-8, `pattern` zeros of UTF-16, `guess` none of these. */
  readonly by: "named" | "mark" | "valid" | "pattern" | "guess";
  /** Of a guess: what was counted. */
  readonly why?: string;
  /** Length of the byte-order mark. */
  readonly markBytes: number;
}

/**
 * Tells the encoding of a file from its beginning.
 * @param head its first bytes, some tens of kilobytes; a character cut at the end is forgiven
 * @param path for errors
 * @throws E_DATA for bytes that fit no encoding that is known by its bytes
 * @example findEncoding(new TextEncoder().encode("fever")).encoding // "utf-8"
 */
export function findEncoding(head: Uint8Array, path?: string): FoundEncoding {
  const starts = (...bytes: number[]) => bytes.every((b, i) => head[i] === b);
  if (starts(0xef, 0xbb, 0xbf)) return { encoding: "utf-8", by: "mark", markBytes: 3 };
  if (starts(0xff, 0xfe)) return { encoding: "utf-16le", by: "mark", markBytes: 2 };
  if (starts(0xfe, 0xff)) return { encoding: "utf-16be", by: "mark", markBytes: 2 };
  let [even, odd] = [0, 0];
  for (let i = 0; i < head.length; i++)
    if (head[i] === 0) {
      if (i % 2) odd++;
      else even++;
    }
  // text has line feeds, spaces or Latin letters, whose other byte is zero in UTF-16
  if (odd > head.length / 16 && odd > 8 * even) return { encoding: "utf-16le", by: "pattern", markBytes: 0 };
  if (even > head.length / 16 && even > 8 * odd) return { encoding: "utf-16be", by: "pattern", markBytes: 0 };
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return { encoding: "utf-8", by: "valid", markBytes: 0 };
  } catch {
    const { encoding, why } = guessEncoding(head);
    if (encoding) return { encoding, by: "guess", markBytes: 0, why };
    throw new ConcordError("E_DATA", {
      operation: "read text",
      problem: "the encoding cannot be told from the bytes",
      expected: "UTF-8, UTF-16, or text of a language whose encodings are told apart",
      got: why,
      hint: `save it as UTF-8, or name its encoding with data.encoding or --encoding: ${encodings.join(", ")}`,
      path,
    });
  }
}

/**
 * Decodes chunks of a file strictly.
 * @param path for errors
 * @throws E_DATA at bytes that the encoding does not have, with line and byte
 */
export async function* decodeStrictly(
  chunks: AsyncIterable<Uint8Array>,
  { encoding, markBytes }: FoundEncoding,
  path: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let [line, byte, skip] = [1, 0, markBytes];
  for await (const whole of chunks) {
    const chunk = whole.subarray(skip);
    byte += Math.min(skip, whole.length);
    skip -= Math.min(skip, whole.length);
    const text = attempt(decoder, chunk, true);
    if (text === undefined) throw wrongBytes(chunk, encoding, path, line, byte);
    byte += chunk.length;
    line += countLines(text);
    if (text) yield text;
  }
  const rest = attempt(decoder, new Uint8Array(0), false);
  if (rest === undefined)
    throw new ConcordError("E_DATA", {
      operation: "read text",
      problem: "the file ends inside a character",
      expected: encoding,
      got: `${byte} bytes`,
      path: `${path}:${line}`,
    });
  if (rest) yield rest;
}

function attempt(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string | undefined {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    return undefined;
  }
}

/** Finds the first line of a chunk that does not decode. */
function wrongBytes(chunk: Uint8Array, encoding: Encoding, path: string, line: number, byte: number): ConcordError {
  let [start, at] = [0, line];
  const lined = !encoding.startsWith("utf-16"); // a line feed is one byte, and part of no other character
  for (let i = 0; i < chunk.length && lined; i++) {
    if (chunk[i] !== 10) continue;
    // the first line of a chunk may begin inside a character: it is only blamed when the following ones are sound
    if (start > 0 && attempt(new TextDecoder(encoding, { fatal: true }), chunk.subarray(start, i), false) === undefined)
      break;
    start = i + 1;
    at++;
  }
  if (start >= chunk.length) [start, at] = [0, line];
  const inside = encoding === "utf-8" ? firstWrongByte(chunk.subarray(start)) : 0;
  const shown = chunk.subarray(start + inside, start + inside + 16);
  const other = encoding === "utf-8" ? guessEncoding(chunk).encoding : undefined;
  const fits =
    other && other !== "utf-8"
      ? `the whole file may be ${other}: data.encoding: ${other} (--encoding ${other})`
      : undefined;
  return new ConcordError("E_DATA", {
    operation: "read text",
    problem: `bytes that are not ${encoding}: the file mixes encodings or has another one`,
    expected: encoding,
    got: [...shown].map((b) => b.toString(16).padStart(2, "0")).join(" "),
    hint:
      fits ??
      `correct these bytes and save it as UTF-8, or name its encoding with data.encoding or --encoding: ${encodings.join(", ")}`,
    path: `${path}:${at} (byte ${byte + start + inside})`,
  });
}

/** Where UTF-8 first goes wrong; 0 for bytes that begin inside a character. */
function firstWrongByte(bytes: Uint8Array): number {
  const decodes = (length: number, cut: boolean) =>
    attempt(new TextDecoder("utf-8", { fatal: true }), bytes.subarray(0, length), cut) !== undefined;
  let [good, bad] = [0, bytes.length + 1]; // prefixes up to good decode, those from bad on do not
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle, true)) good = middle;
    else bad = middle;
  }
  if (good === bytes.length) return 0;
  while (!decodes(good, false)) good--; // back to the beginning of the character
  return good;
}

function countLines(text: string): number {
  let count = 0;
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) count++;
  return count;
}
