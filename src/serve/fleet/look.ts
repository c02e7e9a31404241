// What is served from a path of the configuration, told apart by every file of a compressed model: its ONNX file may be replaced alone.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { ConcordError } from "../../base/index.ts";
import { adapterFolder } from "../../stages/index.ts";
import { folderDigests } from "../../store/index.ts";
import { type ModelSource, namePattern, readSource } from "../model/source.ts";
import type { ServedPath } from "./paths.ts";

/** @throws as `readSource` */
export async function lookAt(
  { path, name, version, adapters }: ServedPath,
  { uncompressed }: { readonly uncompressed?: boolean } = {},
): Promise<ModelSource> {
  const source = await readSource(path, { name, version, uncompressed });
  if (adapters) return await withAdapters(source, adapters, version);
  if (!source.compressed) return source;
  const hash = createHash("sha256");
  for (const file of await folderDigests(source.folder)) hash.update(`${file.name} ${file.digest}\n`);
  const digest = hash.digest("hex").slice(0, 12);
  return { ...source, digest, version: version ?? digest };
}

/** A base with its adapters: another digest where one of them changes. @throws E_ARGUMENT for a name that cannot stand in an address */
async function withAdapters(
  source: ModelSource,
  given: NonNullable<ServedPath["adapters"]>,
  version: string | undefined,
): Promise<ModelSource> {
  const adapters = Object.fromEntries(Object.entries(given).map(([name, path]) => [name, adapterFolder(path)]));
  const odd = Object.keys(adapters).find((name) => !namePattern.test(name));
  if (odd !== undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "serve",
      problem: "the adapter's name cannot stand in an address",
      expected: "1 to 64 letters, digits, dots, - or _",
      got: odd,
    });
  const hash = createHash("sha256").update(source.digest);
  for (const [name, folder] of Object.entries(adapters)) {
    hash.update(name);
    if (existsSync(folder))
      for (const file of await folderDigests(folder)) hash.update(`${file.name} ${file.digest}\n`);
  }
  const digest = hash.digest("hex").slice(0, 12);
  return { ...source, adapters, digest, version: version ?? digest };
}
