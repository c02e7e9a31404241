// What a zip archive says of its files, checked before anything of it is unpacked: a workbook of a few bytes can claim gigabytes. Pure.
import { ConcordError } from "../base/index.ts";

const [endSign, entrySign] = [0x06054b50, 0x02014b50];
const mebi = 1 << 20;

/** Limits of a workbook. Excel itself allows 1,048,576 rows of 16,384 columns; files of people are far smaller. */
export interface ArchiveLimits {
  /** Files in the archive. */
  readonly entries: number;
  /** Bytes of one file, unpacked. */
  readonly entryBytes: number;
  /** Bytes of all files, unpacked. */
  readonly bytes: number;
  /** Unpacked bytes for each packed one, from 16 MiB on. */
  readonly ratio: number;
}

export const archiveLimits: ArchiveLimits = {
  entries: 10_000,
  entryBytes: 512 * mebi,
  bytes: 1024 * mebi,
  ratio: 200,
};

/** The names of an archive's files. @throws E_DATA for a broken archive, and one that unpacks to too much */
export function checkedArchive(bytes: Uint8Array, file: string, limits: ArchiveLimits = archiveLimits): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  if (end === undefined) throw broken(file);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > limits.entries) throw tooLarge(file, `at most ${limits.entries} files in the archive`, `${count}`);
  const names: string[] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== entrySign) throw broken(file);
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const isLie = size === 0 && packed > 2; // what is unpacked would have no bound
    if (isLie || size > limits.entryBytes || (size > 16 * mebi && size > limits.ratio * packed))
      throw tooLarge(
        file,
        `each file at most ${limits.entryBytes / mebi} MiB, and ${limits.ratio} times its packed size`,
        `${size} bytes from ${packed} bytes`,
      );
    total += size;
    if (total > limits.bytes)
      throw tooLarge(file, `at most ${limits.bytes / mebi} MiB in all`, `${total} bytes or more`);
    names.push(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name!)));
    at += 46 + name! + extra! + comment!;
  }
  return names;
}

/** Place of the record that ends a zip archive; a comment of 64 KiB at most stands behind it. */
function endOf(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--)
    if (view.getUint32(at, true) === endSign) return at;
  return undefined;
}

const broken = (path: string) =>
  new ConcordError("E_DATA", {
    operation: "read data",
    problem: "the workbook is broken or cut short",
    hint: "copy it again, or save it again in Excel",
    path,
  });

const tooLarge = (path: string, expected: string, got: string) =>
  new ConcordError("E_DATA", {
    operation: "read data",
    problem: "the workbook unpacks to more than is read",
    expected,
    got,
    hint: "keep the sheet of the rows alone, or save it as CSV UTF-8",
    path,
  });
