// The classification report: a table of scores, and its text exactly as scikit-learn prints it. Knows no model.
import { ConcordError } from "../base/index.ts";
import { type ClassCounts, type CountOptions, countClasses, type Labels } from "./counts.ts";
import { averageCounts, averageOf, perClass, type Scores, sampleScores, type ZeroDivision } from "./scores.ts";
import { pairwiseSum } from "./sums.ts";

export interface ReportOptions extends CountOptions {
  /** Row names, one for each label. Default the labels. */
  readonly names?: readonly string[];
  /** What 0/0 counts as. Default 0. */
  readonly zeroDivision?: ZeroDivision;
}

/** One row of a report. */
export interface ReportRow extends Scores {
  readonly name: string;
  readonly support: number;
}

/** A report as data. */
export interface ClassificationReport {
  readonly classes: readonly ReportRow[];
  /** `accuracy` or `micro avg`, `macro avg`, `weighted avg`, and `samples avg` for multi-label. */
  readonly averages: readonly ReportRow[];
  /** True when supports are sums of weights: then they print with a decimal point. */
  readonly floats: boolean;
}

/**
 * Scores of every class and their averages, as scikit-learn's classification_report.
 * @param truth classes [N] or rows of 0/1 [N, C]
 * @param predicted the same kind
 * @throws E_SHAPE, E_DATA for columns that do not fit; E_ARGUMENT when names and labels differ in number
 * @example console.log(renderReport(classificationReport(["ham", "spam"], ["ham", "ham"])));
 */
export function classificationReport(
  truth: Labels,
  predicted: Labels,
  options: ReportOptions = {},
): ClassificationReport {
  const counts = countClasses(truth, predicted, options);
  const averages = [...commonAverages(counts, options)];
  if (counts.multilabel) {
    const samples = averageOf(sampleScores(truth, predicted, options), options.sampleWeight);
    averages.push({ name: "samples avg", ...samples, support: averages[0]!.support });
  }
  return { classes: classRows(counts, options), averages, floats: counts.floats };
}

function classRows(counts: ClassCounts, options: ReportOptions): ReportRow[] {
  const { names = counts.labels.map(String) } = options;
  if (names.length !== counts.labels.length)
    throw new ConcordError("E_ARGUMENT", {
      operation: "classificationReport",
      problem: "names and labels differ in number",
      expected: `${counts.labels.length} names`,
      got: String(names.length),
      hint: "give labels too when a class may be absent from the data",
    });
  return perClass(counts, options).map(({ label: _label, ...scores }, i) => ({ name: names[i]!, ...scores }));
}

function commonAverages(counts: ClassCounts, options: ReportOptions): ReportRow[] {
  const support = pairwiseSum(counts.actual);
  return (["micro", "macro", "weighted"] as const).map((average) => ({
    name: average === "micro" && counts.complete && !counts.multilabel ? "accuracy" : `${average} avg`,
    ...averageCounts(counts, average, options),
    support,
  }));
}

export interface RenderOptions {
  readonly digits?: number;
  readonly widthOf?: (name: string) => number;
}

/**
 * The report as scikit-learn prints it, character for character.
 * @param digits decimals of the scores; default 2
 * @param widthOf columns that a class's name takes; default its code points, as scikit-learn counts them
 */
export function renderReport(
  report: ClassificationReport,
  { digits = 2, widthOf = (name) => [...name].length }: RenderOptions = {},
): string {
  if (!Number.isInteger(digits) || digits < 0 || digits > 100)
    throw new ConcordError("E_ARGUMENT", {
      operation: "renderReport",
      problem: "digits is out of range",
      expected: "0 … 100",
      got: String(digits),
    });
  const width = Math.max("weighted avg".length, digits, ...report.classes.map(({ name }) => widthOf(name)));
  const head = (name: string) => `${" ".repeat(width - widthOf(name))}${name} `;
  const cell = (text: string) => ` ${text.padStart(9)}`;
  const line = ({ name, precision, recall, fScore, support }: ReportRow, blanks = 0) => {
    const scores = [precision, recall, fScore].map((score, i) => (i < blanks ? "" : fixed(score, digits)));
    return `${head(name)}${scores.map(cell).join("")}${cell(count(support, report.floats))}\n`;
  };
  const heading = `${head("")}${["precision", "recall", "f1-score", "support"].map(cell).join("")}\n\n`;
  const classes = report.classes.map((row) => line(row)); // a class may be called accuracy: only the average is special
  const averages = report.averages.map((row) => line(row, row.name === "accuracy" ? 2 : 0));
  return `${heading}${classes.join("")}\n${averages.join("")}`;
}

/** The report as nested records with scikit-learn's keys (`output_dict=True`). */
export function reportRecord(report: ClassificationReport): Record<string, number | Record<string, number>> {
  // from entries: a class may be called __proto__
  const record: Record<string, number | Record<string, number>> = Object.fromEntries(
    [...report.classes, ...report.averages].map(({ name, precision, recall, fScore, support }) => [
      name,
      { precision, recall, "f1-score": fScore, support },
    ]),
  );
  const last = report.averages.find(({ name }) => name === "accuracy");
  if (last) record.accuracy = last.precision;
  return record;
}

/** Python's `format(x, ".2f")`: rounds the exact binary value, ties to even (toFixed rounds ties up). */
function fixed(x: number, digits: number): string {
  if (Number.isNaN(x)) return "nan";
  const exact = Math.abs(x).toFixed(100);
  const cut = exact.indexOf(".") + 1 + digits;
  if (!/^50*$/.test(exact.slice(cut))) return x.toFixed(digits);
  const kept = digits === 0 ? exact.slice(0, cut - 1) : exact.slice(0, cut);
  return /[02468]$/.test(kept) ? (x < 0 ? "-" : "") + kept : x.toFixed(digits);
}

/** Python's `str` of an integer or of a float. */
function count(x: number, isFloat: boolean): string {
  if (!isFloat) return String(x);
  if (Number.isNaN(x)) return "nan";
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [mantissa, exponent] = x.toExponential().split("e") as [string, string];
    return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }
  return Number.isInteger(x) ? `${x}.0` : String(x);
}
