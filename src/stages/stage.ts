// What a stage is: a name, what determines its result, and the work. Knows no particular stage.

import type { AnyArtifact, ArtifactReader, Evidence, Facts, StageRecords } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import type { Language, Message } from "../messages/index.ts";
import type { ChargeLog } from "../privacy/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Html } from "../report/index.ts";

/** A score of an event: on test rows with its 95 % interval. */
export interface EventScore {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

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
  | {
      /** Scores as numbers: of the validation rows after an epoch, and at last of the test rows. */
      readonly kind: "metrics";
      readonly stage: string;
      readonly rows: "validation" | "test";
      /** Counted from 1; absent for the test rows. */
      readonly epoch?: number;
      /** By name: `macroF1`, `accuracy`, `f1`, `mae` … */
      readonly values: Readonly<Record<string, EventScore>>;
    }
  | { readonly kind: "note"; readonly stage: string; readonly text: string }
  | { readonly kind: "warning"; readonly stage: string; readonly text: string };

/** What a stage works with. `R`: the artifacts that it reads; `M`: those that it makes. */
export interface StageContext<R extends AnyArtifact = AnyArtifact, M extends AnyArtifact = AnyArtifact>
  extends ArtifactReader<R> {
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
  readonly before: StageRecords;
  readonly signal?: AbortSignal;
  /** Where charges of private training are signed into before their steps run. Default nowhere. */
  readonly chargeLog?: ChargeLog;
  /** Of what is emitted as text. */
  readonly language: Language;
  /** Keeps a result; it is in the run folder when the stage has finished. */
  write<W>(artifact: M & { write(folder: string, value: W): Promise<unknown> }, value: NoInfer<W>): Promise<void>;
  emit(event: RunEvent): void;
}

/** What a stage shows in the report of its run. */
export interface StageSection {
  /** What it is made of. */
  readonly artifact: AnyArtifact;
  readonly title: Message;
  /** Undefined where no stage that stands has made the artifact. @throws as reading it */
  content(reader: ArtifactReader, language: Language): Promise<Html | undefined>;
}

/** A section of the report about one artifact. @param content from what the artifact holds */
export const sectionOf = <T>(
  artifact: AnyArtifact & { read(folder: string): Promise<T> },
  title: Message,
  content: (found: T, language: Language) => Html,
): StageSection => ({
  artifact,
  title,
  async content({ find }, language) {
    const found = await find(artifact);
    return found === undefined ? undefined : content(found, language);
  },
});

/** A stage as its file writes it. */
export interface StageDefinition<R extends AnyArtifact, M extends AnyArtifact, F extends object> {
  readonly name: string;
  /** Of its code: raised when its results change. */
  readonly version: number;
  /** Artifacts that it may read: it runs after the stages that make them. */
  readonly reads: readonly R[];
  /** Artifacts that it may make. */
  readonly makes: readonly M[];
  /** What its record keeps besides. */
  readonly facts: Facts<F>;
  /** Of those that it makes: the one with numbers that gates may ask for. A release takes it along, and recomputing makes it again. */
  readonly evidence?: Evidence;
  /** What it shows in the report. */
  readonly section?: StageSection;
  /** Its result tells of this run alone (times, other runs): runs of a workspace do not share it. */
  readonly local?: boolean;
  /** Its result may also be asked for by itself, without the recipe: `concord audit`. */
  readonly onDemand?: boolean;
  /** The part of the recipe that determines the result, with fingerprints of the files it reads. */
  settings(recipe: Recipe, home: string): Promise<Readonly<Record<string, unknown>>>;
  /** Whether a recipe asks for it, and its task and data have what it takes. */
  supports(recipe: Recipe): boolean;
  /** Reads and makes artifacts. @returns its facts */
  work(context: StageContext<R, M>): Promise<F>;
}

/** A stage, whatever it reads and makes. */
export type Stage = StageDefinition<AnyArtifact, AnyArtifact, object>;

/** A stage: a pure function of its settings, the artifacts that it reads, the seed, its code and versions. */
export const defineStage = <const R extends AnyArtifact, const M extends AnyArtifact, F extends object>(
  stage: StageDefinition<R, M, F>,
): StageDefinition<R, M, F> => stage;

/** What stages throw when their signal is aborted. */
export const interrupted = (stage: string, run: string): ConcordError =>
  new ConcordError("E_INTERRUPTED", {
    operation: stage,
    problem: "stopped; what was done is saved",
    hint: "concord resume goes on from there",
    path: run,
  });
