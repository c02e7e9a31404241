// What the scoring of a task is given and gives. Knows no task.

import { hiddenCells } from "../base/index.ts";
import type { EntitySpan, NumberGroups, Row, TagScheme } from "../data/index.ts";
import {
  type ClassRecord,
  type Draws,
  namedInterval,
  type RowMetric,
  type Score,
  type StatedProbabilities,
} from "../eval/index.ts";
import { groupingOf } from "../fairness/index.ts";
import type { Language } from "../messages/index.ts";
import type { TaskHead } from "../models/index.ts";

export type Rows = readonly Row[];
export type Logits = readonly Float32Array[];

/** A label, several labels, or a number; of texts whose words are labelled, entities; of series quantiles by step. */
export type RowAnswer = OneAnswer | TaskAnswers;
type OneAnswer = string | readonly string[] | number | readonly EntitySpan[] | readonly number[];

/** Of several tasks: each one's answer, by its name. */
export interface TaskAnswers {
  readonly [task: string]: OneAnswer;
}

/** What scores are made with, besides answers. */
export interface Scoring extends Draws {
  readonly language: Language;
  /** Groups of fewer rows are not reported. */
  readonly smallestCell: number;
  /** Groups of each attribute, test row by test row. */
  readonly groups: Readonly<Record<string, NumberGroups>>;
  /** The label whose decisions the audit of fairness compares. */
  readonly positive?: string;
  /** Of the tags of words. */
  readonly scheme: TagScheme;
  /** Whether the table of tags has a row for words outside of entities, and counts them in its averages. Default no. */
  readonly outside?: boolean;
  /** Unit of entities' places in files. */
  readonly offsets: "code-points" | "utf-16";
}

/** How answers to the test rows are scored, whoever gave them. */
export interface Comparison {
  /** The model's. */
  readonly answers: readonly RowAnswer[];
  /** Each score as a function of answers; the first is the one that verdicts are about. */
  readonly scores: Readonly<Record<string, (answers: readonly RowAnswer[]) => RowMetric>>;
  /** True where less is better (an error). */
  readonly isError?: boolean;
  /** Draws the interval of a baseline's score. Default baselines have none. */
  readonly scoreOf?: (name: string, metric: RowMetric) => Score | null;
  /** Scores that the terminal shows one a line, with the baselines' beside the model's. Default those of baselines stand on a line of their own. */
  readonly lines?: readonly string[];
}

/** What has a stated probability: the answer to a row, each label of a row, or each entity that is found. */
export type StatedOf = "answers" | "labels" | "entities";

/** Scores without the test rows that are in training too. */
export interface UntrainedScores {
  /** Rows that are scored. */
  readonly rows: number;
  readonly leftOut: number;
  /** Scores by name. */
  readonly [score: string]: unknown;
}

/** Scores of one evaluation: `record` goes to metrics.json, `predictions` to predictions.jsonl, `text` to the terminal. */
export interface Metrics {
  readonly record: Record<string, unknown>;
  readonly predictions: readonly Record<string, unknown>[];
  readonly summary: Record<string, unknown>;
  /** Empty where the comparison names `lines`. */
  readonly text: string;
  /** Where test rows are in training too: the scores of the others. */
  readonly untrained?: UntrainedScores;
  /** Scores of every class, for classes.csv where metrics.json has only some. */
  readonly classes?: readonly ClassRecord[];
  /** Of several tasks: the scores of each. */
  readonly parts?: readonly TaskMetrics[];
  /** How answers are scored, for baselines on the same rows. */
  readonly comparison?: Comparison;
  /** The probabilities that answers to the rows state; numbers have none. */
  readonly stated?: StatedProbabilities;
}

/** Scores of one of several tasks, on the rows that have a label of it. */
export interface TaskMetrics {
  readonly head: TaskHead;
  readonly rows: Rows;
  readonly metrics: Metrics;
}

/**
 * A score for each value of each attribute; small groups are not shown, and where one alone is small, the next smallest is
 * not either: the score of all rows would give it away.
 * @param score of some of `rows`
 */
export function groupScores(
  { smallestCell, groups: attributes }: Scoring,
  rows: Rows,
  name: string,
  score: (picked: Int32Array, seed: string) => Score,
): Record<string, Record<string, Record<string, unknown>>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([attribute, { groups }]) => {
      const { names, rows: sizes, groupOf } = groupingOf(attribute, groups); // in the order that the audit has
      const hidden = hiddenCells(sizes, smallestCell);
      const scored = names.map((value, g) => {
        if (sizes[g]! < smallestCell) return [value, { rows: `under ${smallestCell}` }] as const;
        if (hidden.has(g)) return [value, { rows: "withheld" }] as const;
        const members = Int32Array.from(rows.keys()).filter((row) => groupOf[row] === g);
        return [value, { rows: members.length, [name]: score(members, ` ${attribute} ${value}`) }] as const;
      });
      return [attribute, Object.fromEntries(scored)];
    }),
  );
}

/** {@link groupScores}' score of a metric without a formula: by the bootstrap. @param metric of row numbers of `rows` */
export const drawnScore =
  (draws: Draws, rows: Rows, name: string, metric: (rows: Int32Array) => number) =>
  (members: Int32Array, seed = ""): Score =>
    namedInterval(
      draws,
      Array.from(members, (i) => rows[i]!),
      name,
      (picked) => metric(picked.map((i) => members[i]!)),
      seed,
    );
