// The recipe's tasks: what each of several heads on one encoder learns, from a column of its own. And what they may not be combined with:
// each refused by name, with the reason.
import { z } from "zod";
import type { TaskColumns } from "../data/index.ts";
import { severalTasks, type TaskHead } from "../models/index.ts";
import { type TaskName, taskOf } from "../tasks/index.ts";
import { type Condition, ofLabels, ofMitigation, thatHold } from "./conditions.ts";
import { labelName, labelWords } from "./recipe-data.ts";
import type { RecipeFault } from "./recipe-fault.ts";

const one = z.strictObject({
  task: z
    .enum(severalTasks)
    .describe(
      "What the head predicts of the whole text. single-label: one class; multi-label: any number of classes; regression: a number. Tags of words, classes in an order and written texts need a model of their own.",
    ),
  label: z.string().min(1).optional().describe("Column of its labels or numbers. Default: the task's name."),
  weight: z
    .number()
    .positive()
    .default(1)
    .describe("Factor on its loss, and its weight in the score of the validation set."),
  labels: labelWords.optional().describe("As data.labels, of this task."),
  separator: z.string().min(1).optional().describe("As data.separator, of this task."),
  rename: z.record(z.string(), labelName).default({}).describe("As data.rename, of this task."),
  exclude: z
    .array(labelName)
    .default([])
    .describe("Labels that count as none. A row without another label is left out."),
  targets: z
    .strictObject({
      mean: z.number().describe("Mean of the targets."),
      std: z.number().positive().describe("Standard deviation of the targets."),
    })
    .optional()
    .describe("As adapt.targets, of this task."),
});

/** The recipe's section `tasks`. */
export const tasksSchema = z
  .record(z.string(), one)
  .refine((tasks) => Object.keys(tasks).every((name) => /^\p{L}[\p{L}\p{N} _-]{0,63}$/u.test(name)), {
    message: "names that begin with a letter, of letters, digits, spaces, _ and -",
  })
  .refine((tasks) => Object.keys(tasks).length >= 2 && Object.keys(tasks).length <= 64, {
    message: "two to 64 tasks; a single one needs no name: set task and data.label",
  })
  .optional()
  .describe(
    "multi-task: the tasks that one encoder learns, each with a head of its own, by name. A row may lack labels of some of them.",
  );

type Tasks = NonNullable<z.output<typeof tasksSchema>>;

/** How a recipe's tasks are read; undefined for a recipe of one task. */
export function taskColumns({ tasks }: { readonly tasks?: Tasks }): TaskColumns | undefined {
  if (!tasks) return undefined;
  const entries = Object.entries(tasks).map(([name, { task, label = name, labels, separator, rename, exclude }]) => {
    const { reads } = taskOf(task);
    const kind = reads === "labels" || reads === "value" ? reads : ("label" as const);
    return [name, { label, kind, separator, labelNames: labels, rename, exclude }] as const;
  });
  return Object.fromEntries(entries);
}

/** The heads of a recipe's tasks. @param classes that each task has in the rows */
export const headsOf = (
  { tasks = {} }: { readonly tasks?: Tasks },
  classes: Readonly<Record<string, readonly string[]>>,
): TaskHead[] =>
  Object.entries(tasks).map(([name, { task, weight }]) => ({ name, task, labels: classes[name] ?? [], weight }));

/** What {@link taskFaults} looks at. */
interface Asked {
  readonly task: TaskName;
  readonly tasks?: Tasks;
  readonly modality: string;
  readonly data: {
    readonly label: string;
    readonly labels?: readonly string[];
    readonly separator?: string;
    readonly exclude: readonly string[];
    readonly rename: Readonly<Record<string, string>>;
  };
  readonly adapt: {
    readonly labelSmoothing: number;
    readonly targets?: unknown;
    readonly privacy?: unknown;
    readonly mitigation: Parameters<typeof ofMitigation>[0];
  };
  readonly audit?: unknown;
  readonly compress?: unknown;
  readonly together?: unknown;
}

/** @returns what is wrong, in the order of the recipe */
export const taskFaults = (recipe: Asked): RecipeFault[] =>
  thatHold(
    taskOf(recipe.task).several
      ? [
          ...faultsOfSeveral(recipe),
          ...Object.entries(recipe.tasks ?? {}).flatMap(([name, own]) => faultsOfOne(recipe, name, own)),
        ]
      : [[recipe.tasks !== undefined, ["tasks"], "only multi-task has several tasks: set task: multi-task"]],
  );

const faultsOfSeveral = ({ tasks, modality, data, adapt, audit, compress, together }: Asked): Condition[] => [
  [
    tasks === undefined,
    ["tasks"],
    "name the tasks, each with its column: tasks: { urgency: { task: single-label, label: urgency } }",
  ],
  [modality !== "text", ["task"], "several heads read texts so far: set modality: text"],
  [data.label !== "label", ["data", "label"], "each task has its own column: tasks.NAME.label"],
  [data.separator !== undefined, ["data", "separator"], "each task has its own separator: tasks.NAME.separator"],
  ofLabels(data, "each task has its own labels: write it in the task's section, tasks.NAME"),
  [
    adapt.labelSmoothing > 0,
    ["adapt", "labelSmoothing"],
    "labels of several heads are not smoothed so far: leave it out",
  ],
  [
    adapt.targets !== undefined,
    ["adapt", "targets"],
    "each task has its own mean and standard deviation: tasks.NAME.targets",
  ],
  ofMitigation(adapt.mitigation, "mitigation changes decisions of one head: leave it out"),
  [Boolean(audit), ["audit"], "audits look at models with one head so far: leave it out"],
  [compress !== undefined, ["compress"], "models with several heads are not compressed so far: leave it out"],
  [together !== undefined, ["together"], "studies learn one task together so far: leave it out"],
];

function faultsOfOne({ adapt }: Asked, name: string, own: Tasks[string]): Condition[] {
  const { numeric, separated } = taskOf(own.task);
  const { labels, separator, rename, exclude, targets } = own;
  return [
    [numeric && labels !== undefined, ["tasks", name, "labels"], "numbers have no labels: leave it out"],
    [numeric && Object.keys(rename).length > 0, ["tasks", name, "rename"], "numbers have no labels: leave it out"],
    [numeric && exclude.length > 0, ["tasks", name, "exclude"], "numbers have no labels: leave it out"],
    [
      !separated && separator !== undefined,
      ["tasks", name, "separator"],
      "only several labels are separated: leave it out",
    ],
    [
      !numeric && targets !== undefined,
      ["tasks", name, "targets"],
      "only numbers have a mean and a standard deviation: leave it out",
    ],
    [
      numeric && Boolean(adapt.privacy) && targets === undefined,
      ["tasks", name, "targets"],
      "private training must not read mean and standard deviation from its rows: state what is publicly known, such as targets: { mean: 50, std: 20 }",
    ],
  ];
}
