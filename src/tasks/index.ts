// What can be predicted, one task a file. A new task is a file of this room and a name in `registered`; recipes take their enum from it.
import { entities } from "./entities.ts";
import { multiLabel } from "./multi-label.ts";
import { regression } from "./regression.ts";
import { singleLabel } from "./single-label.ts";
import type { Task } from "./task.ts";

export { classTable, intervalText } from "./scores/class-table.ts";
export {
  type Comparison,
  groupScores,
  type Metrics,
  type RowAnswer,
  type Rows,
  type Scoring,
  type StatedOf,
  type UntrainedScores,
} from "./scoring.ts";
export type { LinearGiven, Prediction, RowTask, Task, WordTask } from "./task.ts";

const registered = [singleLabel, multiLabel, regression, entities];

/** A task's name in recipes. */
export type TaskName = (typeof registered)[number]["name"];

/** Every task. */
export const tasks: readonly Task<TaskName>[] = registered;

/** Names of tasks, in the order of {@link tasks}. */
export const taskNames: readonly TaskName[] = registered.map(({ name }) => name);

/** The task of a recipe. @example taskOf("regression").numeric // true */
export const taskOf = (name: TaskName): Task<TaskName> => tasks.find((task) => task.name === name)!;
