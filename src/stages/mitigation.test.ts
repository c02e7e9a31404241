import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TextRow } from "../data/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { mitigatedExamples, mitigatedRows, pairedExamples, readWordings } from "./mitigation.ts";

const recipe = (mitigation: string) =>
  readRecipe(
    `{ version: 1, name: t, data: { file: t.csv, attributes: [region] }, model: { from: m }, adapt: { mitigation: ${mitigation} } }`,
    "t.yaml",
  );
const rows: TextRow[] = Array.from({ length: 40 }, (_, i) => ({
  place: `t:${i}`,
  text: i % 4 ? `a cough ${i}` : `she coughs ${i}`,
  labels: [i % 2 ? "b" : "a"],
  attributes: { region: i < 32 ? "main" : "isle" },
}));
const examples = rows.map((_, i) => ({ ids: Int32Array.of(i), label: 0 }));
const count = (all: readonly TextRow[]) => all.filter((r) => r.attributes.region === "isle").length;

test("without mitigation rows and examples stay as they are", () => {
  expect(mitigatedRows(recipe("{}"), rows)).toEqual(rows);
  expect(mitigatedExamples(recipe("{}"), rows, examples)).toEqual(examples);
});

test("resampling repeats rows of the smaller group until it is as large, or part of the way", () => {
  const all = mitigatedRows(recipe("{ attribute: region, weighting: resampling }"), rows);
  expect(all.slice(0, 40)).toEqual(rows);
  expect(count(all)).toBe(32);
  expect(all.slice(40).every((r) => rows.includes(r))).toBe(true);
  expect(count(mitigatedRows(recipe("{ attribute: region, weighting: resampling, strength: 0.5 }"), rows))).toBe(16);
  expect(mitigatedRows({ ...recipe("{ attribute: region, weighting: resampling }"), seed: 1 }, rows)).not.toEqual(all);
});

test("balancing gives both groups the same weight in sum; reweighing makes labels independent of groups", () => {
  const sums = (mitigation: string, keyOf: (r: TextRow) => string) => {
    const totals: Record<string, number> = {};
    for (const [i, e] of mitigatedExamples(recipe(mitigation), rows, examples).entries())
      totals[keyOf(rows[i]!)] = (totals[keyOf(rows[i]!)] ?? 0) + e.weight!;
    return totals;
  };
  const region = (r: TextRow) => r.attributes.region!;
  const balanced = sums("{ attribute: region, weighting: balancing }", region);
  expect(balanced.main).toBeCloseTo(20, 10);
  expect(balanced.isle).toBeCloseTo(20, 10);
  expect(sums("{ attribute: region, weighting: balancing, strength: 0.5 }", region).isle).toBeLessThan(20);
  const cells = sums("{ attribute: region, weighting: reweighing }", (r) => region(r) + r.labels[0]);
  expect(cells.islea).toBeCloseTo(cells.isleb!, 10);
  expect(cells.maina).toBeCloseTo(cells.mainb!, 10);
});

test("group-robust training is told each row's group", () => {
  const groups = mitigatedExamples(recipe("{ attribute: region, weighting: group-robust }"), rows, examples).map(
    (e) => e.group,
  );
  expect(groups).toEqual(rows.map((r) => Number(r.attributes.region === "main")));
});

test("texts that say who they are about are learned once more about somebody else, under the same label", () => {
  const all = mitigatedRows(recipe("{ augment: true }"), rows);
  expect(all).toHaveLength(50);
  expect(all[1]).toEqual({ ...rows[0]!, text: "he coughs 0" });
});

test("texts are learned once more in a group's own words", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-words-"));
  try {
    writeFileSync(join(folder, "words.csv"), "from,to\na cough,a bark\ncoughs,barks\n");
    const words = await readWordings(join(folder, "words.csv"));
    const all = mitigatedRows(recipe("{ words: words.csv }"), rows, words);
    expect(all).toHaveLength(80);
    expect(all[1]!.text).toBe("she barks 0");
    expect(all[3]).toEqual({ ...rows[1]!, text: "a bark 1" });
    // in the encoding and with the delimiter of the recipe's tables
    writeFileSync(join(folder, "old.csv"), Buffer.from("from|to\ntoux|caf\xe9\n", "latin1"));
    const own = { encoding: "windows-1252", delimiter: "|" } as const;
    expect(await readWordings(join(folder, "old.csv"), own)).toEqual([{ from: "toux", to: "café" }]);
    await expect(readWordings(join(folder, "old.csv"), { encoding: "utf-8" })).rejects.toThrow(/utf-8/);
    writeFileSync(join(folder, "wrong.csv"), "form,to\na cough,a bark\n");
    await expect(readWordings(join(folder, "wrong.csv"))).rejects.toThrow(/columns from and to/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("logit pairing gives texts that say who they are about their counterpart, by rules whose precision is known", async () => {
  const tokenizer = { encodeBatch: async (texts: string[]) => texts.map((text) => ({ ids: [text.length] })) };
  const asked: TextRow[] = [{ ...rows[1]! }, { ...rows[0]! }, { ...rows[0]!, text: "my muslim friend coughs" }];
  const paired = (mitigation: string) =>
    pairedExamples(recipe(mitigation), tokenizer as unknown as Tokenizer, asked, examples.slice(0, 3));
  expect(await paired("{}")).toEqual(examples.slice(0, 3));
  const [none, one, other] = await paired("{ pairing: 1 }");
  expect(none).toEqual(examples[0]);
  expect(one!.counterparts).toEqual([{ ids: Int32Array.of("he coughs 0".length) }]);
  expect(other!.counterparts).toBeUndefined(); // too few texts of religions were read
});

test("private training refuses weighted or repeated rows, which its guarantee does not cover", () => {
  const both = (mitigation: string) =>
    readRecipe(
      `{ version: 1, name: t, data: { file: t.csv, attributes: [region] }, model: { from: m }, adapt: { privacy: { epsilon: 8 }, mitigation: ${mitigation} } }`,
      "t.yaml",
    );
  expect(both("{}").adapt.privacy).toBeDefined();
  for (const mitigation of ["{ augment: true }", "{ pairing: 1 }", "{ attribute: region, weighting: resampling }"])
    expect(() => both(mitigation)).toThrow(/private training/);
});

test.each([
  ["{ weighting: balancing }", /attribute/],
  ["{ attribute: age, weighting: balancing }", /data\.attributes/],
  ["{ attribute: region, weighting: balancing, strength: 2 }", /strength/],
  ["{ pairing: -1 }", /pairing/],
])("%s is refused", (mitigation, words) => {
  expect(() => recipe(mitigation)).toThrow(words);
});
