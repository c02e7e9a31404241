// Folders that appear whole or not at all: filled under another name, then renamed. Knows no content.
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { makeFolder, writeFileAtomically } from "./atomic.ts";
import { ioError } from "./files.ts";

/**
 * Makes a folder that is not there yet.
 * @param operation what is being done, for messages
 * @param fill writes into the folder while it has another name
 * @throws E_IO where the folder is there already; what `fill` throws, and nothing is left
 * @example await makeNewFolder("deploy", "deploy", (folder) => writeTexts(folder, { "README.md": text }));
 */
export async function makeNewFolder(
  path: string,
  operation: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  checkNew(path, operation);
  const partial = `${path}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await makeFolder(partial);
    await fill(partial);
    await rename(partial, path).catch((cause: unknown) => {
      throw ioError(cause, operation, path);
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** @throws E_IO where something has the path already */
export function checkNew(path: string, operation: string): void {
  if (!existsSync(path)) return;
  throw new ConcordError("E_IO", {
    operation,
    problem: "the folder is there already",
    expected: "a new folder",
    hint: "name another folder",
    path,
  });
}

/** Writes texts by their paths in a folder. @throws E_IO */
export async function writeTexts(folder: string, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    await makeFolder(dirname(join(folder, name)));
    await writeFileAtomically(join(folder, name), [new TextEncoder().encode(text)]);
  }
}
