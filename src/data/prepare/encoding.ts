// Bytes to text in whatever encoding a file has: UTF-8, UTF-16 and GB18030. A guess is reported, wrong bytes are placed. Pure.
import { ConcordError } from "../../base/index.ts";

export const encodings = ["utf-8", "utf-16le", "utf-16be", "gb18030"] as const;
export type Encoding = (typeof encodings)[number];

/** An encoding and how it is known. */
export interface FoundEncoding {
  readonly encoding: Encoding;
  /** `mark` a byte-order mark, `valid` the bytes are well-formed UTF-8, `pattern` zeros of UTF-16, `guess` none of these. */
  readonly by: "mark" | "valid" | "pattern" | "guess";
  /** Length of the byte-order mark. */
  readonly markBytes: number;
}

/**
 * Tells the encoding of a file from its beginning.
 * @param head its first bytes, some tens of kilobytes; a character cut at the end is forgiven
 * @example findEncoding(new TextEncoder().encode("fever")).encoding // "utf-8"
 */
export function findEncoding(head: Uint8Array): FoundEncoding {
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
    return { encoding: "gb18030", by: "guess", markBytes: 0 };
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
  for (let i = 0; i < chunk.length && encoding.startsWith("utf-8"); i++) {
    if (chunk[i] !== 10) continue;
    // the first line of a chunk may begin inside a character: it is only blamed when the following ones are sound
    if (start > 0 && attempt(new TextDecoder(encoding, { fatal: true }), chunk.subarray(start, i), false) === undefined)
      break;
    start = i + 1;
    at++;
  }
  return new ConcordError("E_DATA", {
    operation: "read text",
    problem: `bytes that are not ${encoding}: the file mixes encodings or has another one`,
    expected: encoding,
    got: [...chunk.subarray(start, start + 16)].map((b) => b.toString(16).padStart(2, "0")).join(" "),
    hint: `save it as UTF-8, or name its encoding: data.encoding (${encodings.join(", ")})`,
    path: `${path}:${at} (byte ${byte + start})`,
  });
}

function countLines(text: string): number {
  let count = 0;
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) count++;
  return count;
}
