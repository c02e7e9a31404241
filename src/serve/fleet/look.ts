// What is served from a path of the configuration, told apart by every file of a compressed model: its ONNX file may be replaced alone.
import { createHash } from "node:crypto";
import { folderDigests } from "../../store/index.ts";
import { type ModelSource, readSource } from "../model/source.ts";
import type { ServedPath } from "./paths.ts";

/** @throws as `readSource` */
export async function lookAt(
  { path, name, version }: ServedPath,
  { uncompressed }: { readonly uncompressed?: boolean } = {},
): Promise<ModelSource> {
  const source = await readSource(path, { name, version, uncompressed });
  if (!source.compressed) return source;
  const hash = createHash("sha256");
  for (const file of await folderDigests(source.folder)) hash.update(`${file.name} ${file.digest}\n`);
  const digest = hash.digest("hex").slice(0, 12);
  return { ...source, digest, version: version ?? digest };
}
