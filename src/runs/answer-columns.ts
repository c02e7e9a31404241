// The columns of a table of answers: read, and the rows that can be audited. Keeps texts as they are written.
import {
  ConcordError,
  type DecimalMark,
  numberFault,
  numberRemedies,
  numberIn as plainNumberIn,
  unknownName,
} from "../base/index.ts";
import { otherReading, type TableWriting } from "../recipe/index.ts";
import { readRows } from "../tables/node/index.ts";

/** Which columns of a table hold what. */
export interface AnswerColumns extends TableWriting {
  readonly truth: string;
  /** Column of answers. */
  readonly predicted?: string;
  /** Column of scores; above the threshold the answer is positive. */
  readonly score?: string;
  /** Columns of the classes' probabilities, named as the classes. */
  readonly probabilities?: readonly string[];
  readonly attributes: readonly string[];
  /** Column whose equal values are redrawn together. */
  readonly group?: string;
  /** Words that mean that nothing is there. Default none: only an empty field, or null. */
  readonly missing?: readonly string[];
}

/**
 * Values of the named columns, row by row; a key that a row lacks is missing there.
 * @param onGuess told what the reader had to guess
 * @throws E_IO, E_DATA as readRows; E_DATA for a column that no row has
 */
export async function columnsOf(
  file: string,
  options: AnswerColumns,
  onGuess: (guess: string) => void = () => {},
): Promise<Map<string, string[]>> {
  const { truth, predicted, score, probabilities = [], attributes, group, missing } = options;
  if (truth === predicted || truth === score)
    throw new ConcordError("E_ARGUMENT", {
      operation: "audit",
      problem: "one column is both the true label and the prediction: every prediction would be correct",
      expected: "two columns",
      got: truth,
    });
  const wanted = [truth, predicted, score, ...probabilities, ...attributes, group].filter((n) => n !== undefined);
  const columns = new Map(wanted.map((name) => [name, [] as string[]]));
  const seen = new Set<string>();
  for await (const { line, fields } of readRows(file, {
    ...otherReading(file, undefined, options),
    missing,
    onGuess,
  })) {
    for (const name of Object.keys(fields)) seen.add(name);
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
  for (const name of columns.keys()) checkColumn(file, name, seen);
  return columns;
}

function checkColumn(file: string, name: string, seen: ReadonlySet<string>): void {
  if (seen.has(name)) return;
  throw unknownName(
    "E_DATA",
    {
      operation: "audit",
      problem: `there is no column ${name}`,
      path: file,
      hint: "name one of the table's columns",
    },
    name,
    [...seen],
  );
}

/** The columns of the rows that have a truth and an answer. @throws E_DATA where none has */
export function answeredRows(file: string, columns: ReadonlyMap<string, string[]>, options: AnswerColumns) {
  const { truth, predicted, score, probabilities = [] } = options;
  const answers = [predicted, score, ...probabilities].filter((name) => name !== undefined);
  const rows = columns.get(truth)!.map((value, row) => {
    if (value === "") return "truth";
    return answers.some((name) => columns.get(name)![row] === "") ? "answer" : "both";
  });
  if (!rows.includes("both"))
    throw new ConcordError("E_DATA", {
      operation: "audit",
      problem: "no row has a true label and a prediction",
      expected: `values in ${[truth, ...answers].join(" and ")}`,
      got: `${rows.length} rows, ${rows.filter((r) => r === "truth").length} without a value of ${truth}`,
      path: file,
    });
  const kept = [...columns].map(([name, values]) => [name, values.filter((_, row) => rows[row] === "both")] as const);
  const count = (what: (typeof rows)[number]) => rows.filter((row) => row === what).length;
  return { columns: new Map(kept), withoutTruth: count("truth"), withoutAnswer: count("answer") };
}

/**
 * @param decimal mark that begins a fraction, where it was told
 * @throws E_DATA for what is no finite number
 */
export function numberIn(file: string, name: string, text: string, row: number, decimal?: DecimalMark): number {
  const value = plainNumberIn(text, decimal);
  if (value !== undefined) return value;
  const fault = numberFault(text, decimal);
  throw new ConcordError("E_DATA", {
    operation: "audit",
    problem: `${name} holds a value that is no finite number`,
    expected: "a number",
    got: `${text === "" ? "nothing" : text} at row ${row + 1}`,
    hint: fault ? numberRemedies[fault] : "leave out such rows, or correct them",
    path: file,
  });
}
