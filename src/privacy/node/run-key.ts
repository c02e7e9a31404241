// The secret key of one private run, in a file beside its checkpoints that only its owner may read. It is never in a recipe, a log or
// a passport, and is erased when the run is done.
import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConcordError } from "../../base/index.ts";

const fileName = "run.key";
const keyBytes = 32;

/** Where the key of a run lies. */
export const runKeyPath = (folder: string): string => join(folder, fileName);

/** A name for a key that does not give it away: the start of SHA-256 of it under a prefix. */
export const runKeyId = (key: Uint8Array): string =>
  createHash("sha256").update("concord-run-key-id\n").update(key).digest("hex").slice(0, 32);

/**
 * The run's key: read where there is one, else drawn from the system's generator and stored with mode 0600, whole or not at all. A
 * key of zeros is one whose erasing was cut short: the run that it belonged to is over.
 * @param folder exists
 * @throws E_CONFIG when others may read the file, E_FORMAT when it has another size
 */
export async function openRunKey(folder: string): Promise<Uint8Array> {
  const path = runKeyPath(folder);
  const there = await stat(path).catch(() => undefined);
  if (!there) return await makeRunKey(path);
  if (process.platform !== "win32" && (there.mode & 0o077) !== 0)
    throw new ConcordError("E_CONFIG", {
      operation: "open run key",
      problem: "others than its owner may read the secret key of this private run",
      expected: "mode 0600",
      got: `mode 0${(there.mode & 0o777).toString(8)}`,
      hint: "whoever read it can remove the noise: delete the folder and start the run anew, which is charged anew",
      path,
    });
  const file = await open(path, "r");
  try {
    const key = new Uint8Array(await file.readFile());
    if (key.length === keyBytes) return key.some((byte) => byte !== 0) ? key : await makeRunKey(path);
    throw new ConcordError("E_FORMAT", {
      operation: "open run key",
      problem: "the file is not a run key",
      expected: `${keyBytes} bytes`,
      got: `${key.length} bytes`,
      path,
    });
  } finally {
    await file.close();
  }
}

/** Written beside its place and renamed: a process that is killed leaves no half a key. */
async function makeRunKey(path: string): Promise<Uint8Array> {
  const key = new Uint8Array(randomBytes(keyBytes));
  const beside = `${path}.new`; // one that a killed process left is written over
  const file = await open(beside, constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY, 0o600);
  try {
    await file.chmod(0o600); // whatever the umask
    await file.writeFile(key);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  if (process.platform !== "win32") {
    const folder = await open(dirname(path), "r");
    await folder.sync().finally(() => folder.close());
  }
  return key;
}

/** Overwrites and removes the key; no key is no error. Copies that a file system or a backup kept are beyond reach. */
export async function eraseRunKey(folder: string): Promise<void> {
  for (const path of [runKeyPath(folder), `${runKeyPath(folder)}.new`]) {
    const file = await open(path, "r+").catch(() => undefined);
    if (!file) continue;
    try {
      await file.write(new Uint8Array(keyBytes), 0, keyBytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await rm(path, { force: true });
  }
}
