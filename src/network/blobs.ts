// Contents by their SHA-256 in a folder: each file is named by its hash, appears whole, is readable by its owner only, and is checked on
// every read. Knows no journal and no network.
import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../base/index.ts";
import { ioError, makeFolder, writeFileAtomically } from "../formats/node/index.ts";

const named = /^[0-9a-f]{64}$/;
export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export interface Blobs {
  /** Writes and syncs a content that is not there yet. @returns its SHA-256, hex */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws E_CHECKSUM for a file whose content is not what its name says; E_IO for none */
  get(hash: string): Promise<Uint8Array>;
  has(hash: string): Promise<boolean>;
  /** Bytes of a content, undefined where it is not there. Nothing is read. */
  bytesOf(hash: string): Promise<number | undefined>;
  remove(hash: string): Promise<void>;
  /** Bytes of all contents, and how many there are. */
  size(): Promise<{ readonly files: number; readonly bytes: number }>;
  /** Removes all but these. */
  keep(hashes: ReadonlySet<string>): Promise<void>;
}

/** @throws E_IO @example const blobs = await openBlobs("study/blobs"); */
export async function openBlobs(folder: string): Promise<Blobs> {
  await makeFolder(folder);
  const place = (hash: string) => join(folder, hash);
  const bytesOf = (hash: string) =>
    stat(place(hash)).then(
      ({ size }) => size,
      () => undefined,
    );
  const has = async (hash: string) => (await bytesOf(hash)) !== undefined;
  const all = async () => (await readdir(folder)).filter((name) => named.test(name));
  return {
    has,
    bytesOf,
    async put(bytes) {
      const hash = sha256(bytes);
      if (!(await has(hash))) await writeSecret(place(hash), bytes);
      return hash;
    },
    async get(hash) {
      const bytes = await readFile(place(hash)).catch((cause: unknown) => {
        throw ioError(cause, "read blob", place(hash));
      });
      if (sha256(bytes) === hash) return new Uint8Array(bytes);
      throw new ConcordError("E_CHECKSUM", {
        operation: "read blob",
        problem: "the content is not what its name says",
        expected: hash,
        got: sha256(bytes),
        path: place(hash),
      });
    },
    remove: (hash) => rm(place(hash), { force: true }),
    async size() {
      const sizes = await Promise.all((await all()).map((name) => stat(place(name)).then((s) => s.size)));
      return { files: sizes.length, bytes: sizes.reduce((a, b) => a + b, 0) };
    },
    async keep(hashes) {
      for (const name of await readdir(folder)) if (!hashes.has(name)) await rm(place(name), { force: true });
    },
  };
}

/** Writes a file of mode 0600 that appears whole. @throws E_IO */
export async function writeSecret(path: string, content: Uint8Array | string): Promise<void> {
  await writeFileAtomically(path, [typeof content === "string" ? Buffer.from(content) : content], 0o600);
}
