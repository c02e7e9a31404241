// TypeScript and JavaScript in the pages of docs/ fits the library's types: the compiler reads all of it, which takes ten seconds.
import { expect, test } from "vitest";
import { blocksOf } from "./blocks.ts";
import { typeErrors } from "./type-errors.ts";

test("TypeScript and JavaScript in the pages has no type errors", () => {
  const blocks = blocksOf("ts", "js").filter(([, { skip }]) => !skip);
  expect(blocks.length).toBeGreaterThan(8);
  expect(typeErrors(blocks.map(([at, { text }]) => ({ at, text })))).toEqual([]);
  const wrong = 'import { pipeline } from "@concord-ai/concord/node";\npipeline(1);';
  expect(typeErrors([{ at: "wrong", text: wrong }])).toHaveLength(1);
});
