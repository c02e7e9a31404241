// Labels of several tasks in a table, each in a column of its own: one name for each class, what each task has, and the rows of one task
// alone. Pure.
import { ConcordError, isConcordError } from "../../base/index.ts";
import { type Acceptable, checkTable } from "./checks.ts";
import { labelKinds } from "./label-kinds.ts";
import { isExcluded, renamer } from "./label-names.ts";
import { checkNumbers, checkSeparator, labelSet, type NumberSpellings, oneSpelling } from "./labels.ts";
import { markWarnings } from "./number-marks.ts";
import { countsOfTask, labelOfTask, labelsOfTargets } from "./row-targets.ts";
import type { SplitName } from "./splits.ts";
import type { Row, RowCounts, RowTarget, TaskColumn, TaskColumns, TextRowOptions } from "./text-rows.ts";

/** The rows that have a label of a task, as rows of that task alone. @example rowsOfTask(rows, "urgency")[0].labels // ["high"] */
export function rowsOfTask<R extends Row>(rows: readonly R[], name: string): R[] {
  return rows.flatMap((row) => {
    const target = row.targets?.[name];
    return target ? [{ ...row, targets: undefined, value: undefined, ...target }] : [];
  });
}

/** What reading needs to know of all tasks. */
interface SettleOptions extends Pick<TextRowOptions, "decimal"> {
  readonly accept?: readonly Acceptable[];
}

/** Rows with their labels settled. */
interface Settled<R extends Row> {
  readonly rows: readonly R[];
  /** Of all tasks, each after its task's name. */
  readonly labels: readonly string[];
  /** Classes of each task; none of a number. */
  readonly tasks: Readonly<Record<string, readonly string[]>>;
  readonly spellings: NumberSpellings;
  readonly warnings: readonly string[];
}

/**
 * Labels of each task under one name and without those that are left out, and the classes that each has.
 * @throws E_DATA naming the task, as for a table with one label
 */
export function settledTargets<R extends Row>(
  rows: readonly R[],
  tasks: TaskColumns,
  counts: RowCounts,
  options: SettleOptions,
): Settled<R> {
  const settled = Object.entries(tasks).map(([name, column]) =>
    named(name, () => settledTask(rows, name, column, counts, options)),
  );
  const byRow = rows.map((_, i) =>
    Object.fromEntries(
      settled.flatMap(({ name, targets }) => {
        const target = targets.get(i);
        return target ? [[name, target]] : [];
      }),
    ),
  );
  const kept = rows.flatMap((row, i) =>
    Object.keys(byRow[i]!).length ? [{ ...row, targets: byRow[i]!, labels: labelsOfTargets(byRow[i]!) }] : [],
  );
  return {
    rows: kept,
    labels: settled.flatMap(({ name, labels }) => labels.map((label) => labelOfTask(name, label))),
    tasks: Object.fromEntries(settled.map(({ name, labels }) => [name, labels])),
    spellings: Object.assign(
      {},
      ...settled.map(({ name, spellings }) =>
        Object.fromEntries(Object.entries(spellings).map(([label, others]) => [labelOfTask(name, label), others])),
      ),
    ),
    warnings: settled.flatMap(({ warnings }) => warnings),
  };
}

function settledTask<R extends Row>(
  rows: readonly R[],
  name: string,
  { kind, separator, rename, exclude }: TaskColumn,
  counts: RowCounts,
  { accept, decimal }: SettleOptions,
) {
  const { several, number, leastLabels } = labelKinds[kind];
  const own = countsOfTask(counts, name);
  const all = rows.flatMap((row, i) => (row.targets?.[name] ? [{ at: i, ...row, ...row.targets[name] }] : []));
  const used = all.filter((row) => !isExcluded(row, { exclude, kind }));
  if (used.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "prepare",
      problem: "no row has a label",
      expected: "rows with a label of each task",
      got: "none",
      hint: "check data.label, or collect rows of other classes",
    });
  const found = checkTable(own, used.length, { kind });
  if (several) checkSeparator(used, { separator, accept });
  const { rows: spelled, spellings } = oneSpelling(used, kind);
  const other = renamer(rename);
  const renamed = spelled.map((row) => other(row));
  if (number) checkNumbers(renamed);
  return {
    name,
    labels: number ? [] : labelSet(renamed, leastLabels),
    spellings,
    targets: new Map(
      renamed.map(({ at, labels, value }): [number, RowTarget] => [at, number ? { labels, value } : { labels }]),
    ),
    warnings: [...found, ...markWarnings(own, { decimal })],
  };
}

/** Keys of a task's own section in the place of those of `data`. */
export const keysOfTask = (name: string, text: string): string =>
  text.replace(/\bdata\.(label|labels|separator|rename|exclude)\b/g, `tasks.${name}.$1`);

/** An error of reading labels, as one of the task's own. */
function named<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (fault) {
    if (!isConcordError(fault)) throw fault;
    const { hint, path, ...facts } = fault.facts;
    throw new ConcordError(fault.code, {
      ...facts,
      hint: hint && keysOfTask(name, hint),
      path: path === undefined || path.startsWith("data.") ? `tasks.${name}` : `${path} (tasks.${name})`,
    });
  }
}

/** Rows that have a label of each task, by part. */
export const taskCounts = (
  rows: readonly Row[],
  parts: readonly SplitName[],
  tasks: Readonly<Record<string, readonly string[]>>,
): Record<string, Record<SplitName, number>> =>
  Object.fromEntries(
    Object.keys(tasks).map((name) => {
      const counts = { train: 0, dev: 0, test: 0 };
      for (const [i, row] of rows.entries()) if (row.targets?.[name]) counts[parts[i]!]++;
      return [name, counts];
    }),
  );

/** @throws E_DATA for a task of which training has no row */
export function checkTaskRows(counts: ReturnType<typeof taskCounts>): void {
  const none = Object.entries(counts).find(([, { train }]) => train === 0);
  if (!none) return;
  throw new ConcordError("E_DATA", {
    operation: "prepare",
    problem: `no training row has a label of the task ${none[0]}`,
    expected: "rows of every task in training",
    got: `${none[1].dev + none[1].test} rows, all of them for validation or test`,
    hint: "add rows with such a label, or leave the task out",
    path: `tasks.${none[0]}`,
  });
}

/** Fifths of the numbers of each task, for splits in which each part has small and large ones. @param fifths of the range of ranks */
export function numberStrata(rows: readonly Row[], fifths: (values: readonly number[]) => string[]): string[][] {
  const strata: string[][] = rows.map(() => []);
  const names = new Set(rows.flatMap(({ targets = {} }) => Object.keys(targets)));
  for (const name of names) {
    const at = [...rows.keys()].filter((i) => rows[i]!.targets?.[name]?.value !== undefined);
    const found = fifths(at.map((i) => rows[i]!.targets![name]!.value!));
    for (const [k, i] of at.entries()) strata[i]!.push(labelOfTask(name, found[k]!));
  }
  return strata;
}
