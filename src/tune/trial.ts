// One trial from its claim to its count: runs it where it is placed, keeps its lease and its curve, stops it when the pruner says so.
import { join } from "node:path";
import { type ConcordError, isConcordError } from "../base/index.ts";
import type { Language } from "../messages/index.ts";
import type { Recipe, SearchSection } from "../recipe/index.ts";
import { bestOf, type Pruner, type Space } from "../search/index.ts";
import type { Admission } from "./admission.ts";
import type { TuneEvent } from "./events.ts";
import { leaseMs, renewMs } from "./leases.ts";
import { costsOf, signOf, valuesOf } from "./measure-trial.ts";
import { storeOf, trialName } from "./places.ts";
import type { RunTrial, TrialEvent, TrialWork } from "./run-trial.ts";
import type { Claim, Ending, Outcome, StudyStore } from "./study-store.ts";
import { trialRecipe } from "./trial-recipe.ts";

export interface TrialContext {
  readonly recipe: Recipe;
  readonly search: SearchSection;
  readonly space: Space;
  /** The study's folder. */
  readonly study: string;
  readonly home: string;
  readonly language: Language;
  readonly signal: AbortSignal;
  readonly store: StudyStore;
  readonly admission: Admission;
  readonly pruner: Pruner;
  readonly run: RunTrial;
  readonly emit: (event: TuneEvent) => void;
}

/** Faults of a trial's settings, not of the study: such a trial counts as the worst. */
const ownFaults = new Set<string>(["E_DIVERGED", "E_MEMORY", "E_CONFIG", "E_MODEL"] satisfies ConcordError["code"][]);

/** Runs a claimed trial and counts it. @throws what stops the study; after an abort nothing, and the trial is not counted */
export async function trialOf(claim: Claim, context: TrialContext): Promise<void> {
  const { store, signal } = context;
  const start = performance.now();
  await tell(context, claim, { state: claim.again ? "resumed" : "started" });
  const stop = new AbortController();
  const watched = watch(claim, context, stop);
  const renewing = setInterval(() => void watched.renew(), renewMs);
  try {
    const outcome = await outcomeOf(claim, context, AbortSignal.any([signal, stop.signal]), watched);
    if (!outcome) return await store.release(claim); // stopped with the study, or taken over by another worker
    const timed = { ...outcome, ms: performance.now() - start };
    if (await store.finish(claim, timed)) await told(context, claim, timed);
  } finally {
    clearInterval(renewing);
  }
}

async function outcomeOf(
  claim: Claim,
  { recipe, search, run, signal: ofStudy, ...context }: TrialContext,
  signal: AbortSignal,
  watched: Watched,
): Promise<Ending | undefined> {
  if (claim.again && (await watched.isWorse())) return { state: "pruned" };
  try {
    const values = await run(workOf(claim, { recipe, search, ...context }), { signal, onEvent: watched.onEvent });
    await watched.settled();
    return { state: "finished", costs: costsOf(recipe, search.objectives, values) };
  } catch (fault) {
    await watched.settled();
    if (isConcordError(fault, "E_INTERRUPTED")) {
      if (watched.pruned()) return { state: "pruned" };
      if (ofStudy.aborted || watched.lost()) return undefined;
    }
    if (isConcordError(fault) && ownFaults.has(fault.code)) return { state: "failed", problem: fault.facts.problem };
    throw fault;
  }
}

interface Watched {
  readonly onEvent: (event: TrialEvent) => void;
  /** Waits until everything that the trial told is kept. */
  settled(): Promise<void>;
  renew(): Promise<void>;
  isWorse(): Promise<boolean>;
  pruned(): boolean;
  /** Whether another worker has the trial now. */
  lost(): boolean;
}

/** Keeps what a trial tells, and aborts `stop` when it looks worse than others or is somebody else's. */
function watch(claim: Claim, { recipe, store, admission, pruner, emit }: TrialContext, stop: AbortController): Watched {
  const { epochs } = recipe.adapt;
  let [isPruned, isLost] = [false, false];
  let keeping: Promise<void> = Promise.resolve();
  let broken: unknown;
  const held = (still: boolean) => {
    if (still) return;
    isLost = true;
    stop.abort();
  };
  const isWorse = async () => {
    const trials = await store.trials();
    const own = trials[claim.number]!;
    const last = own.curve.at(-1)?.step ?? 0;
    return last > 0 && last < epochs && pruner(own, trials);
  };
  const epoch = async (step: number, score: number) => {
    held(await store.report(claim, step, signOf(recipe, "score") * score));
    if (isLost || !(await isWorse())) return;
    isPruned = true;
    stop.abort();
  };
  return {
    onEvent: (event) => {
      if (event.kind === "training") return admission.shared();
      if (event.kind === "memory") return admission.took(event.bytes);
      emit({ ...event, number: claim.number });
      keeping = keeping
        .then(() => epoch(event.epoch, event.score))
        .catch((fault: unknown) => {
          broken ??= fault;
          stop.abort();
        });
    },
    settled: async () => {
      await keeping;
      if (broken !== undefined) throw broken;
    },
    renew: async () => held(await store.renew(claim, leaseMs).catch(() => true)), // a database that is away for a moment
    isWorse,
    pruned: () => isPruned,
    lost: () => isLost,
  };
}

function workOf(
  { number, point }: Claim,
  { recipe, search, study, home, language }: Pick<TrialContext, "recipe" | "search" | "study" | "home" | "language">,
): TrialWork {
  const seeds = [...Array(search.seeds).keys()];
  return {
    recipes: seeds.map((seed) => trialRecipe(recipe, point, { seed })),
    folders: seeds.map((seed) => join(study, trialName(number, seed))),
    home,
    store: storeOf(study),
    objectives: search.objectives,
    language,
  };
}

async function tell(
  { store, search, emit }: TrialContext,
  { number, point }: Claim,
  event: Pick<Extract<TuneEvent, { kind: "trial" }>, "state" | "values" | "problem" | "seconds">,
): Promise<void> {
  const trials = await store.trials();
  const done = trials.filter(({ state }) => state !== "running").length;
  emit({ kind: "trial", number, settings: point, ...event, done, of: search.trials, best: bestOf(trials)?.number });
}

const told = (context: TrialContext, claim: Claim, outcome: Outcome): Promise<void> =>
  tell(context, claim, {
    state: outcome.state,
    seconds: outcome.ms / 1000,
    ...(outcome.state === "finished" && {
      values: valuesOf(context.recipe, context.search.objectives, outcome.costs),
    }),
    ...(outcome.state === "failed" && { problem: outcome.problem }),
  });
