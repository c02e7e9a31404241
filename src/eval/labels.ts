// Class labels: numbers or texts, sorted as Python sorts them, and the checks that every metric makes of its inputs.
import { ConcordError } from "../base/index.ts";

/** A class: all of one set are numbers, or all are texts. */
export type Label = number | string;

/** Compares numbers by value and texts by code point (JavaScript's own order is by UTF-16 unit). */
export function compareLabels(a: Label, b: Label): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [String(a)[Symbol.iterator](), String(b)[Symbol.iterator]()];
  for (;;) {
    const [x, y] = [left.next(), right.next()];
    if (x.done || y.done) return x.done ? (y.done ? 0 : -1) : 1;
    const difference = x.value.codePointAt(0)! - y.value.codePointAt(0)!;
    if (difference) return difference;
  }
}

/** The distinct labels, sorted. @throws E_DATA when numbers and texts are mixed */
export function sortedLabels(...columns: ArrayLike<Label>[]): Label[] {
  const distinct = new Set<Label>();
  for (const column of columns) for (let i = 0; i < column.length; i++) distinct.add(column[i]!);
  const labels = [...distinct];
  if (labels.some((label) => typeof label !== typeof labels[0]))
    throw new ConcordError("E_DATA", {
      operation: "labels",
      problem: "numbers and texts are mixed",
      got: labels
        .slice(0, 6)
        .map((label) => JSON.stringify(label))
        .join(", "),
      hint: "convert both columns to the same type",
    });
  return labels.sort(compareLabels);
}

/** Checks that all columns are equally long and not empty. @throws E_SHAPE where lengths differ; E_DATA when they are empty */
export function checkColumns(
  operation: string,
  columns: Readonly<Record<string, ArrayLike<unknown> | undefined>>,
): void {
  const present = Object.entries(columns).filter(
    (entry): entry is [string, ArrayLike<unknown>] => entry[1] !== undefined,
  );
  const [, first] = present[0]!;
  if (present.some(([, column]) => column.length !== first.length))
    throw new ConcordError("E_SHAPE", {
      operation,
      problem: "the columns are not equally long",
      expected: `${first.length} of each`,
      got: present.map(([name, column]) => `${name} ${column.length}`).join(", "),
    });
  if (first.length === 0)
    throw new ConcordError("E_DATA", { operation, problem: "there is nothing to measure", got: "0 rows" });
}

/** Checks that all values are finite. @throws E_DATA at the first value that is NaN or infinite */
export function checkFinite(operation: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]!))
      throw new ConcordError("E_DATA", {
        operation,
        problem: `${name} holds a value that is not a finite number`,
        got: `${values[i]} at row ${i}`,
      });
}
