// The set of classes in a table, and what is wrong with it: one class only, two spellings of one name, a class that training
// never sees. Pure.
import { ConcordError, groupBy } from "../../base/index.ts";
import type { PartName } from "./splits.ts";
import type { TextRow } from "./text-rows.ts";

/**
 * All class names, in code point order.
 * @throws E_DATA for fewer than two classes (one for several labels a row), or names that differ by case or width only
 */
export function labelSet(rows: readonly TextRow[], least: number): string[] {
  const names = [...new Set(rows.flatMap((r) => r.labels))].sort(byCodePoint);
  if (names.length < least)
    throw new ConcordError("E_DATA", {
      operation: "prepare",
      problem: names.length === 1 ? "all rows have the same label" : "no row has a label",
      expected: `at least ${least} different labels`,
      got: names.join(", ") || "none",
      hint: "check data.label, or collect rows of other classes",
    });
  const spellings = groupBy(names, (name) =>
    name
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s_-]+/g, " "),
  );
  const counts = new Map<string, number>();
  for (const label of rows.flatMap((r) => r.labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const alike of spellings.values())
    if (alike.length > 1) {
      const usual = alike.reduce((best, name) => (counts.get(name)! > counts.get(best)! ? name : best));
      const others = alike.filter((name) => name !== usual);
      throw new ConcordError("E_DATA", {
        operation: "prepare",
        problem: "labels differ by case, width or spaces only",
        expected: "one spelling of each label",
        got: alike.map((name) => JSON.stringify(name)).join(", "),
        hint: `if they mean the same, merge them: data.rename: { ${others
          .map((n) => `${JSON.stringify(n)}: ${JSON.stringify(usual)}`)
          .join(", ")} }`,
        path: rows.find((r) => r.labels.some((label) => others.includes(label)))?.place,
      });
    }
  return names;
}

/** @throws E_DATA when dev or test holds a class that training never shows */
export function checkSeen(rows: readonly TextRow[], parts: readonly PartName[]): void {
  const seen = new Set(rows.flatMap((r, i) => (parts[i] === "train" ? r.labels : [])));
  for (const [i, row] of rows.entries()) {
    const unseen = row.labels.find((label) => !seen.has(label));
    if (unseen === undefined) continue;
    throw new ConcordError("E_DATA", {
      operation: "prepare",
      problem: `the ${parts[i]} part has a label that no training row has`,
      expected: [...seen].sort(byCodePoint).slice(0, 12).join(", "),
      got: JSON.stringify(unseen),
      hint: "add training rows with it, or take its rows out",
      path: row.place,
    });
  }
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
