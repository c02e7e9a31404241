// Results that the runs of one workspace share: each under the hash of everything that determined it and of the contents that it was made
// from. Files are hard links to those of the run that made them; a run that takes them gets copies. Knows no stage.
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileDigest, ioError } from "../formats/node/index.ts";
import { type FileDigest, folderDigests } from "./signing/index.ts";
import { hashOf, isInside, type StageRecord, stageRecordName } from "./stages.ts";

/** A result in the store. */
export interface SharedResult {
  readonly stage: string;
  readonly outputs: readonly string[];
  readonly summary: StageRecord["summary"];
  /** Every file of the outputs, by its path in the run folder. */
  readonly files: readonly FileDigest[];
}

/** What {@link collectShared} found. */
export interface Collected {
  /** Results that no run beside the store has any more, and what was left of writing some. */
  readonly results: number;
  readonly kept: number;
  /** Bytes on disk that they alone hold. */
  readonly bytes: number;
}

const storePath = join(".concord", "store");
const entryName = "result.json";

/** The store of the workspace that a run folder lies in. */
export const storeBeside = (run: string): string => join(dirname(run), storePath);

/** Digests of what a stage made in a run folder, sorted by path. @throws E_IO; E_FORMAT for a link */
export async function outputDigests(run: string, outputs: readonly string[]): Promise<FileDigest[]> {
  const all = outputs.map(async (output) => {
    const path = join(run, output);
    const about = await lstat(path);
    if (about.isFile()) return [{ name: output, digest: await fileDigest(path), bytes: about.size }];
    return (await folderDigests(path)).map((file) => ({ ...file, name: `${output}/${file.name}` }));
  });
  return (await Promise.all(all)).flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One hash for the contents of a stage's outputs. */
export const contentOf = (files: readonly FileDigest[]): string =>
  hashOf(files.map(({ name, digest }) => [name, digest]));

/** A result by its key, or undefined. One that is damaged counts as absent. */
export async function findShared(store: string, key: string): Promise<SharedResult | undefined> {
  const text = await readFile(join(store, key, entryName), "utf8").catch(() => undefined);
  try {
    const found: unknown = text === undefined ? undefined : JSON.parse(text);
    return isResult(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Copies a result into a scratch folder (where the file system can, without using space).
 * @returns false when it is gone, or a file is not what it was: such a result is removed
 */
export async function takeShared(store: string, key: string, result: SharedResult, scratch: string): Promise<boolean> {
  for (const { name, digest } of result.files) {
    const target = join(scratch, name);
    try {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(store, key, "files", name), target, constants.COPYFILE_FICLONE);
    } catch (cause) {
      if (isGone(cause)) return false;
      throw ioError(cause, "take result", target);
    }
    if ((await fileDigest(target)) === digest) continue;
    await rm(join(store, key), { recursive: true, force: true });
    return false;
  }
  return true;
}

/**
 * Puts a result of a run folder into the store: whole or not at all, and once, whoever else does the same.
 * @throws E_IO
 */
export async function putShared(store: string, key: string, run: string, result: SharedResult): Promise<void> {
  if (await findShared(store, key)) return;
  const draft = join(store, `draft-${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(join(draft, "files"), { recursive: true, mode: 0o700 }); // nobody sees more here than in the run folder
    for (const { name } of result.files) {
      const target = join(draft, "files", name);
      await mkdir(dirname(target), { recursive: true });
      await link(join(run, name), target).catch(() => copyFile(join(run, name), target, constants.COPYFILE_FICLONE));
    }
    await writeFile(join(draft, entryName), JSON.stringify({ format: "concord-result", version: 1, ...result }));
    await rename(draft, join(store, key)).catch(async (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ENOTEMPTY" && cause.code !== "EEXIST") throw cause;
    });
  } catch (cause) {
    throw ioError(cause, "share result", store);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Removes what no run folder beside the store has made or taken. Run folders never need the store: they hold their own files.
 * @param dryRun only tells
 * @throws E_IO
 */
export async function collectShared(store: string, { dryRun = false } = {}): Promise<Collected> {
  const referenced = await keysIn(dirname(dirname(store)));
  let [results, kept, bytes] = [0, 0, 0];
  for (const name of await readdir(store).catch(() => [])) {
    if (!/^([0-9a-f]{64}|draft-\d+-[0-9a-f]+)$/.test(name)) continue; // not ours
    if (referenced.has(name) || (await isBeingWritten(name))) {
      kept++;
      continue;
    }
    results++;
    bytes += await bytesAlone(join(store, name));
    if (!dryRun) await rm(join(store, name), { recursive: true, force: true });
  }
  return { results, kept, bytes };
}

/** Keys of the results that the records of run folders name. */
async function keysIn(workspace: string): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const run of await readdir(workspace)) {
    const records = dirname(join(workspace, run, stageRecordName("any")));
    for (const name of await readdir(records).catch(() => [])) {
      if (!name.endsWith(".json")) continue;
      const text = await readFile(join(records, name), "utf8").catch(() => "");
      const [, key] = /"shared":\s*"([0-9a-f]{64})"/.exec(text) ?? [];
      if (key !== undefined) keys.add(key);
    }
  }
  return keys;
}

/** A draft of a process that lives. */
async function isBeingWritten(name: string): Promise<boolean> {
  const [, pid] = /^draft-(\d+)-/.exec(name) ?? [];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

/** Bytes of files that have no other name. */
async function bytesAlone(folder: string): Promise<number> {
  let bytes = 0;
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const { nlink, size } = await stat(join(file.parentPath, file.name));
    if (nlink === 1) bytes += size;
  }
  return bytes;
}

const isGone = (cause: unknown): boolean => cause instanceof Error && "code" in cause && cause.code === "ENOENT";

/** Of a file that anybody may have edited. */
function isResult(value: unknown): value is SharedResult {
  if (typeof value !== "object" || value === null) return false;
  const { format, version, stage, outputs, summary, files } = { ...value } as Partial<Record<string, unknown>>;
  const isPlace = (name: unknown) => typeof name === "string" && isInside(name);
  return (
    format === "concord-result" &&
    version === 1 &&
    typeof stage === "string" &&
    typeof summary === "object" &&
    summary !== null &&
    Array.isArray(outputs) &&
    outputs.every(isPlace) &&
    Array.isArray(files) &&
    files.every((file) => isPlace(file?.name) && typeof file.digest === "string")
  );
}
