// What the package gives out changes on purpose only: test/api.txt has every public name.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { docFaults, gathered, publicApi } from "../tools/api.ts";

test("public names are those of test/api.txt (run `npm run api` after a change that is meant)", () => {
  expect(publicApi(["src/index.ts", "src/node.ts", "src/web.ts"])).toBe(readFileSync("test/api.txt", "utf8"));
});

test("every public function has a TSDoc and says what it throws", () => {
  const entries = ["src/index.ts", "src/node.ts", "src/web.ts"] as const;
  const names = new Set(
    publicApi(entries)
      .split("\n")
      .map((line) => line.split(".").at(-1)!),
  );
  expect(docFaults(gathered(entries)).filter(({ name }) => names.has(name))).toEqual([]);
});

test("a function without TSDoc, with words that are no sentence, or that throws and does not say so, is found", () => {
  const text = `export const a = () => 1;
/** Half a sentence */
export function b() {}
/** Throws. */
export function c() { throw new Error("x"); }
/** Has a part that throws. */
export const d = () => () => { throw new Error("x"); };`;
  expect(docFaults(new Map([["x.ts", text]])).map(({ name }) => name)).toEqual(["a", "b", "c"]);
});
