// Finished runs beside each other: scores on the test rows that all of them have, paired differences from the first, and what their
// recipes say differently. Knows no task.
import { basename, dirname, resolve } from "node:path";
import { artifacts, openRunFolder, rowsFolder } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { namedInterval, type RowMetric, type Score } from "../eval/index.ts";
import { modalities } from "../modalities/node/index.ts";
import type { TaskHead } from "../models/index.ts";
import { headsOf, type Recipe } from "../recipe/index.ts";
import { pairedDifference } from "../stages/index.ts";
import { finishedStage } from "../store/index.ts";
import { type RowAnswer, type Rows, taskOf } from "../tasks/index.ts";
import { recipeDifferences } from "./recipe-differences.ts";

type Difference = ReturnType<typeof pairedDifference>;

/** A run and how it stands. */
export interface ComparedRun {
  /** Name of its folder; its path where another of the runs has this name. */
  readonly name: string;
  readonly path: string;
  /** Test rows of its own. */
  readonly testRows: number;
  /** By name, on the rows that all runs have; null where they define none. */
  readonly scores: Readonly<Record<string, Score | null>>;
  /** How much better it is than the first run, score by score: positive is better, also of errors. Absent for the first. */
  readonly better?: Readonly<Record<string, Difference | null>>;
}

export interface RunComparison {
  readonly task: string;
  /** Test rows that all runs have: those that are scored. */
  readonly rows: number;
  /** Whether all runs have the same test rows. */
  readonly sameRows: boolean;
  /** Names of the scores; verdicts are about the first. */
  readonly scores: readonly string[];
  readonly runs: readonly ComparedRun[];
  /** Keys of the recipes that differ, with the value that each run has; undefined where it has none. */
  readonly recipe: readonly { readonly key: string; readonly values: readonly (string | undefined)[] }[];
}

interface OpenedRun {
  readonly path: string;
  readonly recipe: Recipe;
  readonly test: Rows;
  /** What tells a row from all others: content, truth, and which of several equal rows it is. */
  readonly keys: readonly string[];
  readonly predictions: Awaited<ReturnType<typeof artifacts.predictions.read>>;
  readonly classes: readonly string[];
  /** Of a model with several heads. */
  readonly heads?: readonly TaskHead[];
  readonly metrics: Readonly<Record<string, unknown>>;
}

const refused = (facts: { problem: string; expected?: string; got?: string; hint?: string; path?: string }) =>
  new ConcordError("E_DATA", { operation: "compare", ...facts });

/**
 * Compares finished runs of one task on the test rows that all of them have. Intervals are 95 %, from the paired bootstrap; rows of one group
 * are drawn together.
 * @param folders of two runs or more; differences are from the first
 * @throws E_ARGUMENT for fewer than two; E_DATA for runs without scores, of several tasks, or without a test row in common
 * @example const { runs } = await compareRuns(["runs/small", "runs/large"]); runs[1].better?.macroF1?.verdict // "better"
 */
export async function compareRuns(folders: readonly string[]): Promise<RunComparison> {
  if (new Set(folders.map((folder) => resolve(folder))).size < Math.max(2, folders.length))
    throw new ConcordError("E_ARGUMENT", {
      operation: "compare",
      problem: "there is nothing to compare",
      expected: "two runs or more, each once",
      got: folders.join(", "),
    });
  const opened: OpenedRun[] = [];
  for (const folder of folders) opened.push(await openedRun(folder));
  const [first] = opened;
  const { task } = first!.recipe;
  const other = opened.find(({ recipe }) => recipe.task !== task);
  if (other)
    throw refused({
      problem: "the runs have different tasks",
      expected: `task: ${task}`,
      got: `task: ${other.recipe.task}`,
      path: other.path,
    });
  const tasks = ({ heads = [] }: OpenedRun) => heads.map(({ name, task }) => `${name}: ${task}`).join(", ");
  const unlike = opened.find((run) => tasks(run) !== tasks(first!));
  if (unlike)
    throw refused({
      problem: "the runs have different tasks",
      expected: tasks(first!),
      got: tasks(unlike),
      path: unlike.path,
    });
  const common = commonKeys(opened);
  const { scores, metricsOf, isError } = scoring(opened, common);
  const rows = picked(first!, common).test;
  const draws = { seed: first!.recipe.seed, resamples: first!.recipe.evaluate.resamples };
  const metrics = opened.map(metricsOf);
  const scoreOf = (name: string, metric: RowMetric) => {
    const defined = rows.length > 1 && Number.isFinite(metric(Int32Array.from(rows.keys())));
    return defined ? namedInterval(draws, rows, name, metric) : null;
  };
  const betterThanFirst = (own: (typeof metrics)[number], score: string) => {
    const [a, b] = isError ? [metrics[0]![score]!, own[score]!] : [own[score]!, metrics[0]![score]!];
    const every = Int32Array.from(rows.keys());
    if (rows.length < 2 || !Number.isFinite(a(every) - b(every))) return null;
    return pairedDifference(a, b, rows, { stream: `compare ${draws.seed} ${score}`, resamples: draws.resamples });
  };
  const by = <T>(of: (score: string) => T) => Object.fromEntries(scores.map((score) => [score, of(score)]));
  const names = folders.map((folder) => basename(resolve(folder)));
  return {
    task,
    rows: rows.length,
    sameRows: opened.every(({ keys }) => keys.length === common.size),
    scores,
    runs: opened.map(({ path, test }, i) => ({
      name: names.filter((name) => name === names[i]).length > 1 ? lastFolders(path) : names[i]!,
      path,
      testRows: test.length,
      scores: by((score) => ownScore(opened[i]!, common.size, score) ?? scoreOf(score, metrics[i]![score]!)),
      ...(i > 0 && { better: by((score) => betterThanFirst(metrics[i]!, score)) }),
    })),
    recipe: recipeDifferences(opened.map(({ recipe }) => recipe)),
  };
}

/** The folder and the one that it lies in. */
const lastFolders = (path: string): string => `${basename(dirname(path))}/${basename(path)}`;

/** The score that evaluation wrote, with its interval, where it is of the same rows. */
function ownScore({ metrics, test }: OpenedRun, rows: number, name: string): Score | undefined {
  const found = metrics[name];
  if (test.length !== rows || typeof found !== "object" || found === null) return undefined;
  const { value, low, high }: Partial<Record<keyof Score, unknown>> = found;
  return typeof value === "number" && typeof low === "number" && typeof high === "number"
    ? { value, low, high }
    : undefined;
}

async function openedRun(folder: string): Promise<OpenedRun> {
  const { recipe, home } = await openRunFolder(folder);
  if (!(await finishedStage(folder, "evaluate")))
    throw refused({
      problem: "the run has no scores",
      expected: "a run whose stage evaluate has finished",
      hint: `concord resume ${folder}`,
      path: folder,
    });
  const [test, predictions] = [await artifacts.rows.test.read(folder), await artifacts.predictions.read(folder)];
  if (test.length !== predictions.length)
    throw refused({
      problem: "the run's predictions are not those of its test rows",
      expected: `${test.length} predictions`,
      got: String(predictions.length),
      hint: `concord resume ${folder}`,
      path: folder,
    });
  const { identity } = modalities[recipe.modality].rows(rowsFolder(recipe, home));
  const seen = new Map<string, number>();
  const keys = test.map((row) => {
    const { labels, value, targets } = row;
    const spans = "spans" in row ? row.spans : undefined;
    const key = JSON.stringify([identity(row), labels, value, targets, spans]);
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return `${key} ${nth}`;
  });
  const { labels: classes, tasks } = await artifacts.facts.prepare.read(folder);
  const heads = tasks && headsOf(recipe, tasks);
  const metrics = await artifacts.metrics.read(folder);
  return { path: resolve(folder), recipe, test, keys, predictions, classes, heads, metrics };
}

/** Test rows that all runs have. @throws E_DATA where there are none */
function commonKeys(opened: readonly OpenedRun[]): Set<string> {
  const [first, ...others] = opened.map(({ keys }) => keys);
  const sets = others.map((keys) => new Set(keys));
  const common = new Set(first!.filter((key) => sets.every((set) => set.has(key))));
  if (common.size === 0)
    throw refused({
      problem: "the runs have no test row in common",
      expected: "runs that were scored on the same rows",
      got: opened.map(({ keys }) => `${keys.length} test rows`).join(", "),
      hint: "use one table with one split: the same seed, or data.split.files.test",
    });
  return common;
}

/** A run's rows and predictions that all runs have, in the order of their keys: the same for every run. */
function picked({ keys, test, predictions }: OpenedRun, common: ReadonlySet<string>) {
  const places = new Map(keys.map((key, i) => [key, i]));
  const order = [...common].map((key) => places.get(key)!);
  return { test: order.map((i) => test[i]!), predictions: order.map((i) => predictions[i]!) };
}

/** Which scores there are, and each run's as functions of the common rows. */
function scoring(opened: readonly OpenedRun[], common: ReadonlySet<string>) {
  const { task: name, data } = opened[0]!.recipe;
  const task = taskOf(name);
  const classes = [...new Set(opened.flatMap((run) => run.classes))].sort();
  const labels = task.headLabels(classes, data.scheme) ?? [];
  const judgement = (["margin", "reward"] as const).find((name) =>
    opened.every(({ predictions }) => predictions.every((one) => typeof one[name] === "number")),
  );
  const { heads } = opened[0]!; // weights of the first run's tasks are those of the mean
  const compared = (run: OpenedRun) =>
    task.compared({
      ...picked(run, common),
      labels,
      heads,
      scheme: data.scheme,
      offsets: run.recipe.data.offsets,
      judgement,
    });
  const metricsOf = (run: OpenedRun): Record<string, RowMetric> => {
    const { answers, scores } = compared(run);
    return Object.fromEntries(
      Object.entries(scores).map(([score, of]: [string, (answers: readonly RowAnswer[]) => RowMetric]) => [
        score,
        of(answers),
      ]),
    );
  };
  const { scores, isError = false } = compared(opened[0]!);
  return { scores: Object.keys(scores), metricsOf, isError };
}
