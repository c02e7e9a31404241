// The cache of the Hugging Face tools on this machine, read only: models--org--name/{refs,blobs,snapshots}.
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { maxBytesOf } from "./allowed-files.ts";
import type { ModelName } from "./model-name.ts";
import { checksumOf, type HubFile } from "./repository.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A model in the cache at one commit. */
export interface CachedModel {
  readonly repository: string;
  readonly commit: string;
  /** Files that are downloaded from hubs too, with their place on this machine. */
  readonly files: readonly (HubFile & { readonly path: string })[];
}

/** Folder of the cache: `HF_HUB_CACHE`, else `HF_HOME/hub`, else `~/.cache/huggingface/hub`. */
export const cacheFolder = (env: Environment): string =>
  env.HF_HUB_CACHE ||
  join(env.HF_HOME || join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "huggingface"), "hub");

/** The model in the cache, or undefined. A file's checksum is the name of the blob that it links to. */
export async function cachedModel(
  folder: string,
  { repository, revision }: Pick<ModelName, "repository" | "revision">,
): Promise<CachedModel | undefined> {
  const home = join(folder, `models--${repository.replace("/", "--")}`);
  const reference = await readFile(join(home, "refs", ...revision.split("/")), "utf8").catch(() => revision);
  const commit = reference.trim();
  if (!/^[0-9a-f]{40}$/.test(commit)) return undefined;
  const snapshot = join(home, "snapshots", commit);
  const names = (await readdir(snapshot, { recursive: true }).catch((): string[] => [])).map((name) =>
    name.replaceAll("\\", "/"),
  );
  const files = await Promise.all(
    names.filter((name) => maxBytesOf(name) !== undefined).map((name) => fileOf(join(snapshot, name), name)),
  );
  const found = files.filter((file) => file !== undefined);
  return found.length > 0 ? { repository, commit, files: found } : undefined;
}

async function fileOf(path: string, name: string): Promise<CachedModel["files"][number] | undefined> {
  const about = await stat(path).catch(() => undefined); // a link may lead nowhere
  if (!about?.isFile() || about.size > maxBytesOf(name)!) return undefined;
  return { name, path, sizeBytes: about.size, checksum: checksumOf(basename(await realpath(path))) };
}

/** Models of the cache, in the order of their names. */
export async function cachedModels(folder: string): Promise<CachedModel[]> {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => name.startsWith("models--")).sort();
  const models = await Promise.all(
    names.map((name) => cachedModel(folder, { repository: name.split("--").slice(1).join("/"), revision: "main" })),
  );
  return models.filter((model) => model !== undefined);
}
