// Files that appear whole or not at all: written beside their place under a temporary name, synced, renamed, folder synced.
// Knows no format.
import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { ioError } from "./files.ts";

// .<name>.<host>.<pid>.<random>.tmp: says who writes it, so that another process can tell when the writer is dead.
const host = hostname().replace(/[^\w-]/g, "_") || "host";
const temporaryName = /^\.(.+)\.([\w-]+)\.(\d+)\.[0-9a-f]{12}\.tmp$/;

/**
 * Writes a file so that, whatever happens, its path holds the old content or the whole new one, and nothing else is left:
 * what a killed process left of an earlier try of this file goes too.
 * @param path the file to make or replace; its folder must exist
 * @param chunks the content; a chunk is on its way to disk before the next is asked for
 * @param mode of the file. Default 0644; 0600 for what only its owner may read
 * @returns the bytes written
 * @throws E_IO (disk full, read-only …) after removing the temporary file; what `chunks` throws passes through
 * @example await writeFileAtomically("config.json", [new TextEncoder().encode(text)])
 */
export async function writeFileAtomically(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  mode: 0o644 | 0o600 = 0o644,
): Promise<number> {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${host}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`,
  );
  const fail = (cause: unknown) => Promise.reject(ioError(cause, "write file", path));
  const file = await open(temporary, "wx", mode).catch(fail);
  try {
    let written = 0;
    for await (const chunk of chunks) {
      await writeAll(file, chunk).catch(fail);
      written += chunk.byteLength;
    }
    await file.sync().catch(fail);
    await file.close().catch(fail);
    await rename(temporary, path).catch(fail);
    await removeStaleTemporaries(dirname(path), basename(path)).catch(() => []);
    await syncFolder(dirname(path)).catch(fail);
    return written;
  } catch (cause) {
    await file.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw cause;
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    const length = Math.min(chunk.byteLength - done, 2 ** 30);
    done += (await file.write(chunk, done, length)).bytesWritten;
  }
}

/**
 * Makes a folder and those above it; one that exists is fine. (Node's own recursive mkdir never returns where the system
 * says ENOENT although the parent is there, as under /proc.)
 * @param mode of the folder, if it is made; 0700 for what only its owner may read. Default 0777 less the umask, as those above it
 * @throws E_IO
 * @example await makeFolder("run/checkpoints")
 */
export async function makeFolder(path: string, mode?: 0o700): Promise<void> {
  try {
    await makeUpwards(resolve(path), mode);
  } catch (cause) {
    throw ioError(cause, "make folder", path);
  }
}

async function makeUpwards(path: string, mode?: 0o700): Promise<void> {
  const failure = await mkdir(path, mode).then(
    () => undefined,
    (cause: NodeJS.ErrnoException) => cause,
  );
  if (!failure) return;
  if (failure.code === "ENOENT" && dirname(path) !== path && !(await isFolder(dirname(path)))) {
    await makeUpwards(dirname(path));
    await makeUpwards(path, mode);
  } else if (!(await isFolder(path))) {
    if (failure.code !== "ENOENT") throw failure;
    await mkdir(path, mode).catch(async () => {
      if (!(await isFolder(path))) throw failure; // somebody else made its parent meanwhile, or nobody can
    });
  }
}

const isFolder = async (path: string) => (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

/** Makes renames and removals in a folder durable (a no-op where folders cannot be synced, as on Windows). */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Removes temporary files that their writers can no longer finish: the process of this host is gone, or a day has passed.
 * @param folder where {@link writeFileAtomically} was used
 * @param file only those of this file. Default: of all
 * @returns names of the files removed
 * @throws E_IO when the folder cannot be listed
 */
export async function removeStaleTemporaries(folder: string, file?: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause) => Promise.reject(ioError(cause, "list folder", folder)));
  const removed: string[] = [];
  for (const name of names) {
    const [, of, writerHost, pid] = temporaryName.exec(name) ?? [];
    if (writerHost === undefined || (file !== undefined && of !== file)) continue;
    const path = join(folder, name);
    const changedMs = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (changedMs === undefined || !isStale(writerHost, Number(pid), changedMs)) continue;
    if (await unlink(path).then(yes, no)) removed.push(name);
  }
  return removed;
}

const [yes, no] = [() => true, () => false];
const dayMs = 24 * 3600 * 1000;

function isStale(writerHost: string, pid: number, changedMs: number): boolean {
  if (Date.now() - changedMs > dayMs) return true;
  if (writerHost !== host) return false;
  // In a container every run may have the same pid: what is older than this process was not written by it.
  if (pid === process.pid) return changedMs < Date.now() - process.uptime() * 1000 - 1000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "ESRCH";
  }
}
