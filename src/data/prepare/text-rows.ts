// What rows are, how their records are read, and why some are refused. Pure.
import { ConcordError, type DecimalMark } from "../../base/index.ts";
import type { EntitySpan } from "../tagging/spans.ts";
import type { Range } from "../tagging/words.ts";
import { type CleaningCounts, noCounts } from "./clean.ts";
import { type ColumnLog, columnLog } from "./columns.ts";
import { type EntityCounts, type EntityOptions, noEntities } from "./entity-rows.ts";
import type { LabelKind } from "./label-kinds.ts";
import { type EncodingSigns, noSigns } from "./mojibake.ts";
import type { QuotedAnswer } from "./quoted-rows.ts";
import { type ChatMessage, shownValue } from "./text-values.ts";

/** Which fields of a record are what. */
export interface ColumnNames {
  readonly text: string;
  /** Second text of a pair. */
  readonly pair?: string;
  /** A text that does not belong to the first. */
  readonly negative?: string;
  /** What a model learns to write after the text. */
  readonly answer?: string;
  /** Where each answer begins in the second text. */
  readonly start?: string;
  /** An answer that was found worse than `answer`. */
  readonly rejected?: string;
  /** Whether the answer is good: true or false. */
  readonly verdict?: string;
  /** Choices that the text may be answered with: a column of lists, or a column for each. */
  readonly choices?: readonly string[];
  /** Which of the choices is right; without it rows are unlabelled. */
  readonly choice?: string;
  /** Class, classes or number to predict; without it rows are unlabelled. */
  readonly label?: string;
  /** Rows with the same value (a patient's) never fall into different parts. */
  readonly group?: string;
  /** Properties of a person or place by which scores are reported. */
  readonly attributes?: readonly string[];
  /** Names the part of each row: train, dev or test. */
  readonly part?: string;
}

/** How the labels of one task are read. */
export interface TaskColumn {
  /** Column of the label, or of the number. */
  readonly label: string;
  readonly kind: Extract<LabelKind, "label" | "labels" | "value">;
  /** As {@link TextRowOptions} has them, and other names of labels, and labels that are left out. */
  readonly separator?: string;
  readonly labelNames?: readonly string[];
  readonly rename?: Readonly<Record<string, string>>;
  readonly exclude?: readonly string[];
}

/** Columns of tasks by their names. */
export type TaskColumns = Readonly<Record<string, TaskColumn>>;

/** What one task learns of a row: its classes, or its number. */
export interface RowTarget {
  readonly labels: readonly string[];
  readonly value?: number;
}

/** What a row of any kind of data has: where it came from, what is predicted of it, who it is about. */
export interface Row {
  /** `file:line` it came from. */
  readonly place: string;
  /** Class names: one, several or none; for entities the types that occur. */
  readonly labels: readonly string[];
  /** The number to predict, for regression. */
  readonly value?: number;
  /** Of several tasks: what each learns of it, by the name of the task; those that it has no label of are absent. */
  readonly targets?: Readonly<Record<string, RowTarget>>;
  readonly group?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly part?: string;
  /** Of a validation or test row: a training row has the same content. */
  readonly inTraining?: true;
}

export interface TextRow extends Row {
  readonly text: string;
  /** The second text of a pair, or the answer that a model learns to write. */
  readonly pair?: string;
  /** A text that does not belong to it. */
  readonly negative?: string;
  /** The answer that was found worse than the pair's. */
  readonly rejected?: string;
  /** Whether the answer is good. */
  readonly desirable?: boolean;
  /** Of a chat that a model learns to answer; the text has a line for each. */
  readonly messages?: readonly ChatMessage[];
  /** Answers to the question that the text is, as they stand in `pair`; none where it holds no answer. */
  readonly answers?: readonly QuotedAnswer[];
  /** What the text may be answered with, and the number of the right one, from 0; where there is a pair, each choice goes on from it. */
  readonly choices?: readonly string[];
  readonly chosen?: number;
  /** For entities: where the words lie in the text, and the entities. */
  readonly words?: readonly Range[];
  readonly spans?: readonly EntitySpan[];
}

/**
 * The same rows, known to have texts: tasks of words and decisions are of texts only.
 * @throws E_DATA for a row without a text
 */
export function rowsOfTexts(rows: readonly Row[]): readonly TextRow[] {
  const isText = (row: Row): row is TextRow => "text" in row && typeof row.text === "string";
  if (rows.every(isText)) return rows;
  throw new ConcordError("E_DATA", {
    operation: "read texts",
    problem: "a row has no text",
    path: rows.find((row) => !isText(row))?.place,
  });
}

export const refusals = {
  "no-text": "the text is missing or empty",
  "not-text": "the field of the text holds no text",
  "no-answer": "nothing in the row is an answer that could be learned",
  "equal-answers": "the rejected answer is the chosen one",
  "not-a-verdict": "the verdict on the answer is neither true nor false",
  "no-label": "the label is missing or empty",
  "several-labels": "the field holds several labels, and the task takes one",
  "not-a-label": "the field holds an object or places in a text, and no label",
  "unnamed-vector": "the label is a list of 0 and 1, and nothing names its places",
  "unknown-label": "the label is not among data.labels",
  "not-a-number": "the value to predict is not a finite number",
  "too-long": "the text is longer than the limit",
  "not-there": "the second text does not hold the answer where it should stand",
  "not-answers": "the field of the answers holds something else",
  "not-choices": "the field of the choices holds no list of texts",
  "few-choices": "the row has fewer than two choices",
  "not-a-choice": "the label names none of the row's choices",
  "unclear-choice": "the label may mean two of the row's choices",
  "no-image": "the path of the image is missing or empty",
  "broken-image": "the image is not there, or cannot be decoded",
  "bad-tags": "the tags are not as many as the words, or are no tags",
  "numbered-tags": "the tags are numbers, and nothing names them",
  "bad-span": "an entity does not lie in the text, or has no type",
  "parted-span": "an entity has several parts, and a tag for each word cannot say which belong together",
  "span-text": "the entity's own text is not what stands at its place",
} as const;
/** Why a row was put aside. */
export type Refusal = keyof typeof refusals;

/** A row that was put aside. */
export interface Quarantined {
  readonly place: string;
  readonly reason: Refusal;
  /** The offending value, shortened. */
  readonly got: string;
}

/** What reading changed and found, added up over rows. */
export interface RowCounts {
  readonly cleaning: CleaningCounts;
  readonly entities: EntityCounts;
  readonly columns: ColumnLog;
  /** Signs of a wrong encoding. */
  readonly signs: EncodingSigns;
  /** Rows whose label is a list of 0 and 1 and nothing else, by their length. */
  readonly vectors: Map<number, number>;
  /** Numbers that were text with a point in it: in all, and those whose point stands, or could stand, between thousands. */
  readonly points: { all: number; thousands: number; first?: string };
  /** Rows with a label. */
  labelled: number;
  /** Of several tasks: counts of each one's own labels. */
  readonly tasks: Map<string, RowCounts>;
}

/** Counts of rows before the first one is read: all 0. */
export const newCounts = (): RowCounts => ({
  cleaning: noCounts(),
  entities: noEntities(),
  columns: columnLog(),
  signs: noSigns(),
  vectors: new Map(),
  points: { all: 0, thousands: 0 },
  labelled: 0,
  tasks: new Map(),
});

export interface TextRowOptions extends EntityOptions {
  readonly columns: ColumnNames;
  readonly kind: LabelKind;
  /** Between the labels of a multi-label field that is one string. Default `;`, also in its full-width form. */
  readonly separator?: string;
  /** Mark that begins a fraction in numbers to predict, where it was told. Default a point, and nothing between thousands. */
  readonly decimal?: DecimalMark;
  /** Longest text, in characters. Default 100,000. */
  readonly longest?: number;
  /** Names of labels that the data writes as numbers (0 is the first), as 0/1 vectors, or as columns of 0 and 1. */
  readonly labelNames?: readonly string[];
  /** Of the kind `tasks`: columns of each one's labels. */
  readonly tasks?: TaskColumns;
  /** The recipe's section that names the column of the label, for errors. Default `data`. */
  readonly section?: string;
}

/** Why a record cannot be used. */
export interface Refused {
  readonly reason: Refusal;
  readonly got: unknown;
}

/** Whether a target or a row was refused instead of read. */
export const isRefused = (read: object): read is Refused => "reason" in read;
/** A record that is put aside. */
export const refused = (place: string, reason: Refusal, got: unknown): Quarantined => ({
  place,
  reason,
  got: shownValue(got),
});

/** Whether a row was rejected instead of read. */
export const isQuarantined = (row: Row | Quarantined): row is Quarantined => "reason" in row;

/** True where nothing is: an empty field, null, a key that is not there, NaN of Parquet. Words such as NA are values. */
export const isMissing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "number" && Number.isNaN(value)) ||
  (typeof value === "string" && value.trim() === "");
