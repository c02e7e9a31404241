// Workers of a study as jobs of a cluster: so many are kept running until no trial is left. The truth is in the database; a job that dies, or a
// cluster that forgets its jobs, loses nothing but time. Runs no trial itself.
import { setTimeout } from "node:timers/promises";
import { ConcordError, isConcordError } from "../base/index.ts";
import { bestOf } from "../search/index.ts";
import type { Jobs } from "./jobs.ts";
import { valuesOf } from "./measure-trial.ts";
import type { StudyTrial } from "./study-store.ts";
import type { TrialContext } from "./trial.ts";

export interface Placement {
  readonly jobs: Jobs;
  /** Jobs at the same time. */
  readonly workers: number;
  /** Words of one: `concord tune … --worker` with the same recipe and database. */
  readonly command: readonly string[];
  /** Time between two looks, in milliseconds. Default 1000. */
  readonly everyMs?: number;
  /** Jobs that may end badly before the study stops, counted from the last trial that ended. Default 20. */
  readonly mostFailures?: number;
  /** How long the cluster may be away before the study stops, in milliseconds. Default ten minutes. */
  readonly mostAwayMs?: number;
}

type PlacedContext = Pick<TrialContext, "recipe" | "search" | "signal" | "store" | "emit">;

/**
 * Keeps workers running until all trials have ended or no worker finds one.
 * @throws E_SERVER when jobs fail again and again, or the cluster stays away; E_ARGUMENT for jobs that it will never take
 */
export async function placed(context: PlacedContext, { jobs, workers, command, ...limits }: Placement): Promise<void> {
  const { recipe, search, signal, store } = context;
  const { everyMs = 1000, mostFailures = 20, mostAwayMs = 600_000 } = limits;
  const ask = whileAway(mostAwayMs);
  const slots: (string | undefined)[] = Array.from({ length: workers }, () => undefined);
  const [told, finished] = [new Set<number>(), new Set<string>()];
  const submit = () => jobs.submit(command, recipe.adapt.threads);
  let [failures, isOver] = [0, false];
  try {
    while (!isOver && !signal.aborted) {
      const before = told.size;
      tellEnded(context, await store.trials(), told);
      if (told.size > before) failures = 0;
      isOver = told.size >= search.trials || finished.size === workers;
      if (isOver) return;
      for (const [slot, id] of slots.entries()) {
        if (id !== undefined && finished.has(id)) continue;
        const state = id === undefined ? "none" : await ask(() => jobs.state(id));
        if (state === "SUCCEEDED") finished.add(id!); // it found no trial, and nobody worked on one
        if (state === "SUCCEEDED" || state === "away" || state === "PENDING" || state === "RUNNING") continue;
        if (state !== "none" && ++failures > mostFailures) throw await failing(jobs, id!);
        const next = await ask(submit);
        slots[slot] = next === "away" ? undefined : next;
      }
      await setTimeout(everyMs);
    }
  } finally {
    // workers of a study that is over end by themselves
    for (const id of slots) if (id !== undefined && !isOver) await jobs.stop(id).catch(() => undefined);
  }
}

/** Asks a cluster; `away` while it has no answer, as when its head restarts. @throws E_SERVER when it stays away; what is no E_SERVER */
function whileAway(mostMs: number): <T>(ask: () => Promise<T>) => Promise<T | "away"> {
  let since: number | undefined;
  return async (ask) => {
    try {
      const answer = await ask();
      since = undefined;
      return answer;
    } catch (fault) {
      since ??= performance.now();
      if (!isConcordError(fault, "E_SERVER") || performance.now() - since > mostMs) throw fault;
      return "away";
    }
  };
}

async function failing(jobs: Jobs, id: string): Promise<ConcordError> {
  const logs = await jobs.logs(id).catch(() => "");
  return new ConcordError("E_SERVER", {
    operation: jobs.cluster,
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
