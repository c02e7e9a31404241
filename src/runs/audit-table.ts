// Audits any system's table of answers for fairness: a column of the truth, one of answers or scores, and columns of attributes.

import { ConcordError, nearestName } from "../base/index.ts";
import { attributeGroups } from "../data/index.ts";
import {
  auditFairness,
  type FairnessFindings,
  type FairnessOptions,
  groupingOf,
  type Judged,
  unusableReason,
} from "../fairness/index.ts";
import { type AnswerColumns, answeredRows, columnsOf, numberIn } from "./answer-columns.ts";
import {
  careless,
  checkSpellings,
  checkThreshold,
  compareLabels,
  inOneSpelling,
  type LabelColumn,
  type OneSpelling,
  type Unmatched,
} from "./answer-labels.ts";

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
  /** Truths that are the answer of no row, and the rows that have them. */
  readonly neverAnswered: Readonly<Record<string, number>>;
  /** Spellings that were read as one label, by that label. */
  readonly spellings: OneSpelling["spellings"];
  /** Truths that count as negative, where they are more than one. */
  readonly negative: readonly string[];
  /** What makes some measures say nothing: all answers right, one truth or one answer in all rows. */
  readonly oneSided: readonly ("all-right" | "one-truth" | "one-answer")[];
  /** Rows without a value in the column `group`: each is a unit of its own. */
  readonly withoutGroup: number;
  /** What the reader of the table had to guess, in English. */
  readonly guesses: readonly string[];
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
  const guesses: string[] = [];
  const table = await columnsOf(file, options, (guess) => guesses.push(guess));
  const { columns, withoutTruth, withoutAnswer } = answeredRows(file, table, options);
  const of = (name: string) => columns.get(name)!;
  const bins: Record<string, { edges: readonly number[]; found: boolean }> = {};
  const attributes: Record<string, readonly string[]> = Object.create(null);
  for (const name of options.attributes) {
    const { groups, cut, numbers } = attributeGroups(of(name), options.edges?.[name], options.decimal);
    if (numbers === 0) throw noNumbers(file, name, of(name));
    if (cut) bins[name] = cut;
    attributes[name] = groups;
    checkAttribute(file, name, attributes[name]!, options.smallestCell);
  }
  const read = judgedOf(file, of, options);
  const oneSided = checkRight(file, read.judged);
  const units = options.group === undefined ? undefined : of(options.group);
  const clusters = units?.map((name, row) => (name === "" ? `row ${row}` : `group ${name}`));
  const { strange = new Map(), never = new Map(), spellings = {}, negative = [] } = read;
  return {
    ...auditFairness(read.judged, attributes, options, clusters),
    reading: {
      withoutTruth,
      withoutAnswer,
      strangeAnswers: Object.fromEntries(strange),
      neverAnswered: Object.fromEntries(never),
      spellings,
      negative,
      oneSided,
      withoutGroup: units?.filter((name) => name === "").length ?? 0,
      bins,
      guesses,
    },
  };
}

/** What leaves measures empty. @throws E_DATA where no answer is right: then groups do not differ, and nothing was measured */
function checkRight(file: string, judged: Judged): TableReading["oneSided"] {
  if (judged.kind !== "decisions" && judged.kind !== "classes") return [];
  const [truths, answers] = [Array.from(judged.truth), Array.from(judged.predicted)];
  const right = truths.filter((t, row) => t === answers[row]).length;
  if (right === 0)
    throw new ConcordError("E_DATA", {
      operation: "audit",
      problem: `none of ${truths.length} predictions is right: accuracy says nothing about groups`,
      expected: "labels and predictions of the same rows, with the same meaning of each value",
      hint: "check that the columns belong together, and that 1 does not mean the opposite in one of them",
      path: file,
    });
  const same = (all: readonly number[]) => all.every((value) => value === all[0]);
  return [
    ...(right === truths.length ? (["all-right"] as const) : []),
    ...(same(truths) ? (["one-truth"] as const) : []),
    ...(same(answers) ? (["one-answer"] as const) : []),
  ];
}

const noNumbers = (file: string, name: string, values: readonly string[]) =>
  new ConcordError("E_DATA", {
    operation: "audit",
    problem: `${name} has edges, and holds no number`,
    expected: "numbers such as 42 or 3.5",
    got: [...new Set(values)].slice(0, 6).join(", "),
    hint: "leave the edges out: --bins",
    path: file,
  });

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

/** Truth and answers as the audit takes them, and what did not match. */
interface Read extends Partial<Unmatched> {
  readonly judged: Judged;
  readonly spellings?: OneSpelling["spellings"];
  readonly negative?: readonly string[];
}

function judgedOf(file: string, of: (name: string) => string[], options: AuditTableOptions): Read {
  const { truth, predicted, score, threshold, positive, probabilities, numbers = false } = options;
  const number = (name: string) => of(name).map((text, row) => numberIn(file, name, text, row, options.decimal));
  if (numbers && predicted !== undefined)
    return { judged: { kind: "numbers", truth: number(truth), predicted: number(predicted) } };
  const named = [truth, ...(predicted === undefined ? [] : [predicted])].map((name) => ({ name, values: of(name) }));
  if (probabilities) return { judged: byProbabilities(file, named, probabilities, number) };
  const { columns, spellings, yesNo } = inOneSpelling(named);
  const [truthColumn, answerColumn] = columns as [LabelColumn, LabelColumn?];
  if (answerColumn === undefined) checkSpellings(file, truthColumn);
  const unmatched = answerColumn && compareLabels(file, truthColumn, answerColumn, yesNo);
  const written = new Set(named.flatMap((column) => column.values.map(careless)));
  const side =
    positive !== undefined && written.has(careless(positive))
      ? inOneSpelling([{ name: "", values: [positive] }, truthColumn]).columns[0]!.values[0]
      : positive;
  const values = [...new Set([...truthColumn.values, ...(answerColumn?.values ?? [])])].sort();
  const negative = side !== undefined && values.length > 2 ? values.filter((value) => value !== side) : [];
  const about = { ...unmatched, spellings, negative };
  if (score !== undefined) {
    const scores = number(score);
    const truths = sided(file, truthColumn, side);
    const above = answerColumn ? 0 : checkThreshold(file, score, scores, threshold);
    const answers = answerColumn ? sided(file, answerColumn, side, truthColumn) : scores.map((s) => Number(s > above));
    return { judged: { kind: "decisions", truth: truths, predicted: answers, scores }, ...about };
  }
  if (answerColumn === undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "audit",
      problem: "the prediction column is not named",
      expected: "predicted, score or probabilities",
    });
  if (side !== undefined || yesNo) {
    const judged = { truth: sided(file, truthColumn, side), predicted: sided(file, answerColumn, side, truthColumn) };
    return { judged: { kind: "decisions", ...judged }, ...about };
  }
  const [truths, answers] = [truthColumn, answerColumn].map((c) => classesIn(file, c.name, c.values, values));
  return { judged: { kind: "classes", names: values, truth: truths!, predicted: answers! }, ...about };
}

function byProbabilities(
  file: string,
  [truthColumn, answerColumn]: readonly LabelColumn[],
  names: readonly string[],
  number: (name: string) => number[],
): Judged {
  const truths = classesIn(file, truthColumn!.name, truthColumn!.values, names);
  const columns = names.map(number);
  const rows = truths.map((_, row) => columns.map((column) => column[row]!));
  const answers = answerColumn
    ? classesIn(file, answerColumn.name, answerColumn.values, names)
    : rows.map((each) => each.indexOf(Math.max(...each)));
  return { kind: "classes", names, truth: truths, predicted: answers, probabilities: rows };
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
    const near = known.find((value) => careless(value) === careless(positive)) ?? nearestName(positive, known);
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
    const near = classes.find((label) => careless(label) === careless(value)) ?? nearestName(value, classes);
    throw new ConcordError("E_DATA", {
      operation: "audit",
      problem: `${name} holds a class that has no column of probabilities`,
      expected: classes.slice(0, 12).join(", "),
      got: `${value} at row ${row + 1}`,
      hint: near && `did you mean ${near}?`,
      path: file,
    });
  });
}
