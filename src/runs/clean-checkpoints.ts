// Checkpoints that no run goes on from any more: of a folder that is no run now, of a stage that has finished since or whose settings have
// changed. What nobody can judge stays.

import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isRunFolder, openRunFolder } from "../artifacts/index.ts";
import { isConcordError } from "../base/index.ts";
import { type FolderLock, isLocked, lockFolder } from "../formats/node/index.ts";
import { stages } from "../pipeline/index.ts";
import { ledgerPath, resumableFolders } from "../stages/index.ts";
import { type Leftover, leftovers } from "../store/index.ts";
import { folderBytes } from "./folder-size.ts";

/** What {@link cleanCheckpoints} found. */
export interface AbandonedCheckpoints {
  /** Name of the run's folder. */
  readonly run: string;
  readonly stage: string;
  /** In the run folder. */
  readonly path: string;
  /** no-run: the folder has no run.json. superseded: the stage has finished, or has other settings now. unfinished: cut short while it wrote. */
  readonly why: "no-run" | "superseded" | "unfinished";
  readonly bytes: number;
}

/**
 * Removes abandoned checkpoints of the runs in a folder. Left alone: runs that a process works in; private runs, whose checkpoints witness
 * what was spent; checkpoints of which nobody can tell (the recipe or its files cannot be read, an earlier stage has to run first).
 * @param workspace folder of run folders
 * @param dryRun only tells
 * @throws E_IO
 * @example for (const { run, bytes } of await cleanCheckpoints("runs", { dryRun: true })) console.log(run, bytes);
 */
export async function cleanCheckpoints(workspace: string, { dryRun = false } = {}): Promise<AbandonedCheckpoints[]> {
  const found: AbandonedCheckpoints[] = [];
  for (const name of (await readdir(workspace)).sort()) {
    const run = join(workspace, name);
    if ((await leftovers(run)).length === 0 || (await isLocked(run))) continue;
    const lock = dryRun ? undefined : await lockUnlessWorking(run);
    if (!dryRun && !lock) continue; // a run began just now
    try {
      for (const { stage, path, why } of await abandonedIn(run)) {
        found.push({ run: name, stage, path, why, bytes: await folderBytes(join(run, path)) });
        if (!dryRun) await rm(join(run, path), { recursive: true, force: true });
      }
    } finally {
      await lock?.release();
    }
  }
  return found;
}

const lockUnlessWorking = (run: string): Promise<FolderLock | undefined> =>
  lockFolder(run).catch((fault: unknown) => {
    if (isConcordError(fault) && fault.code === "E_LOCKED") return undefined;
    throw fault;
  });

type Abandoned = Leftover & Pick<AbandonedCheckpoints, "why">;

async function abandonedIn(run: string): Promise<Abandoned[]> {
  if (existsSync(ledgerPath(run))) return [];
  const left = await leftovers(run);
  if (!isRunFolder(run)) return left.map((one) => ({ ...one, why: "no-run" }));
  const resumable = await openRunFolder(run)
    .then(({ recipe, home }) => resumableFolders(stages, { recipe, home, run }))
    .catch((fault: unknown) => {
      if (isConcordError(fault)) return undefined;
      throw fault;
    });
  return left.flatMap((one): Abandoned[] => {
    if (one.kind === "scratch") return [{ ...one, why: "unfinished" }];
    const goesOn = resumable?.get(one.stage);
    return goesOn === undefined || goesOn.includes(one.path) ? [] : [{ ...one, why: "superseded" }];
  });
}
