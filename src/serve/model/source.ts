// What is served: a run, a release or a model folder. Finds the folder whose model is opened, its name and its version. Opens no model.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { artifacts, isRunFolder } from "../../artifacts/index.ts";
import { ConcordError } from "../../base/index.ts";
import { passportName } from "../../release/index.ts";
import { finishedStage, folderDigests, isAfter } from "../../store/index.ts";

export type SourceKind = "run" | "release" | "folder";

/** A model to serve, as plain data. */
export interface ModelSource {
  readonly kind: SourceKind;
  /** Run, release or model folder, as it was given. */
  readonly path: string;
  /** The model folder that is opened: `model` or `compressed` of a run or a release, or the path itself. */
  readonly folder: string;
  readonly compressed: boolean;
  /** Name under which it is served. */
  readonly name: string;
  /** As the configuration names it; default its digest. */
  readonly version: string;
  /** 12 hex digits of a digest over the model's files, or over what determined them. */
  readonly digest: string;
  /** Folders of its adapters by name. */
  readonly adapters?: Readonly<Record<string, string>>;
}

export interface SourceOptions {
  /** Name under which it is served. Default the folder's own; of a release its run's. */
  readonly name?: string;
  /** Name of the version. Default its digest. */
  readonly version?: string;
  /** Serves `model` even where the run or release has a compressed one. Default false. */
  readonly uncompressed?: boolean;
}

const compressedFolder = "compressed";
/** What names of models and adapters consist of. */
export const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/**
 * The model folder that a path is served from: `compressed` of a run or a release where there is one, else its `model`.
 * @example servedFolder("runs/disease") // "runs/disease/compressed" after concord compress, "runs/disease/model" before
 */
export function servedFolder(path: string, { uncompressed = false }: Pick<SourceOptions, "uncompressed"> = {}): string {
  const kind = kindOf(path);
  if (kind === "folder") return path;
  const compressed = join(path, compressedFolder);
  return !uncompressed && existsSync(join(compressed, "config.json")) ? compressed : join(path, artifacts.model.path);
}

function kindOf(path: string): SourceKind {
  if (isRunFolder(path)) return "run";
  return existsSync(join(path, passportName)) ? "release" : "folder";
}

/**
 * Looks at a path that is to be served.
 * @throws E_IO where there is nothing; E_MODEL where no model is in it, and for a compressed model of an earlier one; E_ARGUMENT for a name that addresses cannot hold
 * @example const { kind, folder, version } = await readSource("runs/disease/release");
 */
export async function readSource(path: string, options: SourceOptions = {}): Promise<ModelSource> {
  const kind = kindOf(path);
  const folder = servedFolder(path, options);
  const compressed = kind !== "folder" && folder === join(path, compressedFolder);
  if (!existsSync(join(folder, "config.json")))
    throw new ConcordError(existsSync(path) ? "E_MODEL" : "E_IO", {
      operation: "serve",
      problem: existsSync(path) ? "no model is in this folder" : "there is no such folder",
      expected: "a finished run, a release or a model folder with config.json",
      hint: kind === "run" ? `concord resume ${path}` : undefined,
      path,
    });
  if (kind === "run" && compressed) await checkCurrent(path);
  const name = options.name ?? ownName(path, kind);
  const odd = [name, options.version].find((given) => given !== undefined && !namePattern.test(given));
  if (odd !== undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "serve",
      problem: "the model's name cannot stand in an address",
      expected: "1 to 64 letters, digits, dots, - or _",
      got: odd,
      hint: `name it: concord serve NAME=${path}`,
      path,
    });
  const digest = await digestOf(kind, path, folder, compressed);
  return { kind, path, folder, compressed, name, version: options.version ?? digest, digest };
}

/** @throws E_MODEL for a compressed model of a run that was adapted again since */
async function checkCurrent(run: string): Promise<void> {
  const [adapted, made] = await Promise.all([finishedStage(run, "adapt"), finishedStage(run, "compress")]);
  if (!adapted || !made || isAfter(made, adapted)) return;
  throw new ConcordError("E_MODEL", {
    operation: "serve",
    problem: "the compressed model was made from an earlier model of the run",
    expected: "a compressed model of the model that is there",
    hint: `concord compress ${run}; or serve the model before compression: --uncompressed`,
    path: run,
  });
}

/** The folder's name; of a release, which is mostly called `release`, that of the folder around it. */
function ownName(path: string, kind: SourceKind): string {
  const own = basename(resolve(path));
  const around = basename(dirname(resolve(path)));
  return kind === "release" && own === "release" && around !== "" ? around : own;
}

/** Of a run what determined its model, so that large weights are not read twice; else the files themselves. */
async function digestOf(kind: SourceKind, path: string, folder: string, compressed: boolean): Promise<string> {
  const adapted = kind === "run" && !compressed ? await finishedStage(path, "adapt") : undefined;
  if (adapted) return adapted.key.slice(0, 12);
  const hash = createHash("sha256");
  const steps = join(folder, compressionName);
  if (compressed && existsSync(steps))
    return hash
      .update(await readFile(steps))
      .digest("hex")
      .slice(0, 12);
  for (const { name, digest } of await folderDigests(folder)) hash.update(`${name} ${digest}\n`);
  return hash.digest("hex").slice(0, 12);
}

/** What compression did, in the compressed folder. */
const compressionName = "compression.json";
