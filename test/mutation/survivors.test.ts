// The list of mutants that survive: each with a reason, and compared with what a run found by line and change, wherever the line stands now.
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compareSurvivors, type Mutant, type Survivor, survivorsFile } from "./survivors.ts";

test("each survivor has a source and a reason", () => {
  const listed = JSON.parse(readFileSync(survivorsFile, "utf8")) as Survivor[];
  for (const { file, code, change, reason } of listed) {
    expect(existsSync(file), file).toBe(true);
    expect(change, code).toContain(" → ");
    expect(reason.trim(), `${file}: ${change}`).not.toBe("");
  }
});

const source = "// header\n  if (a > 0)\n    return b;\n  if (a > 0) return c;\n";
const mutant = (line: number, status = "Survived", replacement = "a >= 0"): Mutant => ({
  ...{ file: "f.ts", status, replacement },
  ...{ start: { line, column: 7 }, end: { line, column: 12 } },
});
const listed = (changes: Partial<Survivor> = {}): Survivor => ({
  ...{ file: "f.ts", code: "if (a > 0)", change: "a > 0 → a >= 0", reason: "the same" },
  ...changes,
});
const compare = (mutants: readonly Mutant[], list: readonly Survivor[]) =>
  compareSurvivors(mutants, list, () => source);
const counts = ({ unlisted, gone, withoutReason }: ReturnType<typeof compare>) => [
  unlisted.length,
  gone.length,
  withoutReason.length,
];

test("a survivor that is listed is no fault; one that is not, another change, or the same change elsewhere is", () => {
  expect(counts(compare([mutant(2)], [listed()]))).toEqual([0, 0, 0]);
  expect(counts(compare([mutant(2)], []))).toEqual([1, 0, 0]);
  expect(counts(compare([mutant(2, "NoCoverage")], []))).toEqual([1, 0, 0]);
  expect(counts(compare([mutant(2, "Survived", "true")], [listed()]))).toEqual([1, 1, 0]);
  expect(counts(compare([mutant(2), mutant(4)], [listed()]))).toEqual([1, 0, 0]);
  expect(counts(compare([mutant(2), mutant(2)], [listed()]))).toEqual([1, 0, 0]);
});

test("what is listed and noticed is gone; files that the run did not touch stay as they are", () => {
  for (const status of ["Killed", "Timeout"])
    expect(counts(compare([mutant(2, status)], [listed()]))).toEqual([0, 1, 0]);
  const other = listed({ file: "g.ts" });
  const compared = compare([mutant(2, "Killed"), mutant(4)], [other, listed()]);
  expect(counts(compared)).toEqual([1, 1, 0]);
  expect(compared.kept).toEqual([listed({ code: "if (a > 0) return c;", reason: "" }), other]);
  expect(counts(compare([mutant(2)], [listed({ reason: " " })]))).toEqual([0, 0, 1]);
});

test("a change of several lines is one line of the list", () => {
  const whole = { ...mutant(2, "Survived", "{}"), start: { line: 2, column: 3 }, end: { line: 3, column: 14 } };
  expect(compare([whole], []).unlisted[0]).toMatchObject({ code: "if (a > 0)", change: "if (a > 0) return b; → {}" });
});
