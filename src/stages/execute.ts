// The one scheduler: stages in their order, each under the hash of what determines it; finished ones are not repeated. Knows no stage.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { arch, platform } from "node:process";
import { type AnyArtifact, type ArtifactReader, artifactsIn, type StageRecords } from "../artifacts/index.ts";
import { unknownName } from "../base/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { ChargeLog } from "../privacy/index.ts";
import type { Recipe } from "../recipe/index.ts";
import {
  checkpointFolder,
  contentOf,
  findShared,
  finishedStage,
  hashOf,
  keysBefore,
  outputDigests,
  runStage,
  type StageRecord,
} from "../store/index.ts";
import { asRecord, given, sharedKey, taken } from "./sharing.ts";
import { interrupted, type RunEvent, type Stage, type StageContext } from "./stage.ts";
import { versions } from "./versions.ts";

/** Where stages work, and which of them. */
export interface Execution {
  readonly recipe: Recipe;
  /** Folder that relative paths of the recipe start from. */
  readonly home: string;
  /** The run folder. */
  readonly run: string;
  /** Of texts in events. Default English. */
  readonly language?: Language;
  /** Name of the last stage that is executed. Default all. */
  readonly until?: string;
  /** Names of the stages that are executed; of others, the results that lie there count. Default all. */
  readonly only?: readonly string[];
  /** Folder of the results that runs of a workspace share. Default none are shared. */
  readonly store?: string;
}

export interface ExecuteOptions extends Execution {
  /** Executes stages that have not changed as well. Default false. */
  readonly again?: boolean;
  /** Aborting saves what can be saved; executing again goes on from there. */
  readonly signal?: AbortSignal;
  readonly emit?: (event: RunEvent) => void;
  /** Where charges of private training are signed into before their steps run. Default nowhere. */
  readonly chargeLog?: ChargeLog;
}

/** What would be done with a stage, and why. */
export interface PlannedStage {
  readonly stage: string;
  readonly does: "run" | "keep";
  readonly why: string;
}

/**
 * Executes the stages that a recipe asks for, in their order. The caller holds the folder's lock.
 * @param stages in the order in which they depend on each other
 * @returns records of all stages whose results stand in the folder now
 * @throws E_INTERRUPTED after an abort; what the stages throw
 * @example await execute(stages, { recipe, home: ".", run: "runs/disease", until: "prepare" });
 */
export async function execute(
  stages: readonly Stage[],
  { again = false, store, signal, chargeLog, emit = () => {}, ...execution }: ExecuteOptions,
): Promise<StageRecords> {
  const { recipe, home, run, language = "en" } = execution;
  const records: Record<string, StageRecord> = {};
  const unshared = (stage: string, problem: string) =>
    emit({ kind: "warning", stage, text: say(language, "run.unshared", { problem }) });
  for (const { stage, chosen } of considered(stages, execution)) {
    const { name } = stage;
    const known = await finishedStage(run, name);
    if (!chosen) {
      if (known && staleOf(known, records) === undefined) records[name] = known;
      continue;
    }
    const inputs = await inputsOf(stages, stage, recipe, home, records);
    const changed = reason(known, inputs, language);
    if (known && changed === undefined && !again) {
      records[name] = known;
      emit({ kind: "stage", stage: name, state: "cached", why: say(language, "run.same") });
      continue;
    }
    const shared = again ? undefined : await sharedKey(stage, recipe, inputs, records, store);
    const found = await taken(run, name, inputs, store, shared);
    if (found) {
      records[name] = found;
      emit({ kind: "stage", stage: name, state: "cached", why: say(language, "run.shared") });
      continue;
    }
    const why = changed ?? say(language, "run.again");
    if (signal?.aborted) throw interrupted(name, run);
    emit({ kind: "stage", stage: name, state: "started", why });
    const keep = join(run, checkpointFolder(name, hashOf(inputs)));
    const before = { ...records };
    const record = await runStage(
      run,
      name,
      inputs,
      async (scratch) => ({
        ...(await worked(stage, { recipe, home, run, scratch, keep, before, signal, language, chargeLog, emit })),
        shared,
      }),
      shared === undefined ? undefined : async (outputs) => contentOf(await outputDigests(run, outputs)),
    );
    await rm(keep, { recursive: true, force: true });
    records[name] = record;
    if (store !== undefined) await given(store, run, record, (problem) => unshared(name, problem));
    emit({ kind: "stage", stage: name, state: "finished", why, seconds: record.seconds });
  }
  return records;
}

/** What {@link execute} would do; changes nothing. A stage after one that runs is not known to be kept, so it counts as run. */
export async function plan(stages: readonly Stage[], execution: Execution): Promise<PlannedStage[]> {
  const { recipe, home, run, store, language = "en" } = execution;
  const records: Record<string, StageRecord> = {};
  const planned: PlannedStage[] = [];
  for (const { stage, chosen } of considered(stages, execution)) {
    const { name } = stage;
    const known = await finishedStage(run, name);
    const changedBefore = afterOf(stages, stage).find((one) =>
      planned.some((p) => p.stage === one && p.does === "run"),
    );
    if (changedBefore !== undefined) {
      if (chosen) planned.push({ stage: name, does: "run", why: say(language, "run.after", { stage: changedBefore }) });
      continue;
    }
    if (!chosen) {
      if (known) records[name] = known;
      continue;
    }
    const inputs = await inputsOf(stages, stage, recipe, home, records);
    const why = reason(known, inputs, language);
    if (known && why === undefined) {
      records[name] = known;
      planned.push({ stage: name, does: "keep", why: say(language, "run.same") });
      continue;
    }
    const shared = await sharedKey(stage, recipe, inputs, records, store);
    const found = store !== undefined && shared !== undefined ? await findShared(store, shared) : undefined;
    if (found) records[name] = asRecord(found, inputs);
    const what = found
      ? ({ does: "keep", why: say(language, "run.shared") } as const)
      : { does: "run" as const, why: why! };
    planned.push({ stage: name, ...what });
  }
  return planned;
}

/**
 * Folders of a stage's checkpoints that {@link execute} would go on from, by the stage's name: one, none, or undefined where nobody can tell
 * before the stages before it have run.
 * @throws what reading the recipe's files throws
 */
export async function resumableFolders(
  stages: readonly Stage[],
  { recipe, home, run }: Pick<Execution, "recipe" | "home" | "run">,
): Promise<Map<string, readonly string[] | undefined>> {
  const records: Record<string, StageRecord> = {};
  const found = new Map<string, readonly string[] | undefined>();
  const moving = new Set<string>();
  for (const stage of stages) {
    const { name } = stage;
    if (!stage.supports(recipe)) {
      found.set(name, stage.onDemand ? undefined : []); // asked for with settings that are not the recipe's
      continue;
    }
    if (afterOf(stages, stage).some((one) => moving.has(one))) {
      found.set(name, undefined);
      moving.add(name);
      continue;
    }
    const key = hashOf(await inputsOf(stages, stage, recipe, home, records));
    const known = await finishedStage(run, name);
    const finished = known?.key === key;
    if (finished) records[name] = known;
    else moving.add(name);
    found.set(name, finished ? [] : [checkpointFolder(name, key)]);
  }
  return found;
}

/** Names of the stages that make what a stage reads. */
export function afterOf(stages: readonly Stage[], { name, reads }: Stage): string[] {
  const read = new Set(reads.map((artifact) => artifact.name));
  const makers = stages.filter(({ makes, facts }) => [...makes, facts].some((artifact) => read.has(artifact.name)));
  return makers.map((stage) => stage.name).filter((other) => other !== name);
}

/** Lets a stage work; what it wrote are its outputs. */
async function worked(stage: Stage, given: Omit<StageContext, keyof ArtifactReader | "write">) {
  const outputs = new Set<string>();
  const { read, find } = artifactsIn(given.run, given.before);
  const declared = ({ name }: AnyArtifact, among: readonly AnyArtifact[]) => {
    if (!among.some((artifact) => artifact.name === name)) throw new Error(`${stage.name} does not declare ${name}`);
  };
  const facts = await stage.work({
    ...given,
    read: async (artifact) => {
      declared(artifact, stage.reads);
      return await read(artifact);
    },
    find: async (artifact) => {
      declared(artifact, stage.reads);
      return await find(artifact);
    },
    write: async (artifact, value) => {
      declared(artifact, stage.makes);
      await artifact.write(given.scratch, value);
      outputs.add(artifact.output);
    },
  });
  return { outputs: [...outputs], summary: { ...facts } };
}

/** Stages that the recipe asks for, up to the last, and whether each is executed; of others, those that were made on demand. */
function considered(stages: readonly Stage[], { recipe, until, only }: Execution): { stage: Stage; chosen: boolean }[] {
  const names = stages.map(({ name }) => name);
  const strange = [...(only ?? []), until ?? names[0]!].find((name) => !names.includes(name));
  if (strange !== undefined)
    throw unknownName("E_ARGUMENT", { operation: "run", problem: "there is no such stage" }, strange, names);
  const end = until === undefined ? stages.length : names.indexOf(until) + 1;
  return stages.slice(0, end).flatMap((stage) => {
    const wanted = stage.supports(recipe);
    const chosen = wanted && (only === undefined || only.includes(stage.name));
    return wanted || (only && stage.onDemand) ? [{ stage, chosen }] : [];
  });
}

/** The stage before of which a result belongs to an earlier one; undefined where it was made from what stands. */
export const staleOf = (record: StageRecord, records: StageRecords): string | undefined =>
  keysBefore(record).find(([name, key]) => records[name] !== undefined && records[name].key !== key)?.[0];

/** Everything that determines a stage's result. */
async function inputsOf(stages: readonly Stage[], stage: Stage, recipe: Recipe, home: string, records: StageRecords) {
  return {
    settings: await stage.settings(recipe, home),
    seed: recipe.seed,
    after: Object.fromEntries(
      afterOf(stages, stage).flatMap((name) => (records[name] ? [[name, records[name].key]] : [])),
    ),
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
  if (!isObject(a) || !isObject(b)) return Object.is(a, b) ? [] : [at];
  const [x, y] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return [...new Set([...x.keys(), ...y.keys()])].flatMap((key) =>
    changes(x.get(key), y.get(key), at ? `${at}.${key}` : key),
  );
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
