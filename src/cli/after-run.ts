// What is shown when a run ends: the report, and the two commands that most users need next.
import { stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { type Language, say } from "../messages/index.ts";
import { hasTestSplit, type Recipe } from "../recipe/index.ts";
import { taskOf } from "../tasks/index.ts";

/** A path as one types it here: relative where that is shorter, in quotes where it has spaces or other signs of a shell. */
export function typedPath(path: string): string {
  const below = relative(process.cwd(), path) || ".";
  const short = below.startsWith("..") ? path : below;
  return /^[\w./\\:@%+,=~-]+$/.test(short) ? short : JSON.stringify(short);
}

/** Lines that name the run folder, the report and the next commands. */
export async function afterRun(recipe: Recipe, folder: string, language: Language): Promise<string[]> {
  const has = (name: string) =>
    stat(join(folder, name)).then(
      () => true,
      () => false,
    );
  const run = typedPath(folder);
  const report = (await has("report.html"))
    ? [say(language, "run.report", { path: typedPath(join(folder, "report.html")) })]
    : [];
  const next = (await has("model")) ? commandsAfter(recipe, run, language) : [`concord resume ${run}`];
  return [
    say(language, "run.folder", { path: run }),
    ...report,
    say(language, "run.next"),
    ...next.map((command) => `  ${command}`),
  ];
}

function commandsAfter({ task, modality, data, audit }: Recipe, run: string, language: Language): string[] {
  const text = `"${say(language, "run.yourText")}"`;
  const isText = modality === "text";
  if (taskOf(task).writes || taskOf(task).embeds || taskOf(task).several)
    return [`concord predict ${run} ${text}`, `concord inspect ${run}`];
  if (taskOf(task).forecasts) return [`concord predict ${run} --file new.csv`, `concord inspect ${run}`];
  if (taskOf(task).quotes || taskOf(task).chooses)
    return [`concord predict ${run} --file new.jsonl`, `concord inspect ${run}`];
  const further = isText ? `concord explain ${run} ${text}` : `concord inspect ${run}`;
  return [
    `concord predict ${run} ${isText ? text : "--file new.csv"}`,
    hasTestSplit({ data }) && !audit ? `concord audit ${run}` : further,
  ];
}
