// What a stage is: a name, what determines its result, and the work. Knows no particular stage.
import { ConcordError } from "../base/index.ts";
import type { Language } from "../messages/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { StageRecord } from "../store/index.ts";

/** What a run tells while it works. */
export type RunEvent =
  | {
      readonly kind: "stage";
      readonly stage: string;
      readonly state: "cached" | "started" | "finished";
      readonly why: string;
      readonly seconds?: number;
    }
  | {
      readonly kind: "progress";
      readonly stage: string;
      readonly done: number;
      readonly total: number;
      readonly values: Readonly<Record<string, number>>;
    }
  | { readonly kind: "note"; readonly stage: string; readonly text: string }
  | { readonly kind: "warning"; readonly stage: string; readonly text: string };

/** What a stage works with. */
export interface StageContext {
  readonly recipe: Recipe;
  /** Folder that relative paths of the recipe start from. */
  readonly home: string;
  /** The run folder. */
  readonly run: string;
  /** Empty folder to write results into. */
  readonly scratch: string;
  /** Folder that outlives an interruption, for checkpoints; removed when the stage finishes. */
  readonly keep: string;
  /** Records of the stages before. */
  readonly before: Readonly<Record<string, StageRecord>>;
  readonly signal?: AbortSignal;
  /** Of what is emitted as text. */
  readonly language: Language;
  emit(event: RunEvent): void;
}

export interface Stage {
  readonly name: string;
  /** False when the recipe does not ask for it. */
  wanted(recipe: Recipe): boolean;
  /** Its result may also be asked for by itself, without the recipe: `concord audit`. */
  readonly onDemand?: boolean;
  /** Stages whose results it reads. */
  readonly after: readonly string[];
  /** The part of the recipe that determines the result, with fingerprints of the files it reads. */
  inputs(recipe: Recipe, home: string): Promise<Readonly<Record<string, unknown>>>;
  /** Version of the stage's code: raised when its results change. */
  readonly version: number;
  /** Does the work; returns the names it made in the scratch folder and a summary for later stages. */
  work(
    context: StageContext,
  ): Promise<{ readonly outputs: readonly string[]; readonly summary: Readonly<Record<string, unknown>> }>;
}

/** What stages throw when their signal is aborted. */
export const interrupted = (stage: string, run: string): ConcordError =>
  new ConcordError("E_INTERRUPTED", {
    operation: stage,
    problem: "stopped; what was done is saved",
    hint: "concord resume goes on from there",
    path: run,
  });
