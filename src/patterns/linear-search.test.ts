// The linear search against the engine's own: the same matches, in time that grows with the text alone.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isDirect, linearSearch } from "./index.ts";

/** Matches of the engine itself and of the search, as many as there are. */
function both(source: string, text: string): [number[][], number[][]] {
  const [own, found]: [number[][], number[][]] = [[], []];
  const regex = new RegExp(source, "gu");
  for (const match of text.matchAll(regex)) own.push([match.index, match.index + match[0].length]);
  const search = linearSearch(regex)(text);
  for (let from = 0; from <= text.length; ) {
    const match = search(from);
    if (!match) break;
    found.push([...match]);
    from = match[1] > match[0] ? match[1] : match[1] + ((text.codePointAt(match[1]) ?? 0) > 0xffff ? 2 : 1);
  }
  return [own, found];
}

const atom = fc.constantFrom(
  "a",
  "b",
  ".",
  "[ab]",
  "[^a]",
  "\\s",
  "\\S",
  "\\p{L}",
  "😀",
  "(?=a)",
  "(?!b)",
  "(?<=a)",
  "(?<!ab?)",
  "^",
  "$",
  "\\b",
  "\\B",
  "(?=.*b)",
  "(?<=b.*)",
);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    atom,
    fc.tuple(tie("expression"), tie("expression")).map(([a, b]) => a + b),
    fc.tuple(tie("expression"), tie("expression")).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie("expression"), fc.constantFrom("*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?", "{1,}"))
      .map(([a, n]) => `(?:${a})${n}`),
    tie("expression").map((a) => `(${a})`),
  ),
}));
const text = fc
  .array(fc.constantFrom("a", "b", " ", "\n", "c", "😀", "é"), { maxLength: 14 })
  .map((signs) => signs.join(""));

/** Engines differ in what a repeat of nothing means: such expressions are refused. */
function isCovered(source: string): boolean {
  try {
    return linearSearch(new RegExp(source, "gu")) !== undefined;
  } catch (error) {
    expect(String(error)).toMatch(/a repeat of what may match nothing/);
    return false;
  }
}

test("every match of any expression is the engine's own", () => {
  fc.assert(
    fc.property(expression.filter(isCovered), text, (source, any) => {
      const given = /\(\?<|\\B/.test(source) ? any.replaceAll("😀", "é") : any; // V8 finds empty matches between the halves of a pair
      const [own, found] = both(source, given);
      expect(found, `${source} in ${JSON.stringify(given)}`).toEqual(own);
    }),
    { numRuns: 20_000 },
  );
}, 60_000);

test("what makes the engine try again and again takes time that grows with the text", () => {
  const steps = (source: string, length: number) => {
    const start = performance.now();
    const search = linearSearch(new RegExp(source, "gu"))(`${"a".repeat(length)}${"c".repeat(9)}`);
    for (let from = 0, match = search(0); match && from <= length; match = search(from))
      from = Math.max(match[1], from + 1);
    return performance.now() - start;
  };
  for (const source of [
    "a*a*a*a*b",
    "(?:a+)+b",
    "(?:a|a)*b",
    "a*b|a",
    "a(?=a*b)",
    "(?<=ba*)a",
    "a{0,20}a{0,20}b",
    "(?:a(?=.*b))+|a",
    "a(?=.*c)",
  ])
    expect(steps(source, 20_000), source).toBeLessThan(3000); // the engine: minutes to years
}, 60_000);

test("shapes whose own search is linear are known, others are not", () => {
  const direct = (source: string) => isDirect(new RegExp(source, "gu"));
  for (const source of ["a+", " ?\\p{L}+", "'s|'t|\\p{N}{1,3}| ?[^\\s]+[\\r\\n]*", "a?b*(?:c|d)?", "abc"])
    expect(direct(source), source).toBe(true);
  for (const source of [
    "a*b",
    "a+(?!b)",
    "(?:a+)+",
    "a+?b",
    "a+$",
    "a*a",
    "(?=a*b)a",
    "a{9}",
    "a+|b*c",
    "(?:a*b|c)",
    "a{2,}",
  ])
    expect(direct(source), source).toBe(false);
});

test("back references and other flags are refused", () => {
  expect(() => linearSearch(/(a)\1/u)).toThrow("E_ARGUMENT");
  expect(() => linearSearch(/a/iu)).toThrow("E_ARGUMENT");
  expect(() => linearSearch(/(?:a|^)*b/u)).toThrow(/may match nothing/);
  expect(() => linearSearch(/a{900}b{900}/u)).toThrow(/too many steps/);
});
