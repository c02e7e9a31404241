// Sections of a model with several heads: each task's own, one after the other, as for a model of that task alone. Computes nothing.
import { say } from "../../messages/index.ts";
import { count, type Html, html, isRecord } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { known } from "../words.ts";
import { baselinesIn } from "./baselines.ts";

/** What a report shows of one task. */
export interface TaskInput {
  readonly name: string;
  readonly input: ReportInput;
}

/** A report's input for each task of several; none where there is one task. */
export function taskInputs(input: ReportInput): TaskInput[] {
  const { tasks } = input.metrics;
  return Object.entries(isRecord(tasks) ? tasks : {}).flatMap(([name, metrics]): TaskInput[] => {
    if (!isRecord(metrics)) return [];
    const { task, weight: _, rows, ...scores } = metrics;
    const own = { task: task as ReportInput["task"], metrics: scores, testRows: Number(rows) };
    return [{ name, input: { ...input, ...own, pairs: input.taskPairs?.[name] ?? [] } }];
  });
}

/** A section, or that of each task below its name. @returns undefined where no task has it */
export async function byTask(
  input: ReportInput,
  section: (input: ReportInput) => Promise<Html | undefined>,
): Promise<Html | undefined> {
  const tasks = taskInputs(input);
  if (!tasks.length) return await section(input);
  const contents = await Promise.all(
    tasks.map(async ({ name, input: own }) => ({ name, own, content: await section(own) })),
  );
  const shown = contents.filter(({ content }) => content !== undefined);
  if (!shown.length) return undefined;
  const { language } = input;
  return html`${shown.map(
    ({ name, own, content }) => html`<h3>${say(language, "report.taskTitle", {
      task: name,
      kind: known(language, "report.task", own.task),
      rows: count(own.testRows),
    })}</h3>
${content}`,
  )}`;
}

/** How a task stands beside its baselines; the least comes first. */
const order = ["worse", "untold", "no-difference", "better"];

/** The task that does least well beside its own baselines; undefined where there is one task. */
export function weakestTask(input: ReportInput): TaskInput | undefined {
  const rank = ({ input: { metrics } }: TaskInput) => {
    const beside = baselinesIn(metrics);
    return beside ? order.indexOf(beside.verdict) : order.length;
  };
  return taskInputs(input).sort((a, b) => rank(a) - rank(b))[0];
}
