// Which epoch of a run scores best on the validation rows, and when training stops. Its state and the best weights go into each
// checkpoint, so a resumed run selects what an uninterrupted one selects. Knows no task and no file.
import { ConcordError, type HostArray } from "../base/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import type { TrainerOptions } from "./trainer-options.ts";

/** How the validation score of each epoch is used. */
export interface SelectionOptions {
  /** Epochs in a row without a better score after which training stops. Default it never stops early. */
  readonly patience?: number;
  /** Whose weights the run ends with: those of the best epoch, or of the last one that ran. */
  readonly keep: "best" | "last";
  /** Which scores are better. */
  readonly better: "higher" | "lower";
}

/** An epoch, 1 for the first, and its validation score. */
export interface ScoredEpoch {
  readonly epoch: number;
  /** NaN where there was nothing to score. */
  readonly score: number;
}

/** What selection came to. */
export interface Selected {
  readonly best: ScoredEpoch;
  /** Epoch whose weights the run ends with. */
  readonly kept: number;
  /** Epochs that ran. */
  readonly epochs: number;
  /** Whether training stopped before its last planned epoch. */
  readonly stopped: boolean;
}

type Weights = Map<string, HostArray<"float32">>;

/** A run's selection while it trains. */
export interface Selection {
  /** True once no further epoch is to run. */
  readonly stops: boolean;
  /** Takes in an epoch. @param weights trained parameters as they are; copied where they are the best and are kept */
  add(scored: ScoredEpoch, weights: () => Weights): void;
  /** Copies of the trained parameters of the best epoch; undefined where the last epoch's are kept. */
  weights(): Weights | undefined;
  /** @throws E_ARGUMENT before the first epoch has ended */
  result(planned: number): Selected;
  save(): { tensors: Weights; state: JsonRecord };
  /** @throws E_CONFIG for the checkpoint of a run that selected in another way */
  restore(saved: { readonly tensors: ReadonlyMap<string, HostArray>; readonly state: JsonRecord }): void;
}

const prefix = "best.";

/**
 * The first epoch is the best until another is better; of equal scores the earlier epoch stays.
 * @throws E_CONFIG for a patience that is no whole number from 1
 * @example
 * const selection = selectionOf({ patience: 2, keep: "best", better: "higher" });
 * selection.add({ epoch: 1, score: 0.8 }, () => trainer.weights());
 */
export function selectionOf(options: SelectionOptions): Selection {
  const { patience, keep, better } = options;
  if (patience !== undefined && !(Number.isSafeInteger(patience) && patience >= 1))
    throw refused("patience is wrong", "a whole number from 1", String(patience));
  const settings = { patience: patience ?? null, keep, better };
  let best: ScoredEpoch | undefined;
  let epochs = 0;
  let copies: Weights | undefined;
  const improves = (score: number) =>
    !best ||
    (Number.isNaN(best.score) && !Number.isNaN(score)) ||
    (better === "higher" ? score > best.score : score < best.score);
  const stops = () => patience !== undefined && best !== undefined && epochs - best.epoch >= patience;
  return {
    get stops() {
      return stops();
    },
    add(scored, weights) {
      epochs = scored.epoch;
      if (!improves(scored.score)) return;
      best = scored;
      if (keep === "best") copies = copied(weights(), copies);
    },
    weights: () => copies,
    result(planned) {
      if (!best)
        throw new ConcordError("E_ARGUMENT", { operation: "select an epoch", problem: "no epoch has ended yet" });
      return { best, kept: keep === "best" ? best.epoch : epochs, epochs, stopped: epochs < planned };
    },
    save: () => ({
      tensors: new Map([...(copies ?? [])].map(([name, array]) => [`${prefix}${name}`, array])),
      state: {
        ...settings,
        epochs,
        best: best ? { epoch: best.epoch, score: Number.isNaN(best.score) ? null : best.score } : null,
      },
    }),
    restore({ tensors, state }) {
      for (const [name, value] of Object.entries(settings))
        if (state[name] !== value) throw otherRun(`selection ${name} ${value}`, `${name} ${String(state[name])}`);
      const known = state.best as { epoch: number; score: number | null } | null;
      epochs = state.epochs as number;
      best = known ? { epoch: known.epoch, score: known.score ?? Number.NaN } : undefined;
      const held = [...tensors].filter(([name]) => name.startsWith(prefix));
      if (best && keep === "best" && held.length === 0) throw otherRun("weights of the best epoch", "none");
      copies = held.length
        ? new Map(held.map(([name, a]) => [name.slice(prefix.length), a] as [string, never]))
        : undefined;
    },
  };
}

/** Copies weights, into the memory of earlier copies where there is some. */
function copied(weights: Weights, into: Weights | undefined): Weights {
  return new Map(
    [...weights].map(([name, array]) => {
      const data = into?.get(name)?.data ?? new Float32Array(array.data.length);
      data.set(array.data);
      return [name, { ...array, data }];
    }),
  );
}

/**
 * What selection cannot be combined with.
 * @throws E_CONFIG for averaged weights, and for private training that would stop by what it has learned
 */
export function checkSelection({ patience }: SelectionOptions, { average, privacy }: Partial<TrainerOptions>): void {
  if (average)
    throw refused(
      "an epoch cannot be chosen where weights are averaged",
      "average 0: it mixes the weights of the last planned steps",
      String(average),
    );
  if (privacy && patience !== undefined)
    throw refused(
      "private training cannot stop early",
      "no patience: ε is stated for a number of steps that is fixed before training",
      String(patience),
      "leave patience out; keep: best is possible, as every epoch is within the budget",
    );
}

const refused = (problem: string, expected: string, got: string, hint?: string) =>
  new ConcordError("E_CONFIG", { operation: "training options", problem, expected, got, hint });

const otherRun = (expected: string, got: string) =>
  new ConcordError("E_CONFIG", {
    operation: "resume",
    problem: "the checkpoint is of another run",
    expected,
    got,
    hint: "use another folder, or the settings of the first run",
  });
