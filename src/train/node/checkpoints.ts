// A folder of checkpoints: `step-<step>.safetensors`, each whole or absent, the newest few kept. Knows no trainer.
import { createHash } from "node:crypto";
import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError, isConcordError } from "../../base/index.ts";
import {
  type Checkpoint,
  encodeCheckpoint,
  type JsonValue,
  type NamedTensors,
  type ReadCheckpointOptions,
  readCheckpoint,
} from "../../formats/index.ts";
import {
  fileSource,
  ioError,
  makeFolder,
  removeStaleTemporaries,
  syncFolder,
  writeFileAtomically,
} from "../../formats/node/index.ts";

const fileName = (step: number) => `step-${String(step).padStart(12, "0")}.safetensors`;
const namePattern = /^step-(\d{12,16})\.safetensors$/;
const sha256 = () => createHash("sha256");

/** A checkpoint's file. */
export interface CheckpointFile {
  readonly step: number;
  readonly path: string;
}

/** A checkpoint that could not be used, and why. */
export interface SkippedCheckpoint extends CheckpointFile {
  readonly error: ConcordError;
}

/**
 * The checkpoints of a folder by their names, newest (largest step) first; none when there is no such folder.
 * @throws E_IO when the folder cannot be listed
 */
export async function listCheckpoints(folder: string): Promise<CheckpointFile[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw ioError(cause, "list checkpoints", folder);
  });
  return names
    .flatMap((name) => {
      const step = Number(namePattern.exec(name)?.[1] ?? Number.NaN);
      return Number.isSafeInteger(step) && fileName(step) === name ? [{ step, path: join(folder, name) }] : [];
    })
    .sort((a, b) => b.step - a.step);
}

/**
 * Saves a checkpoint: written beside its place, hashed on the way, synced, renamed; then older ones beyond `keep` are
 * removed (never one of a later step), and temporary files of writers that died. Arrays must not change until it settles.
 * @param folder made when it is missing; one trainer at a time
 * @param checkpoint the step, the tensors (written without another copy) and the JSON state
 * @param options `keep`: how many of the newest stay, default 2
 * @returns the file, its size, and the checkpoints removed
 * @throws E_ARGUMENT for a state that JSON cannot keep; E_IO (disk full, read-only …), leaving all older checkpoints
 * @example await saveCheckpoint("run/checkpoints", { step: 100, tensors, state: { epoch: 1 } }, { keep: 3 });
 */
export async function saveCheckpoint(
  folder: string,
  checkpoint: { readonly step: number; readonly tensors: NamedTensors; readonly state: JsonValue },
  { keep = 2 }: { readonly keep?: number } = {},
): Promise<CheckpointFile & { sizeBytes: number; removed: CheckpointFile[] }> {
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new ConcordError("E_ARGUMENT", {
      operation: "save checkpoint",
      problem: "bad option keep",
      expected: "a whole number from 1",
      got: `${keep}`,
    });
  const { step } = checkpoint;
  await makeFolder(folder);
  await removeStaleTemporaries(folder);
  const path = join(folder, fileName(step));
  const sizeBytes = await writeFileAtomically(path, encodeCheckpoint(checkpoint, sha256));
  const removed = (await listCheckpoints(folder)).filter((file) => file.step <= step).slice(keep);
  try {
    for (const file of removed) await unlink(file.path);
    if (removed.length) await syncFolder(folder);
  } catch (cause) {
    throw ioError(cause, "remove old checkpoints", folder);
  }
  return { step, path, sizeBytes, removed };
}

/**
 * Reads and verifies one checkpoint.
 * @param path its file
 * @param options `into`: memory that tensors go to
 * @throws E_IO, E_FORMAT, E_CHECKSUM naming the damaged part, E_VERSION when a newer Concord wrote it
 */
export async function openCheckpoint(path: string, options: ReadCheckpointOptions = {}): Promise<Checkpoint> {
  const source = await fileSource(path);
  try {
    return await readCheckpoint(source, sha256, options);
  } finally {
    await source.close();
  }
}

/**
 * The newest checkpoint that is whole; torn and damaged ones are skipped and named.
 * @param folder where {@link saveCheckpoint} saved
 * @param options `into`: memory that tensors go to
 * @returns no checkpoint when the folder has none; `skipped` newest first
 * @throws E_VERSION when a newer Concord wrote the newest whole one (an older one would lose its steps in silence);
 * E_CHECKSUM when there are checkpoints and none is whole; E_IO when the system refuses (permissions …)
 * @example const { checkpoint, skipped } = await openNewestCheckpoint("run/checkpoints");
 */
export async function openNewestCheckpoint(
  folder: string,
  options: ReadCheckpointOptions = {},
): Promise<{ checkpoint?: Checkpoint & CheckpointFile; skipped: SkippedCheckpoint[] }> {
  const skipped: SkippedCheckpoint[] = [];
  for (const file of await listCheckpoints(folder)) {
    try {
      const checkpoint = await openCheckpoint(file.path, options);
      if (checkpoint.step !== file.step) throw renamed(file, checkpoint.step);
      return { checkpoint: { ...checkpoint, path: file.path }, skipped };
    } catch (error) {
      if (!isConcordError(error) || !isDamage(error)) throw error;
      skipped.push({ ...file, error });
    }
  }
  if (skipped.length) throw noneWhole(folder, skipped);
  return { skipped };
}

// A bad sector (EIO) and a file removed meanwhile (ENOENT) are as good as damage; a refused permission is for the user to mend.
function isDamage(error: ConcordError): boolean {
  if (error.code === "E_IO")
    return ["EIO", "ENOENT"].includes((error.cause as NodeJS.ErrnoException | undefined)?.code ?? "");
  return error.code === "E_FORMAT" || error.code === "E_CHECKSUM" || error.code === "E_DTYPE";
}

function renamed(file: CheckpointFile, step: number): ConcordError {
  return new ConcordError("E_FORMAT", {
    operation: "open checkpoint",
    problem: "the file's name tells another step than its content",
    expected: `${file.step}`,
    got: `${step}`,
    path: file.path,
  });
}

function noneWhole(folder: string, skipped: readonly SkippedCheckpoint[]): ConcordError {
  return new ConcordError("E_CHECKSUM", {
    operation: "open newest checkpoint",
    problem: "none of the folder's checkpoints is whole",
    got: skipped.map(({ step, error }) => `step ${step}: ${error.facts.problem}`).join("; "),
    hint: "remove the folder to start from the beginning",
    path: folder,
    cause: skipped[0]!.error,
  });
}
