// Scores the model of a finished run: again on its test part, or on another table of labelled rows.
import { artifacts, openRunFolder, rowsFolder, runOf } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import {
  checkColumns,
  checkMarks,
  isExcluded,
  isQuarantined,
  knownSpelling,
  markWarnings,
  neverSeen,
  newCounts,
  type Quarantined,
  type Row,
  type RowTarget,
  renamer,
  rowsOfTask,
  type TaskColumns,
  tally,
} from "../data/index.ts";
import { makeFolder } from "../formats/node/index.ts";
import { type Language, say } from "../messages/index.ts";
import { modalities } from "../modalities/node/index.ts";
import type { TaskHead } from "../models/index.ts";
import { labellingOf, otherReading, type Recipe, type TableWriting, taskColumns } from "../recipe/index.ts";
import { columnsOf, measure, openAnyModel, writeMetrics } from "../stages/index.ts";
import { type Metrics, type Task, taskOf } from "../tasks/index.ts";

export interface EvaluateRunOptions extends TableWriting {
  /** Table with the recipe's text and label columns. Default the run's own test part. */
  readonly data?: string;
  /** Folder for metrics.json and predictions.jsonl. Default nothing is written. */
  readonly out?: string;
  readonly device?: "cpu" | "gpu";
  readonly language?: Language;
  /** Told what has to be said about the rows. */
  readonly onWarning?: (text: string) => void;
}

/**
 * Scores a run's model, or its compressed model where that folder is named. Rows are cleaned as the recipe's stage prepare does; none is dropped as a duplicate.
 * @throws E_DATA for unusable rows and for labels that the model does not have; as `openModel`
 * @example const { summary } = await evaluateRun("runs/disease", { data: "next-year.csv" });
 */
export async function evaluateRun(path: string, options: EvaluateRunOptions = {}): Promise<Metrics> {
  const run = runOf(path) ?? path;
  const { recipe: savedRecipe, home } = await openRunFolder(run);
  const recipe = {
    ...savedRecipe,
    data: { ...savedRecipe.data, decimal: options.decimal ?? savedRecipe.data.decimal },
  };
  const { predictor, processor } = await openAnyModel(path, options);
  try {
    const names = predictor.model.labels?.names ?? [];
    const labels = taskOf(recipe.task).classesOf(names);
    const { heads } = predictor.model;
    const rows =
      options.data === undefined
        ? await artifacts.rows.test.read(run)
        : await labelledRows(recipe, home, { labels, heads }, run, options);
    const metrics = await measure(
      recipe,
      { predictor, processor },
      await artifacts.rows.dev.read(run),
      rows,
      options.language ?? "en",
    );
    if (options.out !== undefined) {
      await makeFolder(options.out);
      const { out } = options;
      await writeMetrics(async (artifact, value) => void (await artifact.write(out, value)), recipe, metrics);
    }
    return metrics;
  } finally {
    await predictor.dispose();
  }
}

async function labelledRows(
  recipe: Recipe,
  home: string,
  { labels, heads }: { readonly labels: readonly string[]; readonly heads?: readonly TaskHead[] },
  run: string,
  { data: file = "", language = "en", onWarning = () => {}, ...writing }: EvaluateRunOptions,
): Promise<Row[]> {
  const { data } = recipe;
  const task = taskOf(recipe.task);
  const modality = modalities[recipe.modality];
  const kind = modality.rows(rowsFolder(recipe, home));
  const rows: Row[] = [];
  const quarantined: Quarantined[] = [];
  let excluded = 0;
  const counts = newCounts();
  const { part: _, ...columns } = columnsOf(recipe);
  const tasks = taskColumns(recipe);
  const options = { columns, kind: task.reads, tasks, ...labellingOf(data) };
  const rename = renamer(data.rename);
  let all = 0;
  for await (const record of modality.source(file, { ...otherReading(file, data, writing), onGuess: onWarning })) {
    all++;
    const row = await kind.read(record, options, counts);
    if (isQuarantined(row)) quarantined.push(row);
    else if (isExcluded(row, { exclude: data.exclude, kind: task.reads })) excluded++;
    else if (heads && tasks) {
      const targets = checkedTargets(row, heads, tasks);
      if (Object.keys(targets).length) rows.push({ ...row, targets });
      else excluded++;
    } else rows.push(checkLabels(rename(row), task, labels));
  }
  const ofTasks = Object.values(tasks ?? {}).map(({ label }) => label);
  const beside = [...data.attributes, ...(data.group === undefined ? [] : [data.group]), ...ofTasks];
  checkColumns(counts.columns, beside);
  const absent = new Set(neverSeen(counts.columns));
  for (const column of absent) onWarning(say(language, "evaluate.absent", { column }));
  checkMarks(quarantined, data.decimal);
  for (const text of markWarnings(counts, data)) onWarning(text);
  const refused = { ...tally(quarantined.map((q) => q.reason)), ...(excluded && { excluded }) };
  const reasons = Object.entries(refused)
    .map(([reason, n]) => `${n} ${reason}`)
    .join(", ");
  if (rows.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "evaluate",
      problem: "there are no rows to score",
      expected: "a header and at least one row with a text and a label",
      got: reasons || "a header only",
      path: file,
    });
  if (reasons) onWarning(say(language, "evaluate.quarantined", { rows: all - rows.length, all, reasons }));
  const known = new Set((await artifacts.rows.train.read(run)).map(kind.identity));
  const marked = rows.map((row) => (known.has(kind.identity(row)) ? { ...row, inTraining: true as const } : row));
  const repeated = marked.filter((row) => row.inTraining).length;
  if (repeated) onWarning(say(language, "evaluate.repeated", { rows: repeated, all: rows.length }));
  return absent.size ? marked.map((row) => ({ ...row, attributes: without(row.attributes, absent) })) : marked;
}

const without = (attributes: Row["attributes"], absent: ReadonlySet<string>): Row["attributes"] =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !absent.has(name)));

/** Labels of each task as the model spells them, without those that are left out. @throws as {@link checkLabels} */
function checkedTargets(row: Row, heads: readonly TaskHead[], tasks: TaskColumns): NonNullable<Row["targets"]> {
  const found = heads.flatMap(({ name, task, labels }): [string, RowTarget][] => {
    const [own] = rowsOfTask([row], name);
    const { rename, exclude, kind } = tasks[name]!;
    if (!own || isExcluded(own, { exclude, kind })) return [];
    const { value } = own;
    return [
      [name, value === undefined ? checkLabels(renamer(rename)(own), taskOf(task), labels) : { labels: [], value }],
    ];
  });
  return Object.fromEntries(
    found.map(([name, { labels, value }]) => [name, { labels, ...(value !== undefined && { value }) }]),
  );
}

/** The row with its labels as the model spells them. @throws E_DATA for a label that the model does not have */
function checkLabels(row: Row, { words }: Task, labels: readonly string[]): Row {
  const labelsOfRow = words ? row.labels : row.labels.map((label) => knownSpelling(label, labels));
  const unknown = labelsOfRow.find((label) => !labels.includes(label));
  if (unknown === undefined) return { ...row, labels: labelsOfRow };
  throw new ConcordError("E_DATA", {
    operation: "evaluate",
    problem: "a row has a label that the model's head does not have",
    expected: `one of ${labels.length}: ${labels.slice(0, 12).join(", ")}`,
    got: JSON.stringify(unknown),
    hint: "correct the label, or train on rows that have it",
    path: row.place,
  });
}
