// Groups of rows by one attribute, and by two together. Says which attributes cannot be compared; knows no measure.
import { shownGroups } from "./group-intervals.ts";
import type { Grouping } from "./measures.ts";

/** What stands for a missing value. */
export const noValue = "(none)";

/** Why an attribute gives no groups to compare. */
export type UnusableReason = "constant" | "one-value-per-row" | "all-groups-small";

export interface NamedGrouping extends Grouping {
  /** One, or two of an intersection. */
  readonly attributes: readonly string[];
}

/** Names that begin with numbers by these (`5–9` before `10+`), then the others. */
const byNumberThenName = (a: string, b: string): number => {
  const [x, y] = [a, b].map((name) => (name.startsWith("<") ? Number.NEGATIVE_INFINITY : Number.parseFloat(name)));
  if (x === y || (Number.isNaN(x) && Number.isNaN(y))) return a < b ? -1 : 1;
  return Number.isNaN(x) ? 1 : Number.isNaN(y) ? -1 : x! - y!;
};

/** Groups by the values of one column, sorted by name. @example groupingOf("sex", ["f", "m", "f"]).names // ["f", "m"] */
export function groupingOf(attributes: string | readonly string[], values: readonly string[]): NamedGrouping {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value || noValue, (counts.get(value || noValue) ?? 0) + 1);
  const names = [...counts.keys()].sort(byNumberThenName);
  const number = new Map(names.map((name, g) => [name, g]));
  return {
    attributes: typeof attributes === "string" ? [attributes] : attributes,
    names,
    groupOf: Int32Array.from(values, (value) => number.get(value || noValue)!),
    rows: names.map((name) => counts.get(name)!),
  };
}

/** Groups by two attributes together, without combinations that no row has. @example crossed(sex, age).names // ["f|old", …] */
export function crossed(a: NamedGrouping, b: NamedGrouping): NamedGrouping {
  const width = b.names.length;
  const counts = new Float64Array(a.names.length * width);
  const cells = a.groupOf.map((g, row) => g * width + b.groupOf[row]!);
  for (const cell of cells) counts[cell]!++;
  const present = [...counts.keys()].filter((cell) => counts[cell]! > 0);
  const number = new Map(present.map((cell, g) => [cell, g]));
  return {
    attributes: [...a.attributes, ...b.attributes],
    names: present.map((cell) => `${a.names[Math.floor(cell / width)]}|${b.names[cell % width]}`),
    groupOf: cells.map((cell) => number.get(cell)!),
    rows: present.map((cell) => counts[cell]!),
  };
}

/** Undefined for groups that can be compared. */
export function unusableReason(grouping: Grouping, smallestCell: number): UnusableReason | undefined {
  const { names, groupOf } = grouping;
  if (names.length < 2) return "constant";
  if (names.length === groupOf.length) return "one-value-per-row";
  return shownGroups(grouping, smallestCell).length < 1 ? "all-groups-small" : undefined;
}
