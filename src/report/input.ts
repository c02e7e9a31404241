// Everything that a report shows, as plain data: what the stages of a run left. Knows no file.
import type { Language } from "../messages/index.ts";
import type { ForecastPoint, Html } from "../pages/index.ts";
import type { EpochSelection, Passport } from "../passport/index.ts";
import type { TaskName } from "../tasks/index.ts";

export interface ReportInput {
  readonly language: Language;
  readonly name: string;
  readonly task: TaskName;
  /** When the report was made, ISO 8601. */
  readonly made: string;
  /** YAML with every default, and its SHA-256. */
  readonly recipe: { readonly text: string; readonly digest: string; readonly seed: number };
  readonly model: ModelFacts;
  readonly data: DataFacts;
  /** Lengths of the training texts, if the stage adapt measured them. */
  readonly tokens?: TokenFacts;
  /** In the order in which they ran. */
  readonly trainings: readonly Training[];
  /** metrics.json as it is; what is not understood is not shown. */
  /** privacy.json of a run that was trained privately. */
  readonly privacy?: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly testRows: number;
  /** What each part of the audit found, by its name: audit/<part>.json as it is. */
  readonly audit?: Readonly<Record<string, unknown>>;
  /** What stages show besides, in their order. */
  readonly sections?: readonly { readonly id: string; readonly title: string; readonly content: Html }[];
  /** Of a release: its passport, and who had signed it when the page was made. */
  readonly release?: {
    readonly passport: Passport;
    readonly signers: readonly { readonly role: string; readonly name: string }[];
  };
  readonly examples: { readonly worst: readonly ExampleRow[]; readonly uncertain: readonly ExampleRow[] };
  /** Forecasts of the test set that are shown. */
  readonly forecasts?: readonly ShownForecast[];
  /** Of regression: [truth, predicted] of test rows. */
  readonly pairs: readonly (readonly [number, number])[];
  /** The same of each task of several that predicts a number. */
  readonly taskPairs?: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly stages: readonly StageFacts[];
  readonly machine: MachineFacts;
  /** Bytes of what can be deployed, by name. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** What sections about scores need. */
export type Scored = Pick<ReportInput, "language" | "task" | "metrics" | "testRows" | "pairs">;

export interface ModelFacts {
  /** Folder of the pretrained model, if there was one. */
  readonly from?: string;
  /** `full` or `lora`. */
  readonly method: string;
  readonly parameters: number;
  /** Of texts: longest input in tokens. */
  readonly maxLength?: number;
  /** Of images: pixels of one side. */
  readonly imageSide?: number;
  /** Of other kinds of data: what the inputs are. */
  readonly inputs?: Passport["model"]["inputs"];
}

type Parts = Readonly<Record<string, number | string>>;

/** data-report.json. Cells too small to show are words instead of numbers. */
export interface DataFacts {
  readonly rows: { readonly in: number; readonly kept: number; readonly dropped: number; readonly quarantined: number };
  readonly quarantine: Readonly<Record<string, number>>;
  readonly duplicates: Readonly<
    Record<"exact" | "nearClusters" | "nearRows" | "conflicting" | "straddling", number>
  > & {
    /** Repeats that stay because the data gives the parts, by part. */
    readonly kept?: Readonly<Record<string, { readonly training: number; readonly own: number }>>;
  };
  readonly parts: Readonly<Record<string, number>>;
  readonly labels: Readonly<Record<string, Parts>>;
  /** Of several tasks: rows that have a label of each, by part. */
  readonly tasks?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly attributes: Readonly<Record<string, Readonly<Record<string, Parts>>>>;
  /** What is odd about the whole table. Absent in runs of earlier versions. */
  readonly remarks?: readonly string[];
  readonly warnings: readonly string[];
}

/** Tokens of a training text, before the model's limit. */
export type TokenFacts = Readonly<
  Record<"limit" | "median" | "percentile95" | "longest" | "longRows" | "beyond", number>
>;

/** Curves of a stage that trained. */
export interface Training {
  readonly stage: string;
  readonly loss: readonly number[];
  readonly learningRate: readonly number[];
  readonly epochs: readonly { readonly step: number; readonly score?: number }[];
  readonly seconds: number;
  readonly examplesPerSecond?: number;
  /** How the epoch of the weights was chosen; absent where it is the last one. */
  readonly selection?: EpochSelection;
  /** What the scores of epochs are. Default the task's. */
  readonly devScore?: EpochSelection["score"];
}

/** A forecast that is shown. */
export interface ShownForecast {
  readonly why: "latest" | "middle" | "worst";
  readonly series: string;
  /** First step to come. */
  readonly next: string;
  /** Quantile loss over the size of the truth. */
  readonly loss: number;
  readonly points: readonly ForecastPoint[];
}

/** A test row that is quoted. */
export interface ExampleRow {
  readonly place: string;
  readonly text: string;
  /** Of an image: a small version, as a `data:` address. */
  readonly image?: string;
  readonly truth: string;
  readonly predicted: string;
  /** Probability of the prediction, or the error of a number. */
  readonly number?: number;
}

export interface StageFacts {
  readonly stage: string;
  readonly seconds: number;
  /** Hash of everything that determined its result. */
  readonly key: string;
}

export interface MachineFacts {
  readonly system: string;
  readonly processor: string;
  readonly threads: number;
  readonly memoryBytes: number;
  /** Most memory that training held. */
  readonly peakBytes?: number;
}
