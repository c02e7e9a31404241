// One process at a time in a folder: a lock file that names its holder; a dead holder's lock is taken over.
import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConcordError } from "../../base/index.ts";
import { ioError } from "./files.ts";

/** Held until released, or until the process is gone. */
export interface FolderLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/** Name of the file that is the lock. */
export const lockName = ".lock";

/**
 * Takes the lock of a folder: of a run, or of a download.
 * @param folder must exist
 * @param waitMs how long a holder that lives is waited for. Default not at all
 * @throws E_LOCKED with the holder's pid while it lives; E_IO when the folder cannot be written
 * @example const lock = await lockFolder("runs/disease"); try { … } finally { await lock.release(); }
 */
export async function lockFolder(folder: string, { waitMs = 0 } = {}): Promise<FolderLock> {
  const path = join(folder, lockName);
  const mine: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const until = Date.now() + waitMs;
  for (let attempt = 0; ; attempt++) {
    if (await created(path, JSON.stringify(mine))) return { release: () => rm(path, { force: true }) };
    const holder = await readHolder(path);
    if (holder && isAlive(holder) && Date.now() < until) {
      await sleep(20);
      continue;
    }
    if (holder && (isAlive(holder) || attempt > 2)) throw locked(folder, holder);
    await removeStale(path);
  }
}

/** Whether a living process works in a folder; as {@link lockFolder} judges it. */
export async function isLocked(folder: string): Promise<boolean> {
  const holder = await readHolder(join(folder, lockName));
  return holder !== undefined && isAlive(holder);
}

/** False when the file exists already. It has its content from its first moment on: nobody takes it for one that was never finished. */
async function created(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(draft, content, { flag: "wx" });
    await link(draft, path).catch(async (cause: NodeJS.ErrnoException) => {
      if (cause.code === "EEXIST") throw cause;
      await writeFile(path, content, { flag: "wx" }); // a file system without links
    });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw ioError(cause, "lock folder", path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes the lock of a holder that is gone away; what another process has put there in the meantime is put back. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${process.pid}.${randomBytes(6).toString("hex")}`;
  const isThere = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const holder = await readHolder(aside);
  if (holder && isAlive(holder)) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** The holder, or undefined for a lock that is gone or was never finished. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(path, "utf8")) as Holder;
    return Number.isInteger(holder?.pid) && holder.pid > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process still runs; on another machine nobody can tell, so it counts as alive. */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

const locked = (folder: string, { pid, host, since }: Holder) =>
  new ConcordError("E_LOCKED", {
    operation: "lock folder",
    problem: "another process works in this folder",
    expected: "one process at a time",
    got: `process ${pid}${host === hostname() ? "" : ` on ${host}`}, since ${since}`,
    hint: `wait for it, stop it (kill ${pid}), or name another folder`,
    path: folder,
  });
