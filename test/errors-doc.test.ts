import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorCodes } from "../src/base/index.ts";
import { errorsPage, errorsPagePath } from "../tools/errors-doc.ts";

test("docs/errors.md is what tools/errors-doc.ts writes (run `npx tsx tools/errors-doc.ts`)", () => {
  expect(readFileSync(errorsPagePath, "utf8")).toBe(errorsPage());
});

test("the page has one row for each code, with its meaning", () => {
  const rows = errorsPage().match(/^\| `E_\w+` \| .+ \| \d+ \|$/gm);
  expect(rows).toHaveLength(Object.keys(errorCodes).length);
});

test("every code is a distinct E_ name with a sentence and an exit code that a process can have", () => {
  for (const [code, { doc, exit }] of Object.entries(errorCodes)) {
    expect(code).toMatch(/^E_[A-Z]+$/);
    expect(doc).toMatch(/^[A-Z].*\.$/);
    expect(exit).toBeGreaterThan(0);
    expect(exit).toBeLessThan(256);
  }
});
