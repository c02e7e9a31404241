// Models that lie on this machine: folders in the hub's layout.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readSource } from "./get-model.ts";

/** A model folder. */
export interface LocalModel {
  readonly folder: string;
  /** `model_type` of its config.json. */
  readonly architecture?: string;
  /** Bytes of its weights. */
  readonly sizeBytes: number;
  /** `org/name@commit` where it was downloaded by `concord models get`. */
  readonly source?: string;
}

const maxFolders = 1000;

/** The model folders in `folder`, itself and two levels down, in the order of their names. Folders that cannot be read are left out. */
export async function localModels(folder: string, depth = 2): Promise<LocalModel[]> {
  const own = await localModel(folder);
  if (own) return [own];
  if (depth === 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((e) => e.isDirectory() && !/^\.|^node_modules$|\.partial$/.test(e.name))
    .map((e) => e.name);
  const found: LocalModel[] = [];
  for (const name of names.sort().slice(0, maxFolders))
    found.push(...(await localModels(join(folder, name), depth - 1)));
  return found;
}

async function localModel(folder: string): Promise<LocalModel | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  const weights = names.filter((name) => name.endsWith(".safetensors"));
  if (!names.includes("config.json") || weights.length === 0) return undefined;
  const sizes = await Promise.all(weights.map((name) => stat(join(folder, name)).catch(() => undefined)));
  const source = await readSource(folder);
  return {
    folder,
    architecture: await architectureOf(join(folder, "config.json")),
    sizeBytes: sizes.reduce((sum, about) => sum + (about?.size ?? 0), 0),
    source: source && `${source.repository}@${source.commit.slice(0, 8)}`,
  };
}

async function architectureOf(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > 2 ** 20) return undefined;
    const { model_type: type }: { model_type?: unknown } = JSON.parse(await readFile(path, "utf8"));
    return typeof type === "string" ? type.slice(0, 40) : undefined;
  } catch {
    return undefined;
  }
}
