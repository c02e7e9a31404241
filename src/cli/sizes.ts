// Sizes and counts as people read them.
import { alignedColumns } from "../base/index.ts";

/** @example bytes(1_572_864) // "1.5 MiB" */
export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, count)) / 10));
  return `${power === 0 ? count : (count / 2 ** (10 * power)).toFixed(1)} ${units[power]}`;
}

/** Aligned lines of names and texts. */
export const table = (rows: readonly (readonly [name: string, text: string])[]): string =>
  alignedColumns(rows).join("\n");

/** Values with their rows, the most frequent first. @example balance([["flu", 3], ["cold", 1]]) // "flu 3, cold 1" */
export const balance = (values: readonly (readonly [string, number])[]): string =>
  `${values
    .slice(0, 12)
    .map(([value, rows]) => `${value.slice(0, 40)} ${rows}`)
    .join(", ")}${values.length > 12 ? " …" : ""}`;
