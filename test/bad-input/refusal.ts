// What a user's mistake must give: a code, a place, what was expected and found, what to try, and the exit code of that kind.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect } from "vitest";
import { type ErrorCode, errorCodes } from "../../src/base/index.ts";
import { concord } from "../command-line.ts";

/** What an error has to say; strings are parts of it. */
export interface Refusal {
  readonly code: ErrorCode;
  /** Where: file and line, or key. */
  readonly place: string | RegExp;
  readonly problem: string | RegExp;
  readonly expected: string | RegExp;
  readonly got: string | RegExp;
  readonly remedy: string | RegExp;
}

/** An empty folder that goes away after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "concord-bad-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file below a folder. @returns its path */
export function put(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Rows of two classes that a recipe accepts, ten of each. */
export const goodRows = Array.from({ length: 20 }, (_, i) => {
  const words = ["sore", "dry", "itching", "burning", "swollen", "aching", "stiff", "numb", "cold", "hot"];
  const [a, b, c] = [words[i % 10]!, words[(3 * i + 1) % 10]!, words[(7 * i + 2) % 10]!];
  return i % 2
    ? `my ${a} ${b} knee and the ${c} one ${i * 7919},joint`
    : `${a} throat ${b} cough ${c} nose ${i * 104729},airways`;
});

/** A recipe for a table. */
export const recipeFor = (data: string, more = ""): string =>
  `version: 1\nname: bad\ndata: { ${data} }\nmodel: { scratch: { vocabulary: 100, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 16 }\nadapt: { epochs: 1, threads: 1 }\n${more}`;

/** Runs a command that must be refused, in words and as JSON, with its exit code. */
export async function expectRefusal(args: readonly string[], wanted: Refusal): Promise<void> {
  const { code: exit, err } = await concord(["--json", ...args]);
  expect(exit, err).toBe(errorCodes[wanted.code].exit);
  expect(exit).not.toBe(0);
  const { code, problem, expected, got, hint, path } = JSON.parse(err.trim().split("\n").at(-1)!);
  const matches = (text: string | RegExp) =>
    typeof text === "string" ? expect.stringContaining(text) : expect.stringMatching(text);
  expect({ code, problem, expected, got, remedy: hint, place: path }).toEqual({
    code: wanted.code,
    problem: matches(wanted.problem),
    expected: matches(wanted.expected),
    got: matches(wanted.got),
    remedy: matches(wanted.remedy),
    place: matches(wanted.place),
  });
  expect(err).not.toMatch(/^\s+at .*\.ts:\d+/m); // no stack for a user's fault
}
