// A model of a hub as a folder: every file checked, then the whole folder put into its place; beside it, where it came from.
import { cp, mkdir, readdir, readFile, rename, rm, rmdir, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConcordError } from "../base/index.ts";
import { type FolderLock, ioError, lockFolder, lockName, writeFileAtomically } from "../formats/node/index.ts";
import { type CachedModel, cachedModel, cacheFolder } from "./cache.ts";
import { checkFile, type Downloaded, downloadFile } from "./download-file.ts";
import { type Connection, connectionOf, interrupted } from "./http.ts";
import type { ModelName } from "./model-name.ts";
import { type HubFile, type Repository, readRepository } from "./repository.ts";

/** File beside a model that says where it came from. */
export const sourceFile = "concord-source.json";

/** What {@link sourceFile} holds. */
export interface ModelSource {
  readonly repository: string;
  readonly endpoint: string;
  readonly revision: string;
  /** The commit that the revision was then. */
  readonly commit: string;
  /** As the hub states it; null where it states none. */
  readonly license: string | null;
  readonly files: readonly { readonly name: string; readonly sizeBytes: number; readonly sha256: string }[];
  /** Files that the hub gave no checksum for: only their sizes were held against it. */
  readonly unchecked: readonly string[];
}

export interface GetModelOptions {
  /** Folder that the model gets. */
  readonly to: string;
  /** `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`, `HF_HOME`, `HF_HUB_CACHE`, proxies. Default that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Told the bytes that are there, of all, and the file that is worked on. */
  readonly onProgress?: (doneBytes: number, totalBytes: number, file: string) => void;
  /** Wait before the second try of a request, ms. Default 1000 */
  readonly waitMs?: number;
}

/** What {@link getModel} did. */
export interface GotModel extends ModelSource {
  readonly folder: string;
  /** True where the folder held this commit already. */
  readonly kept: boolean;
  /** Files that the cache of this machine had. */
  readonly fromCache: number;
}

/**
 * Downloads a model into a folder, or takes it from the cache of the Hugging Face tools.
 * What was begun lies in `<to>.partial` and is continued by the next call.
 * @throws E_LOCKED while another process downloads into the folder; E_SERVER, E_ARGUMENT, E_MODEL, E_FORMAT, E_CHECKSUM, E_IO; E_INTERRUPTED after an abort
 * @example await getModel(modelName("hf:google-bert/bert-base-uncased"), { to: "models/bert" });
 */
export async function getModel(
  name: ModelName,
  { to, env = process.env, signal, onProgress, waitMs }: GetModelOptions,
): Promise<GotModel> {
  const connection = connectionOf(env, name.endpoint, waitMs);
  let lock: FolderLock | undefined;
  try {
    const cache = cacheFolder(env);
    const offline = isOffline(env);
    const found = offline
      ? await ofCache(cache, name, env)
      : await readRepository(connection, name, signal).catch((cause: unknown) => orCached(cause, cache, name));
    const kept = await keptModel(to, found);
    if (kept) return { ...kept, folder: to, kept: true, fromCache: 0 };
    await checkDisk(to, found);
    const cached = await cachedModel(cache, { ...name, revision: found.commit });
    const folder = `${resolve(to)}.partial`;
    await mkdir(folder, { recursive: true });
    lock = await lockFolder(folder);
    const work = { connection, name: { ...name, revision: found.commit }, folder, signal };
    const { files, fromCache } = await fetchAll(work, found, cached, onProgress);
    const source: ModelSource = {
      repository: found.repository,
      endpoint: connection.endpoint,
      revision: name.revision,
      commit: found.commit,
      license: found.license ?? null,
      files: files.map(({ name, sizeBytes, sha256 }) => ({ name, sizeBytes, sha256 })),
      unchecked: files.filter(({ checked }) => !checked).map(({ name }) => name),
    };
    await settle(work.folder, to, source);
    return { ...source, folder: to, kept: false, fromCache };
  } finally {
    await lock?.release();
    await connection.proxies.destroy();
  }
}

/** True where the environment forbids to ask a hub. */
export const isOffline = (env: Readonly<Record<string, string | undefined>>): boolean =>
  /^(1|on|true|yes)$/i.test(env.HF_HUB_OFFLINE ?? "");

async function ofCache(cache: string, name: ModelName, env: GetModelOptions["env"]): Promise<Repository> {
  const found = await cachedModel(cache, name);
  if (found) return found;
  throw new ConcordError("E_IO", {
    operation: "models get",
    problem: "the model is not in the cache, and HF_HUB_OFFLINE forbids asking a hub",
    got: `${name.repository}@${name.revision}`,
    hint: "get it on a machine with a network and copy the folder here, or unset HF_HUB_OFFLINE",
    path: cacheFolder(env ?? {}),
  });
}

/** The fault of a hub that cannot be reached says so where the cache has the model. */
async function orCached(cause: unknown, cache: string, name: ModelName): Promise<never> {
  if (cause instanceof ConcordError && cause.code === "E_SERVER" && (await cachedModel(cache, name)))
    throw new ConcordError(cause.code, {
      ...cause.facts,
      hint: "the cache of this machine has the model: set HF_HUB_OFFLINE=1 and run the same command again",
    });
  throw cause;
}

/** What the folder holds, where it is this commit. @throws E_IO where it holds anything else */
async function keptModel(to: string, { repository, commit }: Repository): Promise<ModelSource | undefined> {
  const names = await readdir(to).catch((cause: NodeJS.ErrnoException): string[] => {
    if (cause.code === "ENOENT") return [];
    throw ioError(cause, "models get", to);
  });
  if (names.length === 0) return undefined;
  const source = await readSource(to);
  const isSame = source?.repository === repository && source.commit === commit;
  if (isSame && (await haveSizes(to, source))) return source;
  throw new ConcordError("E_IO", {
    operation: "models get",
    problem: "the folder is there already, and is not replaced",
    got: source ? `${source.repository}@${source.commit}` : names.slice(0, 5).join(", "),
    hint: "remove it, or name another with --to",
    path: to,
  });
}

async function haveSizes(folder: string, { files }: ModelSource): Promise<boolean> {
  const found = await Promise.all(files.map(({ name }) => stat(join(folder, name)).catch(() => undefined)));
  return files.every(({ sizeBytes }, i) => found[i]?.size === sizeBytes);
}

/** Where the model in a folder came from; undefined for a folder that was not downloaded by this. */
export async function readSource(folder: string): Promise<ModelSource | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, sourceFile), "utf8"));
    return isSource(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSource(value: unknown): value is ModelSource {
  if (typeof value !== "object" || value === null) return false;
  const { repository, commit, files } = value as Partial<Record<keyof ModelSource, unknown>>;
  const isFile = (file: Partial<ModelSource["files"][number]> | null) =>
    typeof file?.name === "string" && typeof file.sizeBytes === "number";
  return typeof repository === "string" && typeof commit === "string" && Array.isArray(files) && files.every(isFile);
}

/** @throws E_IO where the disk has no room for the files */
async function checkDisk(to: string, { files }: Repository): Promise<void> {
  const needed = bytesOf(files);
  const parent = dirname(resolve(to));
  try {
    await mkdir(parent, { recursive: true });
    const { bavail, bsize } = await statfs(parent);
    if (needed <= bavail * bsize) return;
    throw new ConcordError("E_IO", {
      operation: "models get",
      problem: "the disk has no room for the model",
      expected: `${needed} bytes free`,
      got: `${bavail * bsize} bytes free`,
      hint: "free some space or choose another folder",
      path: parent,
    });
  } catch (cause) {
    throw ioError(cause, "models get", parent);
  }
}

const bytesOf = (files: readonly HubFile[]): number => files.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);

interface Work {
  readonly connection: Connection;
  /** With the commit as its revision. */
  readonly name: ModelName;
  /** Where files are collected. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

async function fetchAll(
  { connection, name, folder, signal }: Work,
  { files, commit }: Repository,
  cached: CachedModel | undefined,
  onProgress: GetModelOptions["onProgress"],
): Promise<{ files: (Downloaded & { name: string })[]; fromCache: number }> {
  await begin(folder, `${name.repository}@${commit}`);
  const total = bytesOf(files);
  const got: (Downloaded & { name: string })[] = [];
  let [done, fromCache] = [0, 0];
  for (const file of files) {
    if (signal?.aborted) throw interrupted();
    const path = join(folder, file.name);
    const copy = cached?.files.find((one) => one.name === file.name && isSame(one, file));
    if (copy && (await stat(path).catch(() => undefined)) === undefined) {
      await mkdir(dirname(path), { recursive: true });
      await cp(copy.path, path, { dereference: true });
      fromCache++;
    }
    const onBytes = (bytes: number) => onProgress?.(done + bytes, total, file.name);
    const downloaded = copy
      ? await ofCopy(path, file)
      : await downloadFile(connection, name, file, path, { signal, onBytes });
    got.push({ ...downloaded, name: file.name });
    done += downloaded.sizeBytes;
    onProgress?.(done, total, file.name);
  }
  return { files: got, fromCache };
}

const isSame = (cached: HubFile, wanted: HubFile): boolean =>
  cached.sizeBytes === wanted.sizeBytes &&
  cached.checksum?.algorithm === wanted.checksum?.algorithm &&
  cached.checksum?.value === wanted.checksum?.value;

/** A copy from the cache, held against the checksum. */
async function ofCopy(path: string, file: HubFile): Promise<Downloaded> {
  const sizeBytes = (await stat(path)).size;
  const sha256 = await checkFile(path, file, sizeBytes).catch(async (cause: unknown) => {
    await rm(path, { force: true });
    throw cause;
  });
  return { sizeBytes, sha256, checked: file.checksum !== undefined };
}

/** Empties the folder of partial files where they are of another commit. */
async function begin(folder: string, what: string): Promise<void> {
  const mark = join(folder, ".model");
  try {
    if ((await readFile(mark, "utf8").catch(() => "")) === what) return;
    for (const name of await readdir(folder))
      if (name !== lockName) await rm(join(folder, name), { recursive: true, force: true });
    await writeFile(mark, what);
  } catch (cause) {
    throw ioError(cause, "models get", folder);
  }
}

/** Puts the whole folder into its place. */
async function settle(partial: string, to: string, source: ModelSource): Promise<void> {
  try {
    await writeFileAtomically(join(partial, sourceFile), [
      new TextEncoder().encode(`${JSON.stringify(source, null, 2)}\n`),
    ]);
    for (const name of [".model", lockName]) await rm(join(partial, name), { force: true });
    await rmdir(to).catch(() => {}); // an empty folder
    await rename(partial, to);
  } catch (cause) {
    throw ioError(cause, "models get", to);
  }
}
