// Rows of questions that bring their own choices: a list, columns as SWAG and RACE have them, or labels and texts as ARC has them. Pure.

/** Choices in their order, and how the data calls each. An empty cell of several columns is none. */
export interface GivenChoices {
  readonly texts: readonly (string | undefined)[];
  /** The data's own names: labels of ARC, columns of SWAG. */
  readonly names?: readonly string[];
}

/** How files name a choice: A, B, C, …; from the 27th on its number, from 1. @example choiceName(1) // "B" */
export const choiceName = (choice: number): string =>
  choice < 26 ? String.fromCharCode(65 + choice) : String(choice + 1);

/**
 * The choices of one field: a list of texts, `[{ label, text }]`, `{ label: […], text: […] }`, or texts between `separator`.
 * @returns undefined for something else
 */
export function choicesIn(given: unknown, separator?: string): GivenChoices | undefined {
  if (typeof given === "string")
    return separator === undefined ? undefined : { texts: given.split(separator).map((text) => text.trim()) };
  if (Array.isArray(given)) {
    if (given.every(isText)) return { texts: given.map(String) };
    const parts = given.map((one) => (isObject(one) ? one : {}));
    return named(
      parts.map(({ label }) => label),
      parts.map(({ text }) => text),
    );
  }
  return isObject(given) && Array.isArray(given.text) && Array.isArray(given.label)
    ? named(given.label, given.text)
    : undefined;
}

const named = (names: readonly unknown[], texts: readonly unknown[]): GivenChoices | undefined =>
  names.length === texts.length && names.every(isText) && texts.every(isText)
    ? { names: names.map(String), texts: texts.map(String) }
    : undefined;

/**
 * Which choice a label means: one of their names; else a number from 0, a letter from A, or the very text of one.
 * @returns its number; "none", or "several" where a number or letter means another choice than the equal text does
 */
export function chosenOf(label: unknown, { texts, names = [] }: GivenChoices): number | "none" | "several" {
  const word = String(label).trim();
  const byName = names.findIndex((name) => name.trim() === word);
  if (byName >= 0) return there(byName, texts);
  const number = /^\d{1,4}$/.test(word) ? Number(word) : undefined;
  if (typeof label === "number") return number === undefined ? "none" : there(number, texts);
  const letter = /^[a-z]$/i.test(word) ? word.toUpperCase().charCodeAt(0) - 65 : undefined;
  const byText = texts.flatMap((text, k) => (text?.trim() === word ? [k] : []));
  const meant = new Set([number, letter].flatMap((k) => (k !== undefined && there(k, texts) === k ? [k] : [])));
  for (const k of byText) meant.add(k);
  return meant.size > 1 ? "several" : ([...meant][0] ?? "none");
}

const there = (k: number, texts: GivenChoices["texts"]): number | "none" => (texts[k] === undefined ? "none" : k);

const isText = (one: unknown): one is string | number => typeof one === "string" || typeof one === "number";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
