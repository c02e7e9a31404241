// What is predicted of a whole record: its classes, its number, or labels of several tasks, each in a column of its own. Pure.
import { type DecimalMark, maybeThousands, numberIn } from "../../base/index.ts";
import { fieldOf, hasColumn } from "./columns.ts";
import { labelKinds } from "./label-kinds.ts";
import { labelsIn } from "./label-values.ts";
import type { SourceRow } from "./source-row.ts";
import {
  isMissing,
  isRefused,
  newCounts,
  type Refused,
  type Row,
  type RowCounts,
  type RowTarget,
  type TextRowOptions,
} from "./text-rows.ts";

/** What is predicted of a whole record: its classes, or its number. */
export function targetOf(
  row: SourceRow,
  options: TextRowOptions,
  counts: RowCounts,
): Pick<Row, "labels" | "value" | "targets"> | Refused {
  const { columns, kind, decimal, section = "data" } = options;
  if (labelKinds[kind].tasks) return targetsOf(row, options, counts);
  if (columns.label === undefined) return { labels: [] };
  if (!labelKinds[kind].number) return classesOf(row, columns.label, options, counts);
  const label = fieldOf(row, columns.label, `${section}.label`, counts.columns);
  if (isMissing(label)) return { reason: "no-label", got: label };
  const value = numberIn(label, decimal);
  if (typeof label === "string") countPoint(label, counts.points, decimal);
  return value === undefined ? { reason: "not-a-number", got: label } : { labels: [], value };
}

/** Without a told mark a point in all numbers may stand between thousands; with one, the other mark does. */
function countPoint(label: string, points: RowCounts["points"], decimal?: DecimalMark): void {
  if (!label.includes(decimal === "," ? "." : decimal === "." ? "," : ".")) return;
  points.all++;
  if (!maybeThousands(label, decimal === "." ? "," : ".")) return;
  points.thousands++;
  points.first ??= label.trim();
}

/** The classes of a row: of its label column, or of a column of 0 and 1 for each name. */
function classesOf(
  row: SourceRow,
  column: string,
  { kind, separator, labelNames, section = "data" }: TextRowOptions,
  counts: RowCounts,
): { readonly labels: readonly string[] } | Refused {
  const { several, words } = labelKinds[kind];
  const single = !several && !words;
  const spread =
    labelNames !== undefined && !hasColumn(row.fields, column) && labelNames.every((n) => hasColumn(row.fields, n));
  const label = spread
    ? labelNames.map((name) => bitOf(fieldOf(row, name, `${section}.labels`, counts.columns)))
    : fieldOf(row, column, `${section}.label`, counts.columns);
  if (isMissing(label)) return single ? { reason: "no-label", got: label } : { labels: [] };
  const found = labelsIn(label, {
    separator: several ? (separator ?? ";") : undefined,
    names: labelNames,
  });
  if ("reason" in found) return { reason: found.reason, got: label };
  const { names, vector } = found;
  if (single && names.length === 0) return { reason: "no-label", got: label };
  if (single && names.length > 1) return { reason: "several-labels", got: label };
  if (names.length) counts.labelled++;
  if (vector !== undefined && labelNames === undefined)
    counts.vectors.set(vector, (counts.vectors.get(vector) ?? 0) + 1);
  return { labels: names };
}

/** 0 or 1 of a column that stands for one label; anything else as it is, to be refused. */
export function bitOf(value: unknown): unknown {
  const word = String(value).trim().toLowerCase();
  return /^(1|1\.0|true|yes)$/.test(word) ? 1 : /^(0|0\.0|false|no|)$/.test(word) || isMissing(value) ? 0 : value;
}

/** What a label of a task is called beside those of others. @example labelOfTask("urgency", "high") // "urgency: high" */
export const labelOfTask = (task: string, label: string): string => `${task}: ${label}`;

/**
 * Reads the labels of one record. An empty field is no label of its task; of several labels `[]` says that none is right.
 * @returns why the record cannot be used where one of its labels cannot be read, or where it has none
 */
export function targetsOf(
  row: SourceRow,
  options: TextRowOptions,
  counts: RowCounts,
): Pick<Row, "labels" | "targets"> | Refused {
  const targets: Record<string, RowTarget> = {};
  for (const [name, column] of Object.entries(options.tasks ?? {})) {
    const { label, kind, separator, labelNames } = column;
    if (hasColumn(row.fields, label) && isMissing(row.fields[label])) {
      counts.columns.seen.add(label);
      continue;
    }
    const own = { ...options, columns: { ...options.columns, label }, kind, separator, labelNames };
    const found = targetOf(row, { ...own, section: `tasks.${name}` }, countsOfTask(counts, name));
    if (!isRefused(found)) targets[name] = found;
    else if (found.reason !== "no-label") return { reason: found.reason, got: labelOfTask(name, String(found.got)) };
  }
  if (Object.keys(targets).length === 0) return { reason: "no-label", got: undefined };
  return { labels: labelsOfTargets(targets), targets };
}

/** Counts of a task's own labels; columns are those of the whole table. */
export function countsOfTask(counts: RowCounts, name: string): RowCounts {
  const own = counts.tasks.get(name) ?? { ...newCounts(), columns: counts.columns };
  counts.tasks.set(name, own);
  return own;
}

/** Labels of all tasks, each after its task's name. */
export const labelsOfTargets = (targets: Readonly<Record<string, RowTarget>>): string[] =>
  Object.entries(targets).flatMap(([name, { labels }]) => labels.map((label) => labelOfTask(name, label)));
