// Rows of JSON: an object a line (JSONL), an array, or an object that holds one. Whole numbers beyond 2^53 keep their digits as text.
// Knows nothing of texts and labels.
import { ConcordError } from "../../base/index.ts";
import { placeOf, type SourceRow } from "../../data/index.ts";
import { acceptedRows, questionRows, toolFields } from "../tool-fields.ts";
import { linesOf } from "./csv-rows.ts";

type Fields = Readonly<Record<string, unknown>>;
type Texts = () => AsyncGenerator<string>;

const longestFile = 1 << 29; // characters: what one string can hold

/** Rows of a file that is an object a line, or one JSON value; which of them is seen at its beginning. */
export async function* jsonRows(
  open: Texts,
  file: string,
  onGuess?: (guess: string) => void,
): AsyncGenerator<SourceRow> {
  if (await holdsLines(open())) yield* acceptedRows(lineRows(open(), file), onGuess);
  else yield* acceptedRows(toolFields(questionRows(documentRows(open(), file)), onGuess), onGuess); // tools export a project as one value
}

/** True where the first line that is not empty is an object, or no whole file would be one value. */
async function holdsLines(texts: AsyncGenerator<string>): Promise<boolean> {
  let whole = false; // the first line is a value that holds rows
  for await (const line of linesOf(texts)) {
    if (line.trim() === "") continue;
    if (whole) return true; // nothing follows one value: each line is a row, such as a chat with its messages
    if (line.trimStart().startsWith("[")) return false;
    try {
      const value: unknown = JSON.parse(line);
      if (!isObject(value) || rowsIn(value) === undefined) return isObject(value);
      whole = true;
    } catch {
      return !/^\s*\{\s*("[^"]*"\s*:\s*[[{]?\s*)?$/.test(line); // a pretty-printed object begins with a brace or its first key
    }
  }
  return !whole;
}

async function* lineRows(texts: AsyncIterable<string>, file: string): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const text of linesOf(texts)) {
    line++;
    if (text.trim() === "") continue;
    const fields = parsed(text, placeOf({ file, line }), "not a line of JSON");
    if (!isObject(fields)) throw notJson("not a line of JSON: the line holds no object", text, placeOf({ file, line }));
    yield { file, line, fields };
  }
}

async function* documentRows(texts: AsyncIterable<string>, file: string): AsyncGenerator<SourceRow> {
  let whole = "";
  for await (const text of texts) {
    whole += text;
    if (whole.length > longestFile)
      throw new ConcordError("E_DATA", {
        operation: "read data",
        problem: "the JSON file is too large to be read as one value",
        expected: `at most ${longestFile} characters`,
        hint: "write it as JSONL: one object a line; in Python: frame.to_json(path, orient='records', lines=True)",
        path: file,
      });
  }
  const value = parsed(whole, file, "not JSON");
  const rows = Array.isArray(value) ? value : isObject(value) ? rowsIn(value) : undefined;
  if (!rows)
    throw new ConcordError("E_DATA", {
      operation: "read data",
      problem: "the JSON value holds no rows",
      expected: '[{"text": …, "label": …}, …], or {"data": [ … ]}',
      got: whole.trim().slice(0, 60),
      hint: "write an array of objects, or one object a line",
      path: file,
    });
  for (const [i, fields] of rows.entries()) {
    if (!isObject(fields))
      throw notJson("an element of the array is no object", JSON.stringify(fields) ?? "", `${file}:${i + 1}`);
    yield { file, line: i + 1, fields: isObject(fields.row) && "row_idx" in fields ? fields.row : fields }; // as a hub's viewer wraps rows
  }
}

/** The array of objects that an object holds, or its columns turned into rows (pandas). */
function rowsIn(value: Fields): readonly unknown[] | undefined {
  const arrays = Object.values(value).filter(
    (v): v is unknown[] => Array.isArray(v) && v.length > 0 && v.every(isObject),
  );
  const named = ["data", "rows", "examples", "records", "items"].find((key) => Array.isArray(value[key]));
  if (named !== undefined && (value[named] as unknown[]).every(isObject)) return value[named] as unknown[];
  if (arrays.length === 1 && Object.keys(value).length <= 4 && !("text" in value)) return arrays[0];
  const columns = Object.entries(value).map(([name, column]) => [name, columnOf(column)] as const);
  const [first] = columns;
  const size = first?.[1]?.length ?? 0;
  if (columns.length < 2 || size < 2 || columns.some(([, column]) => column?.length !== size)) return undefined;
  if (Object.values(value).every(Array.isArray) && "tokens" in value) return undefined; // one tagged sentence
  return Array.from({ length: size }, (_, i) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column![i]] as const)),
  );
}

/** A column of pandas: `{"0": …, "1": …}`, or a list. */
function columnOf(column: unknown): readonly unknown[] | undefined {
  if (Array.isArray(column)) return column;
  if (!isObject(column)) return undefined;
  const keys = Object.keys(column);
  return keys.length > 1 && keys.every((key) => /^\d+$/.test(key)) ? Object.values(column) : undefined;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsed(text: string, path: string, problem: string): unknown {
  try {
    return JSON.parse(/\d{16}/.test(text) ? withLongNumbersQuoted(text) : text);
  } catch (cause) {
    const nan = /[:[,]\s*-?(NaN|Infinity)\b/.exec(text)?.[1];
    const hint = nan ? `${nan} is not JSON: write null where there is no value` : undefined;
    throw notJson(problem, text, path, hint, cause);
  }
}

/** Whole numbers that a double cannot hold, as strings with all their digits. */
const withLongNumbersQuoted = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );

const notJson = (problem: string, text: string, path: string, hint?: string, cause?: unknown) =>
  new ConcordError("E_DATA", {
    operation: "read data",
    problem,
    expected: '{"text": …, "label": …} on one line, or an array of such objects',
    got: text.trim().slice(0, 80),
    hint: hint ?? "correct the line that is named; each line has to be whole",
    path,
    cause,
  });
