// Runs the stages of a recipe in a folder: each under the hash of what determines it, finished ones are not repeated.
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { arch, platform } from "node:process";
import { isConcordError } from "../base/index.ts";
import { makeFolder } from "../formats/node/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { interrupted, type RunEvent, type Stage, stages, versions, writeRunFiles } from "../stages/index.ts";
import { finishedStage, hashOf, lockFolder, openRunLog, runStage, type StageRecord } from "../store/index.ts";

export interface RunOptions {
  /** Folder that relative paths of the recipe start from. */
  readonly home: string;
  /** The run folder; made if absent. */
  readonly folder: string;
  readonly onEvent?: (event: RunEvent) => void;
  /** Aborting saves what can be saved; running again goes on from there. */
  readonly signal?: AbortSignal;
  /** Of the events' text. Default English. */
  readonly language?: Language;
}

/** What would be done with a stage, and why. */
export interface PlannedStage {
  readonly stage: string;
  readonly does: "run" | "keep";
  readonly why: string;
}

/**
 * Runs a recipe.
 * @returns the record of each stage
 * @throws E_LOCKED when another run works in the folder; E_INTERRUPTED after an abort; what the stages throw
 * @example await runRecipe(readRecipe(text, "recipe.yaml"), { home: ".", folder: "runs/disease" });
 */
export async function runRecipe(
  recipe: Recipe,
  { home, folder, onEvent, signal, language = "en" }: RunOptions,
): Promise<Record<string, StageRecord>> {
  const run = resolve(folder);
  await makeFolder(run);
  const lock = await lockFolder(run);
  let log: ReturnType<typeof openRunLog> | undefined;
  try {
    const write = openRunLog(run);
    log = write;
    const emit = (event: RunEvent) => {
      if (event.kind !== "progress") write({ ...event });
      onEvent?.(event);
    };
    await writeRunFiles(run, recipe, resolve(home));
    const records: Record<string, StageRecord> = {};
    for (const stage of stages.filter((s) => s.wanted(recipe))) {
      const inputs = await inputsOf(stage, recipe, home, records);
      const known = await finishedStage(run, stage.name);
      const why = reason(known, inputs, language);
      if (known && why === undefined) {
        records[stage.name] = known;
        emit({ kind: "stage", stage: stage.name, state: "cached", why: say(language, "run.same") });
        continue;
      }
      if (signal?.aborted) throw interrupted(stage.name, run);
      emit({ kind: "stage", stage: stage.name, state: "started", why: why! });
      const keep = join(run, ".stages", `${stage.name}-${hashOf(inputs).slice(0, 16)}`);
      const record = await runStage(run, stage.name, inputs, (scratch) =>
        stage.work({ recipe, home: resolve(home), run, scratch, keep, before: records, signal, language, emit }),
      );
      await rm(keep, { recursive: true, force: true });
      records[stage.name] = record;
      emit({ kind: "stage", stage: stage.name, state: "finished", why: why!, seconds: record.seconds });
    }
    return records;
  } catch (fault) {
    const { operation = "run", problem } = isConcordError(fault) ? fault.facts : {};
    log?.({ kind: "failed", code: isConcordError(fault) ? fault.code : String(fault), operation, problem });
    throw fault;
  } finally {
    await lock.release();
  }
}

/** What {@link runRecipe} would do; changes nothing. A stage after one that runs is not known to be kept, so it counts as run. */
export async function planRecipe(
  recipe: Recipe,
  { home, folder, language = "en" }: Pick<RunOptions, "home" | "folder" | "language">,
): Promise<PlannedStage[]> {
  const records: Record<string, StageRecord> = {};
  const plan: PlannedStage[] = [];
  for (const stage of stages.filter((s) => s.wanted(recipe))) {
    const changed = stage.after.find((name) => plan.some((p) => p.stage === name && p.does === "run"));
    const known = await finishedStage(resolve(folder), stage.name);
    const why = changed
      ? say(language, "run.after", { stage: changed })
      : reason(known, await inputsOf(stage, recipe, home, records), language);
    if (known && why === undefined) records[stage.name] = known;
    plan.push({ stage: stage.name, does: why === undefined ? "keep" : "run", why: why ?? say(language, "run.same") });
  }
  return plan;
}

async function inputsOf(stage: Stage, recipe: Recipe, home: string, records: Readonly<Record<string, StageRecord>>) {
  return {
    settings: await stage.inputs(recipe, resolve(home)),
    seed: recipe.seed,
    after: Object.fromEntries(stage.after.flatMap((name) => (records[name] ? [[name, records[name].key]] : []))),
    code: stage.version,
    versions: versions(),
    machine: `${platform}-${arch}`,
  };
}

/** Why a stage has to run, or undefined. */
function reason(
  known: StageRecord | undefined,
  inputs: Record<string, unknown>,
  language: Language,
): string | undefined {
  if (!known) return say(language, "run.new");
  if (known.key === hashOf(inputs)) return undefined;
  const changed = changes(known.inputs, inputs);
  return changed.length
    ? say(language, "run.changed", { keys: changed.slice(0, 4).join(", ") })
    : say(language, "run.inputs");
}

/** Names of leaves that differ. */
function changes(a: unknown, b: unknown, at = ""): string[] {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b) ? [] : [at];
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].flatMap((key) =>
    changes(x[key], y[key], at ? `${at}.${key}` : key),
  );
}
