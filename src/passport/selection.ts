// How the epoch of a model's weights was chosen by its validation scores, as metrics, reports and passports keep it.

/** What may be watched: the validation scores of the tasks. */
export const validationScores = [
  "macroF1",
  "f1",
  "mae",
  "perplexity",
  "ndcg",
  "preferenceAccuracy",
  "answerF1",
  "accuracy",
  "spearman",
  "meanScore",
  "wql",
] as const;

/** Absent where every planned epoch ran and the last one was kept. */
export interface EpochSelection {
  /** What was watched, on validation rows. */
  readonly score: (typeof validationScores)[number];
  readonly better: "higher" | "lower";
  /** Epochs without improvement after which training was to stop; absent where it was not to stop early. */
  readonly patience?: number;
  readonly keep: "best" | "last";
  readonly planned: number;
  /** Epochs that ran. */
  readonly epochs: number;
  /** Whether fewer ran than were planned. */
  readonly stopped: boolean;
  /** 1 for the first; `score` is null where there was nothing to score. */
  readonly best: { readonly epoch: number; readonly score: number | null };
  /** Epoch whose weights the model has. */
  readonly kept: number;
}
