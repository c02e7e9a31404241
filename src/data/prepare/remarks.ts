// What a person should know of a table before trusting a model of it: few rows, many left out, one label for nearly all, an id for a
// label, empty texts, no line of names. Nothing here stops a run. Pure.
import { looksLikeRow } from "./columns.ts";
import { labelKinds } from "./label-kinds.ts";
import { isNearlyUnique, uniqueRemark } from "./label-sizes.ts";
import type { ReadTable, ReadTextsOptions } from "./read-texts.ts";
import type { ColumnNames, Row } from "./text-rows.ts";

/** Fewer usable rows than this are few. */
export const fewestRows = 50;
/** Shares from which on something is said: of rows left out, of empty texts. */
const [muchLeftOut, manyEmpty] = [0.1, 0.01];
/** A label of more than this share of the rows dominates. */
const dominates = 0.9;

/**
 * Sentences about a table, most important first; none where nothing is odd.
 * @param kept rows that can be used, without repeats that are left out
 */
export function tableRemarks(
  { count, quarantined, excluded, rows }: Pick<ReadTable<Row>, "count" | "quarantined" | "excluded" | "rows">,
  kept: readonly Row[],
  { kind, columns, accept = [] }: Pick<ReadTextsOptions, "kind" | "columns" | "accept">,
): string[] {
  const repeats = rows.length - kept.length;
  const meant = accept.includes("unlabelled") ? quarantined.filter((q) => q.reason === "no-label").length : 0;
  const rejected = quarantined.length - meant;
  const left = repeats + rejected + excluded;
  const empty = quarantined.filter((q) => q.reason === "no-text").length;
  return [
    ...(looksLikeRow(namesOf(columns)) ? ["the first line looks like a row, and not like names of columns"] : []),
    ...(kept.length < fewestRows ? [`only ${kept.length} rows can be used: scores of so few say almost nothing`] : []),
    ...labelRemarks(kept, kind),
    ...(left >= muchLeftOut * count
      ? [
          `${left} of ${count} rows are left out (${repeats} repeats, ${rejected} rejected, ${excluded} excluded by label)`,
        ]
      : []),
    ...(empty >= manyEmpty * count && empty > 0 ? [`${empty} of ${count} rows have no text`] : []),
  ];
}

const namesOf = ({ text, label }: ColumnNames): string[] => (label === undefined ? [text] : [text, label]);

function labelRemarks(kept: readonly Row[], kind: ReadTextsOptions["kind"]): string[] {
  const { words, several, number, prose, quoted, tasks } = labelKinds[kind];
  if (words || several || prose || quoted || tasks || kept.length < 2) return [];
  if (number) return countsUp(kept) ? ["the numbers to predict count the rows: they look like an id"] : [];
  const counts = new Map<string, number>();
  for (const { labels } of kept) for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  if (isNearlyUnique(counts.size, kept.length)) return [uniqueRemark(counts.size, kept.length)];
  const [most, rows] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
  if (rows <= dominates * kept.length) return [];
  const percent = ((100 * rows) / kept.length).toFixed(0);
  return [
    `${percent} % of the rows have the label ${JSON.stringify(most)}: always answering it looks good by accuracy`,
  ];
}

/** Whole numbers, each once, without a gap. */
function countsUp(rows: readonly Row[]): boolean {
  const values = rows.map((row) => row.value ?? Number.NaN);
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return values.every(Number.isInteger) && new Set(values).size === values.length && high - low === values.length - 1;
}
