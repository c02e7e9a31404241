// Audits any system's table of answers for fairness: a column of the truth, one of answers or scores, and columns of attributes.
import {
  auditFairness,
  type FairnessFindings,
  type FairnessOptions,
  groupingOf,
  type Judged,
  unusableReason,
} from "../audit/index.ts";
import { ConcordError, unknownName } from "../base/index.ts";
import { readRows } from "../data/node/index.ts";

export interface AuditTableOptions extends FairnessOptions {
  readonly truth: string;
  /** Column of answers. */
  readonly predicted?: string;
  /** Column of scores; above the threshold the answer is positive. */
  readonly score?: string;
  /** Default 0.5. */
  readonly threshold?: number;
  /** Value of the positive class, in truth and answers. */
  readonly positive?: string;
  /** Columns of the classes' probabilities, named as the classes. */
  readonly probabilities?: readonly string[];
  /** Truth and answers are numbers. */
  readonly numbers?: boolean;
  readonly attributes: readonly string[];
  /** Column whose equal values are redrawn together. */
  readonly group?: string;
}

/**
 * Audits a table. No row of it is kept or shown, only measures of groups.
 * @throws E_IO, E_DATA as readRows; E_DATA for a column that is missing (with the nearest name), constant, or with one value per
 * row, for scores that are no numbers, and for probabilities that do not sum to 1; E_ARGUMENT for columns that do not say enough
 * @example await auditTable("answers.csv", { truth: "y", score: "p", attributes: ["sex", "region"] });
 */
export async function auditTable(file: string, options: AuditTableOptions): Promise<FairnessFindings> {
  const columns = await columnsOf(file, options);
  const of = (name: string) => columns.get(name)!;
  const attributes = Object.fromEntries(options.attributes.map((name) => [name, of(name)]));
  for (const [name, values] of Object.entries(attributes)) checkAttribute(file, name, values, options.smallestCell);
  return auditFairness(
    judgedOf(file, of, options),
    attributes,
    options,
    options.group === undefined ? undefined : of(options.group),
  );
}

async function columnsOf(file: string, options: AuditTableOptions): Promise<Map<string, string[]>> {
  const { truth, predicted, score, probabilities = [], attributes, group } = options;
  const wanted = [truth, predicted, score, ...probabilities, ...attributes, group].filter((n) => n !== undefined);
  const columns = new Map(wanted.map((name) => [name, [] as string[]]));
  let first = true;
  for await (const { line, fields } of readRows(file)) {
    if (first) for (const name of columns.keys()) checkColumn(file, name, fields);
    first = false;
    for (const [name, values] of columns) {
      const value = fields[name];
      if (value !== null && typeof value === "object")
        throw new ConcordError("E_DATA", {
          operation: "audit",
          problem: `${name} holds something that is no single value`,
          expected: "a text, a number, true or false",
          got: JSON.stringify(value).slice(0, 60),
          path: `${file}:${line}`,
        });
      values.push(value === undefined || value === null ? "" : String(value).trim());
    }
  }
  return columns;
}

function checkColumn(file: string, name: string, fields: Readonly<Record<string, unknown>>): void {
  if (Object.hasOwn(fields, name)) return;
  throw unknownName(
    "E_DATA",
    {
      operation: "audit",
      problem: `there is no column ${name}`,
      path: file,
      hint: "name one of the table's columns",
    },
    name,
    Object.keys(fields),
  );
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

function judgedOf(file: string, of: (name: string) => string[], options: AuditTableOptions): Judged {
  const { truth, predicted, score, threshold = 0.5, positive, probabilities, numbers = false } = options;
  const number = (name: string) => of(name).map((text, row) => numberIn(file, name, text, row));
  if (score !== undefined) {
    const scores = number(score);
    const answers =
      predicted === undefined ? scores.map((s) => Number(s > threshold)) : sided(file, predicted, of, positive);
    return { kind: "decisions", truth: sided(file, truth, of, positive), predicted: answers, scores };
  }
  if (probabilities) {
    const truths = classesIn(file, truth, of(truth), probabilities);
    const columns = probabilities.map(number);
    const rows = truths.map((_, row) => columns.map((column) => column[row]!));
    const answers =
      predicted === undefined
        ? rows.map((own) => own.indexOf(Math.max(...own)))
        : classesIn(file, predicted, of(predicted), probabilities);
    return { kind: "classes", names: probabilities, truth: truths, predicted: answers, probabilities: rows };
  }
  if (predicted === undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "audit",
      problem: "the column of answers is not named",
      expected: "predicted, score or probabilities",
    });
  if (numbers) return { kind: "numbers", truth: number(truth), predicted: number(predicted) };
  const values = [...new Set([...of(truth), ...of(predicted)])].sort();
  if (positive !== undefined || values.every((value) => isYes(value) || isNo(value)))
    return {
      kind: "decisions",
      truth: sided(file, truth, of, positive),
      predicted: sided(file, predicted, of, positive),
    };
  return {
    kind: "classes",
    names: values,
    truth: classesIn(file, truth, of(truth), values),
    predicted: classesIn(file, predicted, of(predicted), values),
  };
}

const isYes = (text: string) => /^(1|1\.0|true|yes)$/i.test(text);
const isNo = (text: string) => /^(0|0\.0|false|no)$/i.test(text);

/** 1 for the positive class. @throws E_ARGUMENT when nobody says which that is, E_DATA when no row has it */
function sided(file: string, name: string, of: (name: string) => string[], positive: string | undefined): number[] {
  const values = of(name);
  const known = () => [...new Set(values)].slice(0, 6).join(", ");
  if (positive === undefined) {
    if (!values.every((value) => isYes(value) || isNo(value)))
      throw new ConcordError("E_ARGUMENT", {
        operation: "audit",
        problem: `nothing says which value of ${name} is the positive class`,
        expected: "positive, or values 0 and 1",
        got: known(),
        hint: "name it: --positive",
        path: file,
      });
    return values.map((value) => Number(isYes(value)));
  }
  if (!values.includes(positive))
    throw new ConcordError("E_DATA", {
      operation: "audit",
      problem: `no row of ${name} has the positive value`,
      expected: positive,
      got: known(),
      path: file,
    });
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

function numberIn(file: string, name: string, text: string, row: number): number {
  const value = Number(text);
  if (text !== "" && Number.isFinite(value)) return value;
  throw new ConcordError("E_DATA", {
    operation: "audit",
    problem: `${name} holds a value that is no finite number`,
    expected: "a number",
    got: `${text === "" ? "nothing" : text} at row ${row + 1}`,
    hint: "leave out such rows, or correct them",
    path: file,
  });
}
