// Digests of tables, so that a stage is repeated when what it reads has changed.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileDigest } from "../../formats/node/index.ts";
import { tablesIn } from "../../tables/node/index.ts";

/** True for a folder; what is not there is reported where it is read. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  );

/** SHA-256 of a table, or of each of a folder's. @throws E_IO */
export async function tableFingerprint(path: string): Promise<string | Record<string, string>> {
  if (!(await isFolder(path))) return await fileDigest(path);
  const names = tablesIn(await readdir(path));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await fileDigest(join(path, name))] as const)),
  );
}
