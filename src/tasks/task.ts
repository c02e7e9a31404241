// What a task is, as a value: whoever shares code between tasks asks these properties, never which task it is. Knows no recipe and no file.

import type { LinearModel, SparseRows } from "../baseline/index.ts";
import type { EntitySpan, LabelKind, Range, Row, TagScheme, TextRow } from "../data/index.ts";
import type { Judged } from "../fairness/index.ts";
import type { MessageKey } from "../messages/index.ts";
import type { Task as HeadTask, TaskHead } from "../models/index.ts";
import type { Choice, Quote, WordLogits } from "../predict/index.ts";
import type { Comparison, Logits, Metrics, RowAnswer, Rows, Scoring } from "./scoring.ts";

/** A line of predictions.jsonl. */
export interface Prediction {
  /** Absent of a text that is foretold. */
  readonly truth?: unknown;
  readonly predicted: unknown;
  readonly probabilities?: Readonly<Record<string, number>>;
  /** Of a text that is foretold: `predicted` has its bits. */
  readonly bytes?: number;
  /** Of a model that learns from preferences: by how much it prefers what people did; of one that learns from rewards what its own answer earns. */
  readonly margin?: number;
  readonly reward?: number;
  /** Of a forecast: levels of its quantiles, the quantiles by step, and its loss over the size of the truth. */
  readonly levels?: readonly number[];
  readonly quantiles?: readonly (readonly number[])[];
  readonly loss?: number;
}

/** What is judged of groups: answers to test rows, in their order. */
export interface JudgedAnswers {
  readonly predictions: readonly Prediction[];
  /** Names of the head's outputs. */
  readonly labels: readonly string[];
  /** The label whose decisions are compared, one of {@link TaskFacts.positives}. */
  readonly positive?: string;
  readonly test: Rows;
  readonly scheme: TagScheme;
  readonly offsets: Scoring["offsets"];
}

/** Test rows and a run's saved answers to them, in the same order. */
export type ComparedRows = Pick<JudgedAnswers, "predictions" | "labels" | "test" | "scheme" | "offsets"> & {
  /** Of models that write: the judgement that all of them have. Default none; how well they foretell texts is compared then. */
  readonly judgement?: "margin" | "reward";
  /** Of a model with several heads: all of them. */
  readonly heads?: readonly TaskHead[];
};

/** What every task declares. */
interface TaskFacts<Name extends string> {
  /** As recipes name it. */
  readonly name: Name;
  /** The head that a model needs. */
  readonly head: HeadTask;
  /** How a table's label column is read. */
  readonly reads: LabelKind;
  /** Predicts a number in its own unit: it is learned on a scale, has no label and no probability. */
  readonly numeric: boolean;
  /** Each row has one of the classes: probabilities of a row add up to 1. */
  readonly exclusive: boolean;
  /** Classes have an order, from the lowest to the highest: that of `data.labels`, or of numbers. Default false. */
  readonly ordered?: boolean;
  /** One field holds several labels, divided by data.separator. */
  readonly separated: boolean;
  /** A temperature is fitted on dev. */
  readonly calibrated: boolean;
  /** Which words a report and a terminal have for it. */
  readonly shown: {
    /** Caption and first column of the table of classes; it is `classes` of metrics.json, else `orElse`. */
    readonly classes: readonly [
      caption: Extract<MessageKey, "report.classes" | "report.entities">,
      head: Extract<MessageKey, "report.class" | "report.type">,
      orElse?: string,
    ];
    /** Above the test rows that were most wrong. */
    readonly worst: Extract<MessageKey, `report.worst${string}`>;
    /** Of the number that stands beside a quoted row. */
    readonly number: Extract<
      MessageKey,
      "report.error" | "report.probability" | "report.bitsPerByte" | "report.rank" | "report.answerF1"
    >;
  };
  /** Which answers the search for slices counts as wrong: `error`, or the `furthest tenth`. */
  readonly wrongMeans: "error" | "furthest tenth";
  /** The score of dev after each epoch: macro F1, micro F1 of entities, the mean absolute error, perplexity, nDCG of a search, F1 of answers, agreement with preferences, accuracy of choices, the mean of the tasks' first scores, or the weighted quantile loss; and what trackers call it; which scores are better. */
  readonly devScore: {
    readonly name:
      | "macroF1"
      | "f1"
      | "mae"
      | "perplexity"
      | "ndcg"
      | "preferenceAccuracy"
      | "answerF1"
      | "accuracy"
      | "spearman"
      | "meanScore"
      | "wql";
    readonly tracked: string;
    readonly better: "higher" | "lower";
  };
  /** Names of the head's outputs; none for a number. @param classes labels or entity types that the data has */
  headLabels(classes: readonly string[], scheme: TagScheme): string[] | undefined;
  /** Labels or entity types that the data has. @param labels of the head */
  classesOf(labels: readonly string[]): readonly string[];
  /** Labels whose decisions an audit of fairness may ask about. @param labels of the head */
  positives(labels: readonly string[]): readonly string[];
  /** Scores of saved answers to rows, the one that verdicts are about first. @param labels of the head */
  compared(given: ComparedRows): Pick<Comparison, "answers" | "scores" | "isError">;
  /** 1 for each answer that is wrong (see `wrongMeans`), else 0. */
  wrong(predictions: readonly Prediction[]): number[];
}

/** What a task with answers has, that audits of groups look at. */
interface Judging {
  /** Answers beside the truth, as an audit of fairness takes them. */
  judged(answers: JudgedAnswers): Judged;
}

/** Training rows and their numbers, for a linear model. */
export interface LinearGiven {
  readonly rows: Rows;
  readonly features: SparseRows;
}

/** A linear model being fitted. */
export interface LinearFit {
  learn(strength: number, start?: LinearModel): LinearModel;
  decode(scores: Float64Array): RowAnswer;
}

/** Rows and the model's logits of them, [labels] a row. */
export interface Answered {
  readonly dev: Rows;
  readonly devLogits: Logits;
  readonly test: Rows;
  readonly testLogits: Logits;
}

type Score<Name extends string = string> = {
  readonly name: Name;
  /** Higher is better. */
  of(labels: readonly string[], rows: Rows, answers: readonly RowAnswer[]): number;
};

/** @param rows of training */
type Constant = (rows: Rows, labels: readonly string[]) => RowAnswer;

/** A task with one answer for a whole row. */
export interface RowTask<Name extends string = string> extends TaskFacts<Name>, Judging {
  readonly forecasts?: undefined;
  readonly words?: undefined;
  readonly writes?: undefined;
  readonly embeds?: undefined;
  readonly quotes?: undefined;
  readonly ranks?: undefined;
  readonly chooses?: undefined;
  readonly several?: undefined;
  /** What training learns of a row: a class number, or a value for each output. */
  target(row: Rows[number], labels: readonly string[]): number | readonly number[];
  /** {@link TaskFacts.devScore} of outputs. @param outputs logits, or numbers in the targets' unit */
  scored(rows: Rows, labels: readonly string[], outputs: readonly ArrayLike<number>[]): number;
  /** Probabilities by label, or the number. @param temperature of calibration */
  outputs(logits: ArrayLike<number>, temperature: number): number[];
  /** The answer as text; equal answers are equal texts. */
  answerText(logits: ArrayLike<number>, labels: readonly string[]): string;
  /** How sure a model is of a row's own answer, for membership inference; higher is surer. @param unit standard deviation of the targets */
  sureness(logits: ArrayLike<number>, row: Rows[number], labels: readonly string[], unit: number): number;
  /** Answers that are the same for every row: the one that most rows have, or the mean; of classes in an order the middle one too. */
  readonly constants: Readonly<{ majority: Constant; median?: Constant }>;
  /** A linear model of its training rows. */
  linear(labels: readonly string[], given: LinearGiven): LinearFit;
  /** What chooses a linear model's strength. @returns higher is better */
  linearScore(labels: readonly string[], rows: Rows, answers: readonly RowAnswer[]): number;
  /** What `concord init` says of a linear model. */
  readonly firstLook: Score<"macroF1" | "r2">;
  metrics(scoring: Scoring, labels: readonly string[], answered: Answered): Metrics;
}

/** Rows and the model's logits of their words. */
export interface AnsweredWords {
  readonly dev: readonly TextRow[];
  readonly devWords: readonly (readonly WordLogits[])[];
  readonly test: readonly TextRow[];
  readonly testWords: readonly (readonly WordLogits[])[];
}

/** A task that labels the words of a text. */
export interface WordTask<Name extends string = string> extends TaskFacts<Name>, Judging {
  readonly forecasts?: undefined;
  readonly words: true;
  readonly writes?: undefined;
  readonly embeds?: undefined;
  readonly quotes?: undefined;
  readonly ranks?: undefined;
  readonly chooses?: undefined;
  readonly several?: undefined;
  /** The label of each word. @param words ranges of the row's words */
  tags(row: TextRow, words: readonly Range[], scheme: TagScheme): string[];
  /** {@link TaskFacts.devScore} of words' logits. */
  scored(rows: readonly TextRow[], labels: readonly string[], words: readonly (readonly WordLogits[])[]): number;
  /** How sure a model is of a row's own tags, for membership inference; higher is surer. */
  sureness(words: readonly WordLogits[], row: TextRow, labels: readonly string[], scheme: TagScheme): number;
  /** What labels of words say together. */
  answer(words: readonly Range[], tags: readonly string[], scheme: TagScheme): readonly EntitySpan[];
  metrics(scoring: Scoring, labels: readonly string[], answered: AnsweredWords): Metrics;
}

/** Test rows and how well a model foretells each: the negative log-likelihood of what it should write, in nats. */
export interface Foretold {
  readonly test: readonly TextRow[];
  readonly losses: readonly number[];
  /** Tokens that were foretold of each row. */
  readonly tokens: readonly number[];
}

/** A task whose model writes texts: it is judged by how well it foretells those of people. */
export interface TextTask<Name extends string = string> extends TaskFacts<Name> {
  readonly forecasts?: undefined;
  readonly words?: undefined;
  readonly writes: true;
  readonly embeds?: undefined;
  readonly quotes?: undefined;
  readonly ranks?: undefined;
  readonly chooses?: undefined;
  readonly several?: undefined;
  /** {@link TaskFacts.devScore}: perplexity of a token. @param losses of rows, in nats @param tokens that were foretold */
  scored(losses: readonly number[], tokens: number): number;
  metrics(scoring: Scoring, foretold: Foretold): Metrics;
}

/** Test rows, and the rank of each one's own second text among all of them, from 1. */
export interface Ranked {
  readonly test: readonly TextRow[];
  readonly ranks: readonly number[];
  /** Different second texts that were searched. */
  readonly documents: number;
  /** Where words were searched too: how much they count, 0 … 1, and the ranks by vectors alone. */
  readonly words?: { readonly share: number; readonly alone: readonly number[] };
}

/** A task whose model makes vectors of texts. */
export interface VectorTask<Name extends string = string> extends TaskFacts<Name> {
  readonly forecasts?: undefined;
  readonly chooses?: undefined;
  readonly several?: undefined;
  readonly words?: undefined;
  readonly writes?: undefined;
  readonly ranks?: undefined;
  readonly embeds: true;
  readonly quotes?: undefined;
  /** {@link TaskFacts.devScore} of ranks. */
  scored(ranks: readonly number[]): number;
  metrics(scoring: Scoring, ranked: Ranked): Metrics;
}

/** A task whose model ranks answers to a prompt by a number of each: it is judged by pairs of which people preferred one. */
export interface RankTask<Name extends string = string> extends TaskFacts<Name> {
  readonly forecasts?: undefined;
  readonly chooses?: undefined;
  readonly several?: undefined;
  readonly words?: undefined;
  readonly writes?: undefined;
  readonly ranks: true;
  readonly embeds?: undefined;
  readonly quotes?: undefined;
  /** {@link TaskFacts.devScore}. @param margins score of the preferred answer less the other's, row by row */
  scored(margins: readonly number[]): number;
}

/** Test rows, and where a model finds the answer to each question; an empty text is none. */
export interface Quoted {
  readonly test: readonly TextRow[];
  readonly quotes: readonly Pick<Quote, "text" | "start" | "end">[];
}

/** A task whose model finds answers in texts. */
export interface QuoteTask<Name extends string = string> extends TaskFacts<Name>, Judging {
  readonly forecasts?: undefined;
  readonly chooses?: undefined;
  readonly several?: undefined;
  readonly words?: undefined;
  readonly writes?: undefined;
  readonly ranks?: undefined;
  readonly embeds?: undefined;
  readonly quotes: true;
  /** {@link TaskFacts.devScore} of answers. */
  scored(rows: readonly TextRow[], answers: readonly string[]): number;
  metrics(scoring: Scoring, quoted: Quoted): Metrics;
}

/** Test rows, and which of its choices a model takes of each. */
export interface Chosen {
  readonly test: readonly TextRow[];
  readonly choices: readonly Choice[];
}

/** A task whose model chooses among answers that come with each row. */
export interface ChoiceTask<Name extends string = string> extends TaskFacts<Name> {
  readonly forecasts?: undefined;
  readonly words?: undefined;
  readonly writes?: undefined;
  readonly ranks?: undefined;
  readonly embeds?: undefined;
  readonly quotes?: undefined;
  readonly chooses: true;
  readonly several?: undefined;
  /** {@link TaskFacts.devScore} of choices. @param choices number of the chosen one, from 0, row by row */
  scored(rows: readonly TextRow[], choices: readonly number[]): number;
  metrics(scoring: Scoring, chosen: Chosen): Metrics;
}

/** Several tasks about whole rows, each with a head of its own on one encoder. */
export interface SeveralTask<Name extends string = string> extends TaskFacts<Name> {
  readonly forecasts?: undefined;
  readonly words?: undefined;
  readonly writes?: undefined;
  readonly ranks?: undefined;
  readonly embeds?: undefined;
  readonly quotes?: undefined;
  readonly chooses?: undefined;
  readonly several: true;
  /** {@link TaskFacts.devScore} of outputs. @param outputs of all heads side by side, numbers in the targets' unit */
  scored(heads: readonly TaskHead[], rows: Rows, outputs: readonly ArrayLike<number>[]): number;
}

/** A row of a series: what a model reads of it, and what came after. */
export interface FutureRow extends Row {
  readonly series: string;
  /** First step to come, `2014-03-05 12:00`. */
  readonly next: string;
  readonly history: readonly (number | null)[];
  readonly season: number;
  /** Values of the steps to come; null for those that nobody knows. */
  readonly target: readonly (number | null)[];
  /** What MASE divides by; null where it is not known. */
  readonly scale: number | null;
}

/** Test rows and the quantiles that a model states of each. */
export interface Forecasted {
  readonly test: Rows;
  /** Ascending. */
  readonly levels: readonly number[];
  /** [steps · levels] of each row, all levels of the first step first, in the data's own unit. */
  readonly forecasts: readonly ArrayLike<number>[];
}

/** A task whose model forecasts the next steps of a series. */
export interface ForecastTask<Name extends string = string> extends TaskFacts<Name> {
  readonly words?: undefined;
  readonly writes?: undefined;
  readonly ranks?: undefined;
  readonly embeds?: undefined;
  readonly quotes?: undefined;
  readonly chooses?: undefined;
  readonly several?: undefined;
  readonly forecasts: true;
  /** {@link TaskFacts.devScore} of forecasts in the data's own unit. */
  scored(rows: Rows, levels: readonly number[], forecasts: readonly ArrayLike<number>[]): number;
  metrics(scoring: Scoring, forecasted: Forecasted): Metrics;
}

/** A task: `words`, `writes`, `ranks`, `embeds`, `quotes`, `chooses`, `several` and `forecasts` tell the kinds apart. */
export type Task<Name extends string = string> =
  | RowTask<Name>
  | WordTask<Name>
  | TextTask<Name>
  | RankTask<Name>
  | VectorTask<Name>
  | QuoteTask<Name>
  | ChoiceTask<Name>
  | SeveralTask<Name>
  | ForecastTask<Name>;

/** A task whose answers to groups an audit compares. */
export type JudgedTask<Name extends string = string> = RowTask<Name> | WordTask<Name> | QuoteTask<Name>;

/** A task whose answers are labels, numbers or entities. */
export type AnsweringTask<Name extends string = string> = RowTask<Name> | WordTask<Name>;

/** Whether a task's answers are labels, numbers or entities. */
export const isAnswering = <Name extends string>(task: Task<Name>): task is AnsweringTask<Name> =>
  !task.writes && !task.ranks && !task.embeds && !task.quotes && !task.chooses && !task.several && !task.forecasts;

/** Whether there is one such answer for a whole row. */
export const isWhole = <Name extends string>(task: Task<Name>): task is RowTask<Name> =>
  isAnswering(task) && !task.words;
