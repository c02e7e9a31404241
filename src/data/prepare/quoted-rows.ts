// Rows of questions, each with a text that holds the answers: SQuAD's fields, or columns of a table. Pure.

/** An answer, and where it begins in its text, in UTF-16 code units. */
export interface QuotedAnswer {
  readonly text: string;
  readonly start: number;
}

/** An answer as a record has it; `start` in the record's own unit. */
interface GivenAnswer {
  readonly text: string;
  readonly start?: number;
}

/**
 * The answers that a record has: a text; several, as a list or between `separator`; `{ text: […], answer_start: […] }` as hubs have them;
 * or SQuAD's `[{ text, answer_start }]`. Nothing, and empty texts, mean that the text holds no answer.
 * @param starts of a column of its own
 * @returns undefined for something else
 */
export function givenAnswers(given: unknown, starts: unknown, separator?: string): GivenAnswer[] | undefined {
  if (given === undefined || given === null) return [];
  if (typeof given === "string" || typeof given === "number") {
    const texts = separator === undefined ? [String(given)] : String(given).split(separator);
    return withStarts(texts, startsIn(starts, separator));
  }
  if (Array.isArray(given)) {
    if (given.every((one) => typeof one === "string")) return withStarts(given, startsIn(starts, separator));
    const parts = given.map((one) => (isObject(one) ? givenAnswers(one, undefined) : undefined));
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  if (!isObject(given)) return undefined;
  const { text, answer_start: start } = given;
  const texts = typeof text === "string" ? [text] : text;
  if (!Array.isArray(texts) || !texts.every((one) => typeof one === "string")) return undefined;
  return withStarts(texts, startsIn(start));
}

const withStarts = (texts: readonly string[], starts: readonly number[] | undefined): GivenAnswer[] | undefined =>
  starts !== undefined && starts.length > 0 && starts.length !== texts.length
    ? undefined
    : starts &&
      texts
        .map((text, i) => ({ text: text.trim(), ...(starts.length > 0 && { start: starts[i]! }) }))
        .filter(({ text }) => text !== "");

/** Whole numbers of a field; none of an empty one; undefined where it holds something else. */
function startsIn(given: unknown, separator = ";"): number[] | undefined {
  if (given === undefined || given === null || given === "") return [];
  const list = Array.isArray(given) ? given : typeof given === "string" ? given.split(separator) : [given];
  const numbers = list.map((one) => (typeof one === "string" && one.trim() === "" ? Number.NaN : Number(one)));
  return numbers.every((n) => Number.isInteger(n) && n >= 0) ? numbers : undefined;
}

/**
 * Where an answer lies in the cleaned text: at the same occurrence of its words as in the text that it came in; without a start at the
 * first.
 * @param unit of `start`
 * @returns undefined where the text does not hold the answer there
 */
export function quotedAnswer(
  { text, start }: GivenAnswer,
  context: { readonly given: string; readonly clean: string },
  clean: (text: string) => string,
  unit: "code-points" | "utf-16",
): QuotedAnswer | undefined {
  const answer = clean(text);
  if (answer === "") return undefined;
  let before = 0;
  if (start !== undefined) {
    const at = unit === "utf-16" ? start : [...context.given].slice(0, start).join("").length;
    const shift = context.given.slice(at).search(/\S/); // a start may lie on the space before
    if (shift < 0 || !context.given.startsWith(text, at + shift)) return undefined;
    before = places(context.given, text).filter((place) => place < at + shift).length;
  }
  const place = places(context.clean, answer)[before];
  return place === undefined ? undefined : { text: answer, start: place };
}

/** Where a part begins in a whole, overlaps included. */
function places(whole: string, part: string): number[] {
  const found: number[] = [];
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) found.push(at);
  return found;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
