// What can be predicted, one task a file. A new task is a file of this room and a name in `registered`; recipes take their enum from it.
import { ConcordError } from "../base/index.ts";
import { embeddings } from "./embeddings.ts";
import { entities } from "./entities.ts";
import { forecasting } from "./forecasting.ts";
import { multiLabel } from "./multi-label.ts";
import { multiTask } from "./multi-task.ts";
import { multipleChoice } from "./multiple-choice.ts";
import { ordinal } from "./ordinal.ts";
import { questionAnswering } from "./question-answering.ts";
import { regression } from "./regression.ts";
import { reward } from "./reward.ts";
import { singleLabel } from "./single-label.ts";
import { type AnsweringTask, isAnswering, type JudgedTask, type Task } from "./task.ts";
import { textGeneration } from "./text-generation.ts";

export { answersOfHeads, meanScore, taskOfHead } from "./multi-task.ts";
export { classTable, intervalText } from "./scores/class-table.ts";
export { documentsOf } from "./scores/embeddings.ts";
export { forecastSumsOf } from "./scores/forecasting.ts";
export { type JudgedRows, judgedMetrics, judgedScore, preferenceAccuracy } from "./scores/preferences.ts";
export { pairMetrics, pairsAgree } from "./scores/similarity.ts";
export { writtenParts } from "./scores/text-generation.ts";
export { type TriedScores, triedScores } from "./scores/tried.ts";
export {
  type Comparison,
  groupScores,
  type Logits,
  type Metrics,
  type RowAnswer,
  type Rows,
  type Scoring,
  type StatedOf,
  type TaskAnswers,
  type TaskMetrics,
  type UntrainedScores,
} from "./scoring.ts";
export type {
  AnsweringTask,
  ChoiceTask,
  Chosen,
  Forecasted,
  ForecastTask,
  Foretold,
  FutureRow,
  JudgedTask,
  LinearGiven,
  Prediction,
  Quoted,
  QuoteTask,
  Ranked,
  RankTask,
  RowTask,
  SeveralTask,
  Task,
  TextTask,
  VectorTask,
  WordTask,
} from "./task.ts";
export { isAnswering, isWhole } from "./task.ts";

const registered = [
  singleLabel,
  ordinal,
  multiLabel,
  regression,
  multiTask,
  entities,
  embeddings,
  questionAnswering,
  multipleChoice,
  textGeneration,
  reward,
  forecasting,
];

/** A task's name in recipes. */
export type TaskName = (typeof registered)[number]["name"];

/** Every task. */
export const tasks: readonly Task<TaskName>[] = registered;

/** Names of tasks, in the order of {@link tasks}. */
export const taskNames: readonly TaskName[] = registered.map(({ name }) => name);

/** The task of a recipe. @example taskOf("regression").numeric // true */
export const taskOf = (name: TaskName): Task<TaskName> => tasks.find((task) => task.name === name)!;

/** The task of a recipe, for what compares answers to groups. @throws E_CONFIG as {@link answeringTaskOf} */
export function judgedTaskOf(name: TaskName): JudgedTask<TaskName> {
  const task = taskOf(name);
  return task.quotes ? task : answeringTaskOf(name);
}

/** The task of a recipe, for what looks at labels, numbers or entities. @throws E_CONFIG for one whose model writes texts */
export function answeringTaskOf(name: TaskName): AnsweringTask<TaskName> {
  const task = taskOf(name);
  if (isAnswering(task)) return task;
  throw new ConcordError("E_CONFIG", {
    operation: "read recipe",
    problem: task.ranks
      ? "a reward model gives no labels to look at"
      : task.quotes
        ? "a model that finds answers in texts gives no labels to look at"
        : task.chooses
          ? "a model that chooses among answers gives no labels to look at"
          : task.several
            ? "a model with several heads gives no one label to look at"
            : task.forecasts
              ? "a model that forecasts gives no label to look at"
              : "a model that writes texts or makes vectors gives no labels to look at",
    expected: tasks
      .filter(isAnswering)
      .map((other) => other.name)
      .join(", "),
    got: name,
    path: "task",
  });
}
