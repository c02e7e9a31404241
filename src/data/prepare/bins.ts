// Groups of numbers: an attribute such as age has too many values for each to be a group. Pure.

/** From so many different numbers on, an attribute is a measurement, not a list of groups. */
export const mostNumbers = 12;

const numberIn = (text: string): number | undefined =>
  /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;

/**
 * Edges that cut numbers into five groups of about as many rows each (quintiles).
 * @param values as they are written; empty ones do not count
 * @returns undefined where some value is no number, or where there are at most twelve different ones
 * @example fifths(ages) // [27, 38, 49, 61]
 */
export function fifths(values: readonly string[]): number[] | undefined {
  const numbers: number[] = [];
  for (const text of values) {
    if (text === "") continue;
    const number = numberIn(text);
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  numbers.sort((a, b) => a - b);
  if (new Set(numbers).size <= mostNumbers) return undefined;
  const edges = [0.2, 0.4, 0.6, 0.8].map((q) => numbers[Math.floor(q * numbers.length)]!);
  const above = [...new Set(edges)].filter((edge) => edge > numbers[0]!);
  return above.length ? above : [numbers.find((n) => n > numbers[0]!)!]; // where four fifths have the least one
}

/**
 * The group of each number: `0–17`, `18–39`, `65+` for edges 18, 40 and 65. A group begins at its edge.
 * @param edges ascending
 * @returns the groups, empty where the value is; `wrong`: the first row whose value is no number
 */
export function binned(
  values: readonly string[],
  edges: readonly number[],
): { readonly groups: string[]; readonly wrong?: number } {
  const numbers = values.map(numberIn);
  const wrong = values.findIndex((text, i) => text !== "" && numbers[i] === undefined);
  const whole = [...edges, ...numbers].every((n) => n === undefined || Number.isInteger(n));
  const names = binNames(edges, whole, !numbers.some((n) => n !== undefined && n < 0));
  const groups = numbers.map((n) => (n === undefined ? "" : names[edges.filter((edge) => n >= edge).length]!));
  return { groups, ...(wrong >= 0 && { wrong }) };
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
