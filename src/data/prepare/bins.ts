// Groups of numbers: an attribute such as age has too many values for each to be a group. Pure.
import { type DecimalMark, numberIn as numberOf } from "../../base/index.ts";

/** From so many different numbers on, an attribute is a measurement, not a list of groups. */
export const mostNumbers = 12;

/** A number. A code such as 007 is none. */
const numberIn = (text: string, decimal?: DecimalMark): number | undefined =>
  /^[-+]?0\d/.test(text) ? undefined : numberOf(text, decimal);

/**
 * Edges that cut numbers into five groups of about as many rows each (quintiles).
 * @param values as they are written; empty ones do not count
 * @param decimal mark that begins a fraction, where it was told
 * @returns undefined where less than half of the values are numbers, or there are at most twelve different ones
 * @example fifths(ages) // [27, 38, 49, 61]
 */
export function fifths(values: readonly string[], decimal?: DecimalMark): number[] | undefined {
  const filled = values.filter((text) => text !== "");
  const numbers = filled.map((text) => numberIn(text, decimal)).filter((n) => n !== undefined);
  if (2 * numbers.length < filled.length) return undefined;
  numbers.sort((a, b) => a - b);
  if (new Set(numbers).size <= mostNumbers) return undefined;
  const edges = [0.2, 0.4, 0.6, 0.8].map((q) => numbers[Math.floor(q * numbers.length)]!);
  const above = [...new Set(edges)].filter((edge) => edge > numbers[0]!);
  return above.length ? above : [numbers.find((n) => n > numbers[0]!)!]; // where four fifths have the least one
}

/**
 * The group of each number: `0–17`, `18–39`, `65+` for edges 18, 40 and 65. A group begins at its edge. Words among the numbers (NA,
 * unknown) stay groups of their own.
 * @param edges ascending
 * @returns the groups, empty where the value is; how many values are numbers
 */
export function binned(
  values: readonly string[],
  edges: readonly number[],
  decimal?: DecimalMark,
): { readonly groups: string[]; readonly numbers: number } {
  const numbers = values.map((text) => numberIn(text, decimal));
  const found = numbers.filter((n) => n !== undefined);
  const whole = [...edges, ...found].every(Number.isInteger);
  const names = binNames(edges, whole, !found.some((n) => n < 0));
  const groups = numbers.map((n, row) =>
    n === undefined ? values[row]! : names[edges.filter((edge) => n >= edge).length]!,
  );
  return { groups, numbers: found.length };
}

/** An attribute's values, as groups. */
export interface NumberGroups {
  readonly groups: readonly string[];
  /** Where numbers were cut; `found`: by the rule of {@link fifths}. */
  readonly cut?: { readonly edges: readonly number[]; readonly found: boolean };
  /** Where numbers were cut: values that are numbers. 0 where edges were given for what has none. */
  readonly numbers?: number;
}

/** Whole numbers, a different one in each row: they name rows. */
const namesRows = (values: readonly string[]) =>
  new Set(values).size === values.length && values.every((text) => /^\d+$/.test(text));

/**
 * The groups of an attribute: numbers are cut at edges, everything else stays.
 * @param edges none: each value is a group. Default those of {@link fifths}, but not of numbers that name the rows
 */
export function attributeGroups(
  values: readonly string[],
  edges?: readonly number[],
  decimal?: DecimalMark,
): NumberGroups {
  const used = edges ?? (namesRows(values) ? undefined : fifths(values, decimal));
  if (!used?.length) return { groups: values };
  return { ...binned(values, used, decimal), cut: { edges: used, found: edges === undefined } };
}

function binNames(edges: readonly number[], whole: boolean, fromZero: boolean): string[] {
  const between = (from: number, to: number) => {
    if (!whole) return `${from}–<${to}`;
    return to - 1 === from ? String(from) : `${from}–${to - 1}`;
  };
  const first = edges[0]!;
  return [
    fromZero && first > 0 ? between(0, first) : `<${first}`,
    ...edges.slice(1).map((to, i) => between(edges[i]!, to)),
    `${edges.at(-1)!}+`,
  ];
}
