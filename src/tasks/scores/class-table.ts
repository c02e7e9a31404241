// The table of classes that a terminal shows: all of them, or of many those that say most. Knows no model.
import { terminalWidth } from "../../base/index.ts";
import {
  type ClassificationReport,
  type ClassRecord,
  chosenClasses,
  listedClasses,
  mostClasses,
  mostListed,
  renderReport,
  reportRecord,
} from "../../eval/index.ts";
import { type Language, say } from "../../messages/index.ts";

/**
 * Of more than {@link mostClasses} classes half are the most frequent, half the worst of the others that have rows; the text says so.
 * @example classTable(classificationReport(truth, predicted), "en")
 */
export function classTable(report: ClassificationReport, language: Language): string {
  const { classes } = report;
  if (classes.length <= mostClasses) return renderReport(report, { digits: 3, widthOf: terminalWidth });
  const chosen = new Set(chosenClasses(classes, (row) => ({ support: row.support, score: row.fScore })));
  const shown = { ...report, classes: classes.filter((row) => chosen.has(row)) };
  const table = renderReport(shown, { digits: 3, widthOf: terminalWidth });
  const half = mostClasses / 2;
  const file = classes.length <= mostListed ? "metrics.json" : "classes.csv";
  return `${table}${say(language, "evaluate.someClasses", { half, all: classes.length, file })}`;
}

/** @example intervalText({ value: 0.5, low: 0.4, high: 0.6 }) // "0.500 [0.400, 0.600]" */
export const intervalText = ({ value, low, high }: Readonly<Record<"value" | "low" | "high", number>>): string =>
  `${value.toFixed(3)} ${Number.isNaN(low) ? "[–]" : `[${low.toFixed(3)}, ${high.toFixed(3)}]`}`;

/** All classes, or of many those that say most, and how many there are. */
export function classesRecord(classes: readonly ClassRecord[], report: ClassificationReport) {
  const listed = listedClasses(classes);
  if (listed.length === classes.length) return { classes, report: reportRecord(report) };
  return { classCount: classes.length, classes: listed, report: reportRecord({ ...report, classes: [] }) };
}
