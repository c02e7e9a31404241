// Numbers in tables whose marks between thousands, or before a fraction, may mean something else. Pure.
import { ConcordError, type DecimalMark, numberFault, numberIn, numberRemedies } from "../../base/index.ts";
import type { Quarantined, RowCounts } from "./text-rows.ts";

/** @throws E_DATA for one number whose sign between thousands, or mark of a fraction, is not read: only numbers of its kind would be left out */
export function checkMarks(quarantined: readonly Quarantined[], decimal: DecimalMark | undefined): void {
  const written = (fault: string) =>
    quarantined.filter((q) => q.reason === "not-a-number" && numberFault(unquoted(q.got), decimal) === fault);
  const [marked, points] = [written("thousands"), written("point")];
  if (points.length)
    throw new ConcordError("E_DATA", {
      operation: "prepare",
      problem: `${points.length} numbers have a point where a comma begins a fraction (data.decimal): they would be left out, or be a thousand times too large`,
      expected: "2,35 or 1.234,5",
      got: points[0]!.got,
      hint: numberRemedies.point,
      path: points[0]!.place,
    });
  if (marked.length === 0) return;
  throw new ConcordError("E_DATA", {
    operation: "prepare",
    problem: `${marked.length} numbers have signs between thousands: without them only large numbers would be left out`,
    expected: "plain numbers, such as 1234.5",
    got: marked[0]!.got,
    hint: numberRemedies.thousands,
    path: marked[0]!.place,
  });
}

/** Where every point could stand between thousands it is said how they are read. */
export function markWarnings(
  { points: { all, thousands, first } }: RowCounts,
  { decimal }: { readonly decimal?: DecimalMark },
): string[] {
  if (first !== undefined && decimal !== undefined)
    return [
      `${first} is read as ${numberIn(first, decimal)}: its sign stands between thousands, because ${JSON.stringify(decimal)} begins a fraction`,
    ];
  if (all === 0 || all > thousands) return [];
  return [
    `${first} is read as ${Number(first)}; if the point stands between thousands, write ${first!.replace(".", "")}`,
  ];
}

/** A value as it stands in the table, from how an error shows it. */
export const unquoted = (shown: string): string => shown.replace(/^"(.*)"$/s, "$1");
