// Texts to answer, from arguments, standard input or a table, cleaned exactly as the stage prepare cleans them. Streams.
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { ConcordError, nearestName } from "../base/index.ts";
import { cleanText, isMissing, plainText, textIn } from "../data/index.ts";
import type { Given } from "../modalities/index.ts";
import { headAnswers, type TextInput } from "../predict/index.ts";
import type { OpenAnyModel } from "../stages/index.ts";
import { type ReadRowsOptions, readLines, readRows, withoutWords } from "../tables/node/index.ts";

/** A text, cleaned. */
export type GivenText = Given<TextInput>;

/** What a model reads. */
export interface TextShape {
  /** Two texts at once: in a line, with a tab between. */
  readonly pair: boolean;
  /** Longest text in characters. */
  readonly longest: number;
  /** Words are labelled: the text stays as it is, because answers have places in it. */
  readonly words: boolean;
}

/** What a model reads, as its run was trained: a bare folder reads single texts. */
export const textShape = ({ recipe, predictor }: Pick<OpenAnyModel, "recipe" | "predictor">): TextShape => ({
  pair: recipe?.data.pair !== undefined,
  longest: recipe?.data.longestText ?? 100_000,
  words: Boolean(headAnswers(predictor.model.task)?.words),
});

const longestKept = 1000;

/** The beginning of a text in memory of its own: a slice would keep all of a huge text alive. */
const beginning = (text: string): string => Buffer.from(text.slice(0, longestKept)).toString();

/** A cleaned text, or a pair of them, or why not. */
function usable(parts: readonly unknown[], { longest, words }: TextShape): GivenText["input"] {
  const texts = parts.map((part) => textIn(part) ?? "");
  if (texts.some((text) => text.length > longest)) return { unusable: "too-long" };
  const clean = texts.map((text) => cleanText(text));
  if (clean.some((text) => text === "")) return { unusable: "no-text" };
  if (words) return { content: texts[0]! };
  return { content: clean.length === 2 ? [clean[0]!, clean[1]!] : clean[0]! };
}

/** Texts of the command line, or lines of a stream. @throws E_ARGUMENT for a line that is no pair where one is needed */
export function givenText(given: string, shape: TextShape): GivenText {
  const parts = shape.pair ? given.split("\t") : [given];
  if (shape.pair && parts.length !== 2)
    throw new ConcordError("E_ARGUMENT", {
      operation: "predict",
      problem: "the model reads two texts",
      expected: "two texts with a tab between, or --file with two columns",
      got: given.slice(0, 60),
    });
  return kept({ given, input: usable(parts, shape) });
}

/** Of an unusable text only the beginning is kept. */
const kept = (text: GivenText): GivenText =>
  "unusable" in text.input ? { ...text, given: beginning(text.given) } : text;

export async function* linesOf(stream: NodeJS.ReadableStream, shape: TextShape): AsyncGenerator<GivenText> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
    yield givenText(line, shape);
}

/**
 * Texts of a table's columns, or of each line of a `.txt` file.
 * @param columns one, or two for pairs
 * @param reading how a table is read; a `.txt` file by its encoding alone
 * @param groupColumn column of the text's group, where one is needed
 * @throws E_IO, E_DATA as readRows; E_DATA with the nearest name when a column is missing
 */
export async function* textsOfFile(
  file: string,
  columns: readonly string[],
  shape: TextShape,
  reading: ReadRowsOptions = {},
  groupColumn?: string,
): AsyncGenerator<GivenText> {
  if (extname(file).toLowerCase() === ".txt") {
    let line = 0;
    for await (const given of readLines(file, reading))
      yield { ...givenText(given, shape), place: `${file}:${++line}` };
    return;
  }
  const seen = new Set<string>();
  const { missing = [], ...unchanged } = reading;
  const nothing = new Set(missing);
  for await (const { line, fields } of readRows(file, unchanged)) {
    const place = `${file}:${line}`;
    const read = nothing.size ? withoutWords(fields, nothing) : fields;
    const parts = columns.map((name) => fieldOf(read, name, place, seen, "--column"));
    const group = groupColumn === undefined ? undefined : fieldOf(read, groupColumn, place, seen);
    yield kept({
      fields,
      given: parts.map((part) => textIn(part) ?? (isMissing(part) ? "" : plainText(part))).join("\t"),
      place,
      ...(groupColumn !== undefined && { group: isMissing(group) ? "" : plainText(group).trim() }),
      input: usable(parts, shape),
    });
  }
}

/** A row may lack a column that an earlier one had: a key that JSON leaves out. */
function fieldOf(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  place: string,
  seen: Set<string>,
  option?: string,
): unknown {
  if (Object.hasOwn(fields, name)) {
    seen.add(name);
    return fields[name];
  }
  if (seen.has(name)) return undefined;
  const known = Object.keys(fields);
  const near = nearestName(name, known);
  const other = near ? `did you mean ${near}? Use ${option} ${near}` : `use ${option} with one of them`;
  throw new ConcordError("E_DATA", {
    operation: "read texts",
    problem: option ? `there is no column ${name}` : `there is no column ${name}, by which this model's thresholds go`,
    expected: option ? known.slice(0, 12).join(", ") : `the column ${name} beside the texts`,
    got: option ? name : known.slice(0, 12).join(", "),
    hint: option ? other : `add the column, or --group VALUE where all texts are of one ${name}`,
    path: place,
  });
}
