// The table of classes that a terminal shows: all of them, or of many those that say most. Knows no model.
import { type ClassificationReport, renderReport } from "../../eval/index.ts";
import { type Language, say } from "../../messages/index.ts";

/** Most classes in a table that a person reads. */
export const mostClasses = 40;

/** Up to so many classes, metrics.json and predictions.jsonl list everything. */
export const mostListed = 100;

/**
 * Of more than {@link mostClasses} classes half are the most frequent, half the worst of the others that have rows; the text says so.
 * @example classTable(classificationReport(truth, predicted), "en")
 */
export function classTable(report: ClassificationReport, language: Language): string {
  const { classes } = report;
  if (classes.length <= mostClasses) return renderReport(report, { digits: 3 });
  const chosen = new Set(chosenClasses(classes, (row) => ({ support: row.support, score: row.fScore })));
  const table = renderReport({ ...report, classes: classes.filter((row) => chosen.has(row)) }, { digits: 3 });
  const half = mostClasses / 2;
  const file = classes.length <= mostListed ? "metrics.json" : "classes.csv";
  return `${table}${say(language, "evaluate.someClasses", { half, all: classes.length, file })}`;
}

/** The classes of a table in order: the most frequent ones, then the worst of the others that have rows. */
export function chosenClasses<T>(
  classes: readonly T[],
  facts: (one: T) => { readonly support: number; readonly score: number },
): T[] {
  if (classes.length <= mostClasses) return [...classes];
  const known = classes.map((one) => ({ one, ...facts(one) })).sort((a, b) => b.support - a.support);
  const [frequent, others] = [known.slice(0, mostClasses / 2), known.slice(mostClasses / 2)];
  const worst = others.filter((k) => k.support > 0).sort((a, b) => a.score - b.score || b.support - a.support);
  return [...frequent, ...worst.slice(0, mostClasses / 2)].map((k) => k.one);
}

/** @example intervalText({ value: 0.5, low: 0.4, high: 0.6 }) // "0.500 [0.400, 0.600]" */
export const intervalText = ({ value, low, high }: Readonly<Record<"value" | "low" | "high", number>>): string =>
  `${value.toFixed(3)} ${Number.isNaN(low) ? "[–]" : `[${low.toFixed(3)}, ${high.toFixed(3)}]`}`;
