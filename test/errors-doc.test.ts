// docs/errors.md, the code table, the messages and the sources name the same codes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ErrorCode, errorCodes } from "../src/base/index.ts";
import { say } from "../src/messages/index.ts";

const page = readFileSync("docs/errors.md", "utf8");
const codes = Object.keys(errorCodes) as ErrorCode[];

/** Codes that the sources raise or look for, from their text. */
function usedCodes(): Set<string> {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (f) => f.endsWith(".ts") && !f.endsWith(".test.ts") && f !== join("base", "errors.ts") && !f.startsWith("messages"),
  );
  return new Set(files.flatMap((f) => readFileSync(join("src", f), "utf8").match(/"E_[A-Z]+"/g) ?? []));
}

test("every code that the sources use is in the document with a remedy, and every code of the document is used", () => {
  const documented = [...page.matchAll(/^\| `(E_\w+)` \| .+\. \| .+ \| \d+ \|$/gm)].map((m) => `"${m[1]}"`);
  expect(documented.sort()).toEqual([...usedCodes()].sort());
  expect(documented).toHaveLength(codes.length);
});

test("every code is a distinct E_ name with a sentence and an exit code that a process can have", () => {
  for (const [code, { doc, exit }] of Object.entries(errorCodes)) {
    expect(code).toMatch(/^E_[A-Z]+$/);
    expect(doc).toMatch(/^[A-Z].*\.$/);
    expect(exit).toBeGreaterThan(1);
    expect(exit).toBeLessThan(256);
    expect(say("en", `meaning.${code as ErrorCode}`)).toBe(doc);
  }
});

test("every exit code has its kind of failure in the document", () => {
  expect(page).not.toContain("undefined");
  for (const { exit } of Object.values(errorCodes)) expect(page).toMatch(new RegExp(`^\\| ${exit} \\| \\w`, "m"));
});
