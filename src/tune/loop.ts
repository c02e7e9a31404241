// Trials one after the other, or several at once, until the budget of a study is spent. Several processes may do so for one study.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ConcordError } from "../base/index.ts";
import { bestOf, suggest } from "../search/index.ts";
import { admit } from "./admission.ts";
import { idleMs, leaseMs } from "./leases.ts";
import { prunerOf, samplerOf } from "./methods.ts";
import { trialName } from "./places.ts";
import { runTrial } from "./run-trial.ts";
import type { StudyStore, StudyTrial } from "./study-store.ts";
import { type TrialContext, trialOf } from "./trial.ts";
import { runTrialInProcess } from "./trial-process.ts";

/** What a loop works with. */
export type SearchContext = Omit<TrialContext, "run" | "admission" | "pruner">;

/** Runs trials until the budget is spent or the signal aborts. @throws what stops a study */
export async function searched(context: SearchContext): Promise<void> {
  const { recipe, search, space, store, signal } = context;
  const admission = admit();
  const broken = new AbortController();
  const trialContext: TrialContext = {
    ...context,
    signal: AbortSignal.any([signal, broken.signal]),
    admission,
    pruner: prunerOf(search, recipe.adapt.epochs),
    run: search.parallel > 1 ? runTrialInProcess : runTrial,
  };
  const sampler = samplerOf(search);
  const inTime = await timer(store, search.minutes);
  const worker = async (id: number): Promise<void> => {
    for (;;) {
      if (!(await admission.enter(trialContext.signal))) return;
      try {
        if (!(await inTime())) return;
        const claim = await store.claim({
          worker: `${process.pid}-${id}`,
          leaseMs,
          most: search.trials,
          suggest: (history) => suggest({ space, sampler, seed: recipe.seed, first: search.first }, history),
        });
        if (!claim) {
          if ((await store.alive()) === 0) return;
          await setTimeout(idleMs); // one that runs may be left behind
          continue;
        }
        await trialOf(claim, trialContext);
        await tidied(context);
      } finally {
        admission.leave();
      }
    }
  };
  const workers = Array.from({ length: search.parallel }, (_, id) =>
    worker(id).catch((fault: unknown) => {
      broken.abort();
      throw fault;
    }),
  );
  const ended = await Promise.allSettled(workers);
  await inTime();
  while (!trialContext.signal.aborted && (await store.alive()) > 0) await setTimeout(idleMs); // of other machines
  const fault = ended.find((end) => end.status === "rejected");
  if (fault && !signal.aborted) throw fault.reason;
}

/** Says whether the time of a study is left, and keeps what it has taken. */
async function timer(store: StudyStore, minutes: number | undefined): Promise<() => Promise<boolean>> {
  let mark = performance.now();
  return async () => {
    const now = performance.now();
    const spent = await store.spend(now - mark);
    mark = now;
    return minutes === undefined || spent < minutes * 60_000;
  };
}

/** Removes the folders of trials that ended and are not the best: their numbers are in the database. @throws E_DATA when the first three failed */
async function tidied({ store, study, search }: Pick<TrialContext, "store" | "study" | "search">): Promise<void> {
  const trials = await store.trials();
  const ended = trials.filter(({ state }) => state !== "running");
  if (ended.length >= 3 && ended.every(({ state }) => state === "failed")) throw nothingFinished(trials, study);
  const best = bestOf(trials);
  for (const { number } of ended)
    if (number !== best?.number)
      for (let seed = 0; seed < search.seeds; seed++)
        await rm(join(study, trialName(number, seed)), { recursive: true, force: true });
}

/** Of a study that has nothing to choose from. */
export function nothingFinished(trials: readonly StudyTrial[], study: string): ConcordError {
  const last = trials.findLast(({ problem }) => problem !== undefined);
  return new ConcordError("E_DATA", {
    operation: "search",
    problem: trials.length === 0 ? "no trial was run" : "no trial finished",
    got: last?.problem,
    hint:
      trials.length === 0
        ? "allow more trials or more time"
        : "narrow the ranges of the space, or run the recipe by itself",
    path: study,
  });
}
