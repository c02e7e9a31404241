// Several heads on one encoder, each of a task about the whole text. The rows of a task are those that have a label of it. Judged by each
// task's own scores; where one number is asked for, by the mean of their first ones, weighed as their losses are.
import { rowsOfTask } from "../data/index.ts";
import type { RowMetric } from "../eval/index.ts";
import { headRanges, type TaskHead } from "../models/index.ts";
import { decodeAnswer } from "../predict/index.ts";
import { multiLabel } from "./multi-label.ts";
import { regression } from "./regression.ts";
import type { RowAnswer, Rows, TaskAnswers } from "./scoring.ts";
import { singleLabel } from "./single-label.ts";
import type { ComparedRows, RowTask, SeveralTask } from "./task.ts";

const tasksOfHeads = { "single-label": singleLabel, "multi-label": multiLabel, regression } as const satisfies Readonly<
  Record<TaskHead["task"], RowTask>
>;

/** The task of one of several heads. @example taskOfHead(head).numeric // false */
export const taskOfHead = ({ task }: Pick<TaskHead, "task">): RowTask<TaskHead["task"]> => tasksOfHeads[task];

/** What a head's outputs answer, in the unit of its targets. */
function answerOf({ task, labels }: TaskHead, logits: ArrayLike<number>): TaskAnswers[string] {
  const answer = decodeAnswer(task, labels, logits);
  if (answer.kind === "value") return answer.value;
  return answer.kind === "labels" ? (answer.labels ?? []) : String("label" in answer ? answer.label : "");
}

/** Answers of all heads to rows, by the names of their tasks. @param outputs of all heads side by side, numbers in their unit */
export const answersOfHeads = (heads: readonly TaskHead[], outputs: readonly ArrayLike<number>[]): TaskAnswers[] =>
  outputs.map((row) =>
    Object.fromEntries(
      headRanges(heads).map(({ head, start, end }) => [head.name, answerOf(head, Array.from(row).slice(start, end))]),
    ),
  );

/** A score below this counts as this: an R² of far less would hide what the other tasks have learned. */
const leastScore = -1;

/**
 * Σ w·s / Σ w of the tasks' first scores s: macro F1 of labels, and of numbers R², which is 1 − MSE / variance and so a score without unit
 * of which more is better; below −1 it counts as −1. A task of which the picked rows define no score is left out with its weight.
 */
export function meanScore(heads: readonly TaskHead[], rows: Rows, answers: readonly TaskAnswers[]): RowMetric {
  const scores = heads.map((head) => firstScore(head, rows, answers));
  return (picked) => {
    let [sum, weights] = [0, 0];
    for (const [h, { weight }] of heads.entries()) {
      const score = scores[h]!(picked);
      if (!Number.isFinite(score)) continue;
      sum += weight * Math.max(leastScore, score);
      weights += weight;
    }
    return weights > 0 ? sum / weights : Number.NaN;
  };
}

/** One task's first score of some of all rows; NaN where they have no label of it, or define none. */
function firstScore(head: TaskHead, rows: Rows, answers: readonly TaskAnswers[]): RowMetric {
  const { firstLook } = taskOfHead(head);
  return ofTask(head.name, rows, (own, at) =>
    firstLook.of(
      head.labels,
      own,
      at.map((i) => answers[i]![head.name]!),
    ),
  );
}

/** A score of the picked rows that have a label of a task. @param of those rows as rows of the task alone, and their numbers among all */
const ofTask =
  (name: string, rows: Rows, of: (own: Rows, at: readonly number[]) => number): RowMetric =>
  (picked) => {
    const at = Array.from(picked).filter((i) => rows[i]!.targets?.[name]);
    const own = rowsOfTask(
      at.map((i) => rows[i]!),
      name,
    );
    const differ = own.some(({ value }) => value !== own[0]!.value) || own[0]?.value === undefined;
    return own.length && differ ? of(own, at) : Number.NaN;
  };

/** Scores of saved answers: the mean, then each task's own of which more is better. */
function compared({ predictions, test, heads = [] }: ComparedRows) {
  const answers = predictions.map(({ predicted }) => predicted as TaskAnswers);
  const own = heads.flatMap((head) => {
    const { firstLook } = taskOfHead(head);
    const of = (given: readonly RowAnswer[]) => firstScore(head, test, given as readonly TaskAnswers[]);
    return [[`${head.name}.${firstLook.name}`, of] as const];
  });
  const all = (given: readonly RowAnswer[]) => meanScore(heads, test, given as readonly TaskAnswers[]);
  return { answers, scores: { meanScore: all, ...Object.fromEntries(own) } };
}

export const multiTask: SeveralTask<"multi-task"> = {
  name: "multi-task",
  head: "multi-task",
  reads: "tasks",
  several: true,
  numeric: false,
  exclusive: false,
  separated: false,
  calibrated: false,
  shown: {
    classes: ["report.classes", "report.class"],
    worst: "report.worst",
    number: "report.probability",
  },
  wrongMeans: "error",
  devScore: { name: "meanScore", tracked: "dev_score", better: "higher" },
  headLabels: () => undefined,
  classesOf: (labels) => labels,
  positives: () => [],
  compared,
  wrong: (predictions) =>
    predictions.map(({ predicted, truth }) => Number(JSON.stringify(predicted) !== JSON.stringify(truth))),
  scored: (heads, rows, outputs) =>
    meanScore(heads, rows, answersOfHeads(heads, outputs))(Int32Array.from(rows.keys())),
};
