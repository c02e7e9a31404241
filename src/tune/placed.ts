// Workers of a study as jobs of a cluster: so many are kept running until no trial is left. The truth is in the database; a job that dies, or a
// cluster that forgets its jobs, loses nothing but time. Runs no trial itself.
import { setTimeout } from "node:timers/promises";
import { ConcordError, isConcordError } from "../base/index.ts";
import { bestOf } from "../search/index.ts";
import { valuesOf } from "./measure-trial.ts";
import type { RayJobs } from "./ray-jobs.ts";
import type { StudyTrial } from "./study-store.ts";
import type { TrialContext } from "./trial.ts";

export interface Placement {
  readonly jobs: RayJobs;
  /** Jobs at the same time. */
  readonly workers: number;
  /** Shell command of one: `concord tune … --worker` with the same recipe and database. */
  readonly entrypoint: string;
  /** Time between two looks, in milliseconds. Default 1000. */
  readonly everyMs?: number;
  /** Jobs that may end badly before the study stops. Default 20. */
  readonly mostFailures?: number;
}

type PlacedContext = Pick<TrialContext, "recipe" | "search" | "signal" | "store" | "emit">;

/** Keeps workers running until all trials have ended or no worker finds one. @throws E_SERVER when jobs fail again and again */
export async function placed(
  context: PlacedContext,
  { jobs, workers, entrypoint, everyMs = 1000, mostFailures = 20 }: Placement,
): Promise<void> {
  const { recipe, search, signal, store } = context;
  const slots: (string | undefined)[] = Array.from({ length: workers }, () => undefined);
  const told = new Set<number>();
  const submit = () => jobs.submit(entrypoint, recipe.adapt.threads);
  let failures = 0;
  try {
    while (!signal.aborted) {
      const trials = await store.trials();
      tellEnded(context, trials, told);
      if (told.size >= search.trials) return;
      let isIdle = true;
      for (const [slot, id] of slots.entries()) {
        const state = id === undefined ? "none" : await whileAway(() => jobs.state(id));
        if (state === "SUCCEEDED") continue; // it found no trial, and nobody worked on one
        isIdle = false;
        if (state === "away" || state === "PENDING" || state === "RUNNING") continue;
        if (state !== "none" && ++failures > mostFailures) throw await failing(jobs, id!);
        const next = await whileAway(submit);
        slots[slot] = next === "away" ? undefined : next;
      }
      if (isIdle) return;
      await setTimeout(everyMs);
    }
  } finally {
    for (const id of slots) if (id !== undefined && signal.aborted) await jobs.stop(id).catch(() => undefined);
  }
}

/** The answer of a cluster; `away` while it has none: its head restarts. */
async function whileAway<T>(ask: () => Promise<T>): Promise<T | "away"> {
  try {
    return await ask();
  } catch (fault) {
    if (isConcordError(fault, "E_SERVER")) return "away";
    throw fault;
  }
}

async function failing(jobs: RayJobs, id: string): Promise<ConcordError> {
  const logs = await jobs.logs(id).catch(() => "");
  return new ConcordError("E_SERVER", {
    operation: "Ray",
    problem: "jobs of the study fail again and again",
    got: logs.trim().split("\n").at(-1)?.slice(0, 200),
    hint: "the recipe, its table and Concord must lie at the same paths on every node",
    path: id,
  });
}

/** Events of trials that ended on other machines. */
function tellEnded({ recipe, search, emit }: PlacedContext, trials: readonly StudyTrial[], told: Set<number>): void {
  const done = trials.filter(({ state }) => state !== "running").length;
  for (const { number, state, point, costs, problem, ms = 0 } of trials) {
    if (state === "running" || told.has(number)) continue;
    told.add(number);
    emit({
      kind: "trial",
      number,
      state,
      settings: point,
      seconds: ms / 1000,
      ...(costs && { values: valuesOf(recipe, search.objectives, costs) }),
      ...(problem !== undefined && { problem }),
      done,
      of: search.trials,
      best: bestOf(trials)?.number,
    });
  }
}
