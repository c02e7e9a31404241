// Audits any system's table of answers for fairness: a column of the truth, one of answers or scores, and columns of attributes.
import {
  auditFairness,
  type FairnessFindings,
  type FairnessOptions,
  groupingOf,
  type Judged,
  unusableReason,
} from "../audit/index.ts";
import { ConcordError, nearestName } from "../base/index.ts";
import { binned, fifths } from "../data/index.ts";
import { type AnswerColumns, answeredRows, columnsOf, numberIn } from "./answer-columns.ts";
import { checkSpellings, checkThreshold, inOneSpelling, type LabelColumn, strangeAnswers } from "./answer-labels.ts";

export interface AuditTableOptions extends FairnessOptions, AnswerColumns {
  /** Default 0.5, for scores from 0 to 1. */
  readonly threshold?: number;
  /** Value of the positive class, in truth and answers. */
  readonly positive?: string;
  /** Truth and answers are numbers. */
  readonly numbers?: boolean;
  /**
   * Edges between the groups of attributes that are numbers: 18, 40 are below 18, from 18 to 39, from 40 on. Default five groups of about
   * as many rows for numbers of more than twelve values; no edges: each value is a group.
   */
  readonly edges?: Readonly<Record<string, readonly number[]>>;
}

/** What was done to a table before it was audited. */
export interface TableReading {
  /** Rows without a truth, or without an answer: they are left out. */
  readonly withoutTruth: number;
  readonly withoutAnswer: number;
  /** Answers that are the truth of no row, and the rows that have them. */
  readonly strangeAnswers: Readonly<Record<string, number>>;
  /** Edges of the attributes that are numbers, and whether they were given or found (quintiles). */
  readonly bins: Readonly<Record<string, { readonly edges: readonly number[]; readonly found: boolean }>>;
}

export type TableFindings = FairnessFindings & { readonly reading: TableReading };

/**
 * Audits a table. No row of it is kept or shown, only measures of groups. Rows without a truth or an answer are left out and counted.
 * @throws E_IO, E_DATA as readRows; E_DATA for a column that is missing (with the nearest name), constant, or with one value per
 * row, for truth and answers that cannot be compared (other labels, two spellings, scores on one side of the threshold), for scores that
 * are no numbers, and for probabilities that do not sum to 1; E_ARGUMENT for columns that do not say enough
 * @example await auditTable("answers.csv", { truth: "y", score: "p", attributes: ["sex", "region"] });
 */
export async function auditTable(file: string, options: AuditTableOptions): Promise<TableFindings> {
  const table = await columnsOf(file, options);
  const { columns, withoutTruth, withoutAnswer } = answeredRows(file, table, options);
  const of = (name: string) => columns.get(name)!;
  const bins: Record<string, { edges: readonly number[]; found: boolean }> = {};
  const attributes: Record<string, string[]> = Object.create(null);
  for (const name of options.attributes) {
    const given = options.edges?.[name];
    const edges = given ?? (namesRows(of(name)) ? undefined : fifths(of(name)));
    if (edges?.length) bins[name] = { edges, found: given === undefined };
    attributes[name] = edges?.length ? binnedColumn(file, name, of(name), edges) : of(name);
    checkAttribute(file, name, attributes[name]!, options.smallestCell);
  }
  const { judged, strange = new Map() } = judgedOf(file, of, options);
  const findings = auditFairness(
    judged,
    attributes,
    options,
    options.group === undefined ? undefined : of(options.group),
  );
  return {
    ...findings,
    reading: { withoutTruth, withoutAnswer, strangeAnswers: Object.fromEntries(strange), bins },
  };
}

/** Whether a column numbers the rows: a whole number of its own for each. */
const namesRows = (values: readonly string[]) =>
  new Set(values).size === values.length && values.every((v) => /^\d+$/.test(v));

function binnedColumn(file: string, name: string, values: readonly string[], edges: readonly number[]): string[] {
  const { groups, wrong } = binned(values, edges);
  if (wrong === undefined) return groups;
  throw new ConcordError("E_DATA", {
    operation: "audit",
    problem: `${name} has edges, and holds a value that is no number`,
    expected: "a number, or nothing",
    got: values[wrong]!,
    hint: "correct it, or leave the edges out: --bins",
    path: file,
  });
}

function checkAttribute(file: string, name: string, values: readonly string[], smallestCell = 10): void {
  const grouping = groupingOf(name, values);
  const reason = unusableReason(grouping, smallestCell);
  if (reason === undefined) return;
  const problems = {
    constant: [`all rows have one value of ${name}: there is nothing to compare`, "at least two groups"],
    "one-value-per-row": [`each row has its own value of ${name}: it names rows, not groups`, "values that rows share"],
    "all-groups-small": [`fewer than two groups of ${name} are large enough`, `two groups of ${smallestCell} rows`],
  } as const;
  const [problem, expected] = problems[reason];
  throw new ConcordError("E_DATA", {
    operation: "audit",
    problem,
    expected,
    got:
      reason === "constant"
        ? `${grouping.names.length} group`
        : `${grouping.names.length} groups, the largest with ${Math.max(...grouping.rows)} rows`,
    hint: "leave it out of --attributes, or name another column",
    path: file,
  });
}

/** Truth and answers as the audit takes them, and answers that are the truth of no row. */
interface Read {
  readonly judged: Judged;
  readonly strange?: ReadonlyMap<string, number>;
}

function judgedOf(file: string, of: (name: string) => string[], options: AuditTableOptions): Read {
  const { truth, predicted, score, threshold, positive, probabilities, numbers = false } = options;
  const number = (name: string) => of(name).map((text, row) => numberIn(file, name, text, row));
  if (numbers && predicted !== undefined)
    return { judged: { kind: "numbers", truth: number(truth), predicted: number(predicted) } };
  const named = [truth, ...(predicted === undefined ? [] : [predicted])].map((name) => ({ name, values: of(name) }));
  const [own, said] = probabilities ? named : inOneSpelling(named);
  if (said === undefined) checkSpellings(file, own!);
  const strange = said && strangeAnswers(file, own!, said);
  const side =
    positive === undefined ? undefined : (inOneSpelling([{ name: "", values: [positive] }, own!])[0]!.values[0] ?? "");
  if (score !== undefined) {
    const scores = number(score);
    const truths = sided(file, own!, side);
    if (said)
      return { judged: { kind: "decisions", truth: truths, predicted: sided(file, said, side, own), scores }, strange };
    const above = checkThreshold(file, score, scores, threshold);
    return { judged: { kind: "decisions", truth: truths, predicted: scores.map((s) => Number(s > above)), scores } };
  }
  if (probabilities) {
    const truths = classesIn(file, truth, of(truth), probabilities);
    const columns = probabilities.map(number);
    const rows = truths.map((_, row) => columns.map((column) => column[row]!));
    const answers = said
      ? classesIn(file, said.name, said.values, probabilities)
      : rows.map((own) => own.indexOf(Math.max(...own)));
    return {
      judged: { kind: "classes", names: probabilities, truth: truths, predicted: answers, probabilities: rows },
    };
  }
  if (said === undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "audit",
      problem: "the column of answers is not named",
      expected: "predicted, score or probabilities",
    });
  const values = [...new Set([...own!.values, ...said.values])].sort();
  if (side !== undefined || values.every((value) => isYes(value) || isNo(value)))
    return {
      judged: { kind: "decisions", truth: sided(file, own!, side), predicted: sided(file, said, side, own) },
      strange,
    };
  return {
    judged: {
      kind: "classes",
      names: values,
      truth: classesIn(file, truth, own!.values, values),
      predicted: classesIn(file, said.name, said.values, values),
    },
    strange,
  };
}

const isYes = (text: string) => /^(1|true|yes)$/i.test(text);
const isNo = (text: string) => /^(0|false|no)$/i.test(text);

/**
 * 1 for the positive class.
 * @param beside a column that has the positive value, where this one need not
 * @throws E_ARGUMENT when nobody says which that is, E_DATA when no row has it
 */
function sided(
  file: string,
  { name, values }: LabelColumn,
  positive: string | undefined,
  beside?: LabelColumn,
): number[] {
  const known = [...new Set(values)];
  if (positive === undefined) {
    if (!values.every((value) => isYes(value) || isNo(value)))
      throw new ConcordError("E_ARGUMENT", {
        operation: "audit",
        problem: `nothing says which value of ${name} is the positive class`,
        expected: "positive, or values 0 and 1",
        got: known.slice(0, 6).join(", "),
        hint: "name it: --positive",
        path: file,
      });
    return values.map((value) => Number(isYes(value)));
  }
  if (!values.includes(positive) && !beside?.values.includes(positive)) {
    const near = nearestName(positive, known);
    throw new ConcordError("E_DATA", {
      operation: "audit",
      problem: `no row of ${name} has the positive value`,
      expected: positive,
      got: known.slice(0, 6).join(", "),
      hint: near && `did you mean ${near}?`,
      path: file,
    });
  }
  return values.map((value) => Number(value === positive));
}

function classesIn(file: string, name: string, values: readonly string[], classes: readonly string[]): number[] {
  const index = new Map(classes.map((label, k) => [label, k]));
  return values.map((value, row) => {
    const at = index.get(value);
    if (at !== undefined) return at;
    throw new ConcordError("E_DATA", {
      operation: "audit",
      problem: `${name} holds a class that has no column of probabilities`,
      expected: classes.slice(0, 12).join(", "),
      got: `${value} at row ${row + 1}`,
      path: file,
    });
  });
}
