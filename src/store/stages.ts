// What a run folder holds of each finished stage: a record under the hash of everything that determined it, written last, so
// that a stage without a record never happened. Knows no stage.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
import { ConcordError, canonicalJson } from "../base/index.ts";
import { ioError, makeFolder, writeFileAtomically } from "../formats/node/index.ts";

/** A stage that finished. */
export interface StageRecord {
  readonly format: "concord-stage";
  readonly version: 1;
  readonly stage: string;
  /** Hash of {@link StageRecord.inputs}. */
  readonly key: string;
  /** Everything that determined the result: settings, seed, keys of the stages before, versions. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Files and folders of the run folder that it made. */
  readonly outputs: readonly string[];
  readonly finished: string;
  readonly seconds: number;
  /** What later stages and reports read. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** Hash of the outputs' contents, where it was taken. */
  readonly content?: string;
  /** Key of the result in the workspace's store, where it is there. */
  readonly shared?: string;
}

/**
 * SHA-256 of a value in its canonical form (RFC 8785): equal settings in another order have one hash.
 * @throws E_ARGUMENT for what JSON cannot hold, such as NaN
 */
export const hashOf = (value: unknown): string =>
  createHash("sha256")
    .update(canonicalJson(withNulls(value)))
    .digest("hex");

/** What is undefined in a list has its place there, as in JSON.stringify. */
function withNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((v) => (v === undefined ? null : withNulls(v)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withNulls(v)]));
}

/** Where a run folder keeps a stage's record. */
export const stageRecordName = (stage: string): string => `.stages/${stage}.json`;
/** Where a run folder keeps what a stage under a key goes on from after an interruption. */
export const checkpointFolder = (stage: string, key: string): string => `.stages/${stage}-${key.slice(0, 16)}`;
const recordPath = (folder: string, stage: string) => join(folder, stageRecordName(stage));
const scratchPath = (folder: string, stage: string) => join(folder, ".stages", `${stage}.partial`);

/**
 * The record of a stage, if it finished and its outputs are still there.
 * @throws E_VERSION for a record of a newer version
 */
export async function finishedStage(folder: string, stage: string): Promise<StageRecord | undefined> {
  const path = recordPath(folder, stage);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw ioError(cause, "read run", path);
  });
  if (text === undefined) return undefined;
  const record = parsed(text);
  if (record?.format !== "concord-stage") return undefined; // not ours, or damaged: the stage runs again
  if (record.version > 1)
    throw new ConcordError("E_VERSION", {
      operation: "read run",
      problem: "the run was made by a newer version",
      expected: "version 1",
      got: `version ${record.version}`,
      path,
    });
  for (const output of record.outputs) if (!(await stat(join(folder, output)).catch(() => undefined))) return undefined;
  return record;
}

/** A folder that an interrupted stage left. */
export interface Leftover {
  readonly stage: string;
  /** In the run folder. */
  readonly path: string;
  /** Checkpoints to go on from, or results that were not finished and never will be. */
  readonly kind: "checkpoints" | "scratch";
}

/** Folders that interrupted stages left in a run folder; none where it has no stages. Links are none. */
export async function leftovers(folder: string): Promise<Leftover[]> {
  const found = await readdir(join(folder, ".stages"), { withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }): Leftover[] => {
      const [, cut, kept] = /^(?:([\w-]+)\.partial|([\w-]+)-[0-9a-f]{16})$/.exec(name) ?? [];
      const path = `.stages/${name}`;
      if (kept !== undefined) return [{ stage: kept, path, kind: "checkpoints" }];
      return cut === undefined ? [] : [{ stage: cut, path, kind: "scratch" }];
    });
}

/** A record that somebody edited must not name files elsewhere. */
export const isInside = (output: string): boolean =>
  !isAbsolute(output) && !/^\.{0,2}([/\\]|$)|(^|[/\\])\.\.([/\\]|$)/.test(normalize(output));

function parsed(text: string): StageRecord | undefined {
  try {
    return JSON.parse(text) as StageRecord;
  } catch {
    return undefined;
  }
}

/**
 * Lets a stage write into an empty scratch folder, moves what it made into place and records it. A crash at any moment leaves
 * either the old record with the old outputs, or no record.
 * @param write makes the outputs (names in the scratch folder) and returns the summary
 * @param digest hash of the contents of outputs that lie in place. Default the record has none
 */
export async function runStage(
  folder: string,
  stage: string,
  inputs: StageRecord["inputs"],
  write: (scratch: string) => Promise<{ outputs: readonly string[]; summary: StageRecord["summary"]; shared?: string }>,
  digest?: (outputs: readonly string[]) => Promise<string>,
): Promise<StageRecord> {
  const scratch = scratchPath(folder, stage);
  await rm(scratch, { recursive: true, force: true });
  await makeFolder(scratch);
  const start = performance.now();
  const { outputs, summary, shared } = await write(scratch);
  const earlier = parsed(await readFile(recordPath(folder, stage), "utf8").catch(() => "{}"))?.outputs ?? [];
  for (const output of earlier) // what is made no more would be taken for the new result's
    if (!outputs.includes(output) && isInside(output)) await rm(join(folder, output), { recursive: true, force: true });
  await rm(recordPath(folder, stage), { force: true });
  for (const output of outputs) {
    const target = join(folder, output);
    await mkdir(join(target, ".."), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(join(scratch, output), target).catch((cause: unknown) => {
      throw ioError(cause, "keep result", target);
    });
  }
  await rm(scratch, { recursive: true, force: true });
  const record: StageRecord = {
    format: "concord-stage",
    version: 1,
    stage,
    key: hashOf(inputs),
    inputs,
    outputs,
    finished: new Date().toISOString(),
    seconds: (performance.now() - start) / 1000,
    summary,
    ...(digest && { content: await digest(outputs) }),
    ...(shared !== undefined && { shared }),
  };
  await writeFileAtomically(recordPath(folder, stage), [
    new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`),
  ]);
  return record;
}

/** Whether a result was made from another stage's that lies there now. */
export const isAfter = (record: StageRecord, before: StageRecord): boolean =>
  keysBefore(record).some(([name, key]) => name === before.stage && key === before.key);

/** Keys of the results that one was made from. */
export function keysBefore({ inputs: { after } }: StageRecord): [stage: string, key: unknown][] {
  return typeof after === "object" && after !== null ? Object.entries(after) : [];
}
