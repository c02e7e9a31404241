// One trial in this process: the recipe's stages up to adapt, with each of its seeds, and what its models cost on validation rows.
import { setTimeout } from "node:timers/promises";
import { isConcordError } from "../base/index.ts";
import type { Language } from "../messages/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { runRecipe } from "../runs/index.ts";
import { lockedWaitMs } from "./leases.ts";
import { measureTrial, type Objective } from "./measure-trial.ts";

/** A trial as plain data: it is sent to processes. */
export interface TrialWork {
  /** Of each seed, with the trial's settings. */
  readonly recipes: readonly Recipe[];
  /** The run folder of each seed. */
  readonly folders: readonly string[];
  readonly home: string;
  /** Folder of results that trials share. */
  readonly store: string;
  readonly objectives: readonly Objective[];
  readonly language: Language;
}

/** What a trial tells on its way. */
export type TrialEvent =
  | { readonly kind: "epoch"; readonly epoch: number; readonly score: number }
  /** The stages that trials share have run. */
  | { readonly kind: "training" }
  /** Most memory of its process so far, in bytes. */
  | { readonly kind: "memory"; readonly bytes: number };

export interface TrialHooks {
  /** Aborting stops the trial; a checkpoint is kept. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrialEvent) => void;
}

/** Runs a trial. @throws E_INTERRUPTED after an abort; what runs throw */
export type RunTrial = (work: TrialWork, hooks: TrialHooks) => Promise<Record<Objective, number>>;

/** Runs a trial in this process: the mean of its seeds. */
export const runTrial: RunTrial = async (
  { recipes, folders, home, store, objectives, language },
  { signal, onEvent },
) => {
  const values: Record<Objective, number>[] = [];
  const tellMemory = () => onEvent({ kind: "memory", bytes: process.resourceUsage().maxRSS * 1024 });
  let isTraining = false;
  for (const [i, recipe] of recipes.entries()) {
    const folder = folders[i]!;
    await afterLock(() =>
      runRecipe(recipe, {
        home,
        folder,
        until: "adapt",
        store,
        language,
        signal,
        onEvent: (event) => {
          if (event.kind === "progress" && event.stage === "adapt" && !isTraining) {
            isTraining = true;
            tellMemory();
            onEvent({ kind: "training" });
          }
          if (event.kind !== "metrics" || event.stage !== "adapt" || event.epoch === undefined) return;
          tellMemory();
          const [score] = Object.values(event.values);
          if (score) onEvent({ kind: "epoch", epoch: event.epoch, score: score.value });
        },
      }),
    );
    onEvent({ kind: "training" }); // where adapt was taken from another run
    values.push(await measureTrial(folder, { recipe, home, objectives, language }));
  }
  const mean = (name: Objective) => values.reduce((sum, one) => sum + one[name], 0) / values.length;
  return { score: mean("score"), size: mean("size"), latency: mean("latency"), gap: mean("gap") };
};

/** Waits for the process of a killed study, which ends as soon as it notices. @throws E_LOCKED when it stays */
async function afterLock<T>(work: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += 200) {
    try {
      return await work();
    } catch (fault) {
      if (!isConcordError(fault, "E_LOCKED") || waited >= lockedWaitMs) throw fault;
      await setTimeout(200);
    }
  }
}
