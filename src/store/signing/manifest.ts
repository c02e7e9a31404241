// Digests of every file below a folder, in one order. Links are refused: what they point to could change unseen.
import { createHash } from "node:crypto";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { fileDigest, ioError } from "../../formats/node/index.ts";

/** A file of a folder and the SHA-256 of its content, hex. */
export interface FileDigest {
  /** Path from the folder, `/` between names. */
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

/**
 * Names of all files below a folder.
 * @param ignore names of files or folders directly below it that are not looked at
 * @throws E_IO; E_FORMAT for a link or anything else that is no plain file
 */
export async function plainFiles(folder: string, ignore: readonly string[] = []): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const names = await readdir(join(folder, below)).catch((cause: unknown) => {
      throw ioError(cause, "read folder", join(folder, below));
    });
    for (const one of names) {
      const name = below ? `${below}/${one}` : one;
      if (ignore.includes(name)) continue;
      const path = join(folder, name);
      const about = await lstat(path);
      if (about.isDirectory()) await walk(name);
      else if (about.isFile()) found.push(name);
      else
        throw new ConcordError("E_FORMAT", {
          operation: "read folder",
          problem: "neither a file nor a folder",
          expected: "plain files",
          got: about.isSymbolicLink() ? "a symbolic link" : "a special file",
          path,
        });
    }
  };
  await walk("");
  return found;
}

/**
 * The files of a folder that is given away: plain ones, whose names stay apart on every file system.
 * @returns names, as {@link plainFiles} gives them
 * @throws E_FORMAT for a link, a device, a pipe, or two names that differ by case or by Unicode form alone: where these count for nothing, one
 * file takes the place of the other
 */
export async function portableFiles(folder: string): Promise<string[]> {
  const files = await plainFiles(folder);
  const known = new Map<string, string>();
  for (const path of files.flatMap((name) => name.split("/").map((_, i, parts) => parts.slice(0, i + 1).join("/")))) {
    const folded = path.normalize("NFKC").toUpperCase().normalize("NFKC"); // lower case would join no further code points
    const other = known.get(folded);
    if (other !== undefined && other !== path)
      throw new ConcordError("E_FORMAT", {
        operation: "read folder",
        problem: "two names differ only by upper and lower case, or by their Unicode form",
        expected: "names that every file system keeps apart",
        got: `${other}, ${path}`,
        path: join(folder, path),
      });
    known.set(folded, path);
  }
  return files;
}

/**
 * Digests of all files below a folder, sorted by name (by code point).
 * @param ignore names of files or folders directly below it that do not count
 * @throws as {@link plainFiles}
 */
export async function folderDigests(folder: string, ignore: readonly string[] = []): Promise<FileDigest[]> {
  const found: FileDigest[] = [];
  for (const name of await plainFiles(folder, ignore)) {
    const path = join(folder, name);
    found.push({ name, digest: await fileDigest(path), bytes: (await lstat(path)).size });
  }
  return found.sort((a, b) => byCodePoint(a.name, b.name));
}

/** SHA-256 over the digests in order: one name for a whole folder, as OpenSSF Model Signing computes it. */
export function rootDigest(files: readonly FileDigest[]): string {
  const hash = createHash("sha256");
  for (const { digest } of files) hash.update(Buffer.from(digest, "hex"));
  return hash.digest("hex");
}

/** The first file that is missing, added or changed, in words; undefined when both are the same. */
export function firstDifference(recorded: readonly FileDigest[], found: readonly FileDigest[]): string | undefined {
  const there = new Map(found.map((f) => [f.name, f]));
  for (const { name, digest } of recorded) {
    const file = there.get(name);
    if (!file) return `${name} is missing`;
    if (file.digest !== digest)
      return `${name} has changed (SHA-256 ${file.digest.slice(0, 16)}…, recorded ${digest.slice(0, 16)}…)`;
  }
  const known = new Set(recorded.map((f) => f.name));
  const added = found.find((f) => !known.has(f.name));
  return added && `${added.name} is not in the record`;
}

function byCodePoint(a: string, b: string): number {
  const [x, y] = [Buffer.from(a, "utf8"), Buffer.from(b, "utf8")]; // UTF-8 keeps the order of code points
  return Buffer.compare(x, y);
}
