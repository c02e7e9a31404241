// The set of classes in a table, and what is wrong with it: one class only, two spellings of one name, a class that training
// never sees. Pure.
import { ConcordError, groupBy } from "../../base/index.ts";
import { type LabelKind, labelKinds } from "./label-kinds.ts";
import { isNearlyUnique, uniqueRemark } from "./label-sizes.ts";
import { numberSpelling } from "./label-values.ts";
import type { SplitName } from "./splits.ts";
import type { Row } from "./text-rows.ts";

/** Other spellings of a number, by the one that stands for all. */
export type NumberSpellings = Readonly<Record<string, readonly string[]>>;

/** Where all labels are numbers, those that are the same number get one spelling: `1.0` and `1` are `1`. */
export function oneSpelling<R extends Row>(
  rows: readonly R[],
  kind: LabelKind,
): { rows: readonly R[]; spellings: NumberSpellings } {
  const { words, number } = labelKinds[kind];
  if (words || number) return { rows, spellings: {} };
  const spelled = new Map<string, string | undefined>();
  for (const row of rows)
    for (const label of row.labels) if (!spelled.has(label)) spelled.set(label, numberSpelling(label));
  const changed = [...spelled].some(([label, number]) => label !== number);
  if (!changed || [...spelled.values()].includes(undefined)) return { rows, spellings: {} };
  const found = groupBy([...spelled.keys()], (label) => spelled.get(label)!);
  const spellings = [...found].filter(([name, labels]) => labels.length > 1 || labels[0] !== name);
  return {
    rows: rows.map((row) => ({ ...row, labels: [...new Set(row.labels.map((label) => spelled.get(label)!))] })),
    spellings: Object.fromEntries(spellings),
  };
}

/** @throws E_DATA where all numbers to predict are the same */
export function checkNumbers(rows: readonly Row[]): void {
  if (rows.some((row) => row.value !== rows[0]!.value) || rows[0]?.value === undefined) return;
  throw new ConcordError("E_DATA", {
    operation: "prepare",
    problem: "all rows have the same number to predict",
    expected: "numbers that differ",
    got: String(rows[0].value),
    hint: "there is nothing to learn: check that data.label names the right column",
    path: rows[0].place,
  });
}

/** A label of another table in the spelling that a model has for the same number. */
export function knownSpelling(label: string, known: readonly string[]): string {
  if (known.includes(label)) return label;
  const number = numberSpelling(label);
  return (number !== undefined && known.find((name) => numberSpelling(name) === number)) || label;
}

const otherSeparators = [",", "，", "、", "|", "/"];

/** @throws E_DATA where the separator was not named, separates nothing, and another sign would give fewer names that come again */
export function checkSeparator(
  rows: readonly Row[],
  { separator, accept = [] }: { readonly separator?: string; readonly accept?: readonly string[] },
): void {
  if (separator !== undefined || accept.includes("separators") || rows.some((row) => row.labels.length > 1)) return;
  const wholes = rows.flatMap((row) => row.labels);
  const names = new Set(wholes).size;
  for (const sign of otherSeparators) {
    const several = wholes.filter((label) => label.includes(sign)).length;
    const parts = new Set(wholes.flatMap((label) => label.split(sign).map((part) => part.trim())));
    if (several < 0.1 * wholes.length || parts.size >= names) continue;
    throw new ConcordError("E_DATA", {
      operation: "prepare",
      problem: `the labels seem to be separated by ${JSON.stringify(sign)}, and not by ";"`,
      expected: `${parts.size} labels such as ${[...parts].slice(0, 4).join(", ")}`,
      got: JSON.stringify(wholes.find((label) => label.includes(sign))),
      hint: `data.separator: ${JSON.stringify(sign)}; if the sign belongs to the names: data.accept: [separators]`,
      path: rows.find((row) => row.labels.some((label) => label.includes(sign)))?.place,
    });
  }
}

/**
 * All class names, in code point order.
 * @throws E_DATA for fewer than two classes (one for several labels a row), or names that differ by case or width only
 */
export function labelSet(rows: readonly Row[], least: number): string[] {
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

/**
 * Classes from the lowest to the highest: as `data.labels` lists them, also those that no row has; without a list numbers by their size.
 * @param names of the rows' classes @param listed under the names that they are given
 * @throws E_DATA for names without an order
 */
export function orderedLabels(names: readonly string[], listed: readonly string[] | undefined): string[] {
  if (listed) return [...new Set(listed)];
  if (names.every((name) => numberSpelling(name) !== undefined))
    return [...names].sort((a, b) => Number(a) - Number(b));
  throw new ConcordError("E_DATA", {
    operation: "prepare",
    problem: "the classes have no order: they are no numbers, and data.labels does not list them",
    expected: "data.labels: the classes from the lowest to the highest",
    got: names.slice(0, 12).join(", "),
    hint: `data: { labels: [${names.slice(0, 12).join(", ")}] }, in their order`,
    path: "data.labels",
  });
}

/** @throws E_DATA when dev or test holds a class that training never shows */
export function checkSeen(rows: readonly Row[], parts: readonly SplitName[]): void {
  const seen = new Set(rows.flatMap((r, i) => (parts[i] === "train" ? r.labels : [])));
  for (const [i, row] of rows.entries()) {
    const unseen = row.labels.find((label) => !seen.has(label));
    if (unseen === undefined) continue;
    const names = new Set(rows.flatMap((r) => r.labels));
    if (isNearlyUnique(names.size, rows.length))
      throw new ConcordError("E_DATA", {
        operation: "prepare",
        problem: uniqueRemark(names.size, rows.length),
        expected: "labels that many rows share",
        got: [...names]
          .slice(0, 3)
          .map((label) => JSON.stringify(label))
          .join(", "),
        hint: "name the column of the classes: data.label; numbers to predict need task: regression",
        path: row.place,
      });
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
