// Files that stages read and write: fingerprints, JSON, lines of JSON.
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { ConcordError } from "../base/index.ts";
import { fileDigest as fingerprint, ioError, writeFileAtomically } from "../formats/node/index.ts";
import type { Recipe } from "../recipe/index.ts";

/** SHA-256 of a file's content. */
export { fingerprint };

/** A recipe's path, from the recipe's folder. */
export const from = (home: string, path: string): string => (isAbsolute(path) ? path : join(home, path));

/** Folder that places and paths in prepared rows start from: that of the recipe's table, or the table itself where it is a folder. */
export function rowsFolder({ data }: Pick<Recipe, "data">, home: string): string {
  const path = resolve(from(home, data.file));
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
}

/** SHA-256 of a text. */
export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A path as one types it in a shell. */
const quoted = (path: string): string => (/[^\w./-]/.test(path) ? JSON.stringify(path) : path);

const modelFile =
  /^((config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json|vocab\.txt|merges\.txt|.*\.jinja|model.*\.safetensors)$/;

/**
 * Fingerprints of what makes a model folder: config, weights in one file or in shards, tokenizer.
 * @param name as the user wrote it. Default the folder's own
 * @throws E_IO, E_MODEL
 */
export async function modelFingerprint(folder: string, name?: string): Promise<Record<string, string>> {
  const names = await checkModelFolder(folder, name);
  const parts = names.filter((name) => modelFile.test(name));
  return await fingerprints(folder, parts.sort());
}

/**
 * Files of a model folder.
 * @param name as the user wrote it: a name of a hub is told apart by it. Default the folder's own
 * @throws E_IO where there is no such folder, with the line that downloads a model of this name; E_MODEL where its files are none of a model
 */
export async function checkModelFolder(folder: string, name: string = basename(folder)): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    const { facts, code } = ioError(cause, "read model folder", folder);
    const [, first, second] = /^([\w][\w.-]*)(?:\/([\w][\w.-]*))?$/.exec(name) ?? [];
    const hubName = second === undefined ? first : first === "models" ? second : `hf:${name}`;
    throw new ConcordError(code, {
      ...facts,
      hint: hubName
        ? `to download a public model of this name: concord models get ${hubName} --to ${quoted(relative("", folder))}`
        : facts.hint,
    });
  });
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (has(/^config\.json$/) && has(/\.safetensors$/)) return names;
  throw new ConcordError("E_MODEL", {
    operation: "read model folder",
    problem: has(/^config\.json$/) ? "the folder holds no weights that are read" : "the folder holds no model",
    expected: "config.json, model.safetensors and tokenizer.json",
    got: names.slice(0, 8).join(", ") || "nothing",
    hint: has(/\.(bin|h5|ckpt|pt|msgpack)$/)
      ? "write the weights as safetensors: in Python, AutoModel.from_pretrained(folder).save_pretrained(folder)"
      : "name the folder that holds these files",
    path: folder,
  });
}

export const writeJson = (path: string, value: unknown): Promise<number> =>
  writeFileAtomically(path, [new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)]);

export const writeJsonLines = (path: string, rows: readonly unknown[]): Promise<number> =>
  writeFileAtomically(path, linesOf(rows), 0o600);

function* linesOf(rows: readonly unknown[]): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let start = 0; start < rows.length; start += 1000)
    yield encoder.encode(
      rows
        .slice(start, start + 1000)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(""),
    );
}

/** Rows that {@link writeJsonLines} wrote. @throws E_IO */
export async function readJsonLines<T>(path: string): Promise<T[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read", path);
  });
  return text.split("\n").flatMap((line) => (line ? [JSON.parse(line) as T] : []));
}

/** A JSON file of a run. @throws E_IO, E_FORMAT */
export async function readJson<T>(path: string): Promise<T> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read", path);
  });
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ConcordError("E_FORMAT", { operation: "read", problem: "not JSON", path });
  }
}

/** SHA-256 of files of a folder, by name. @throws E_IO */
export const fingerprints = async (folder: string, names: readonly string[]): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await fingerprint(join(folder, name))] as const)),
  );

/** What training says of its guarantee, in a run folder. */
export const statementFile = "privacy.json";
