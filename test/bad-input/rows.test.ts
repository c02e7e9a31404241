// Rows and labels that make no sense, and texts that no model should be given.
import { join } from "node:path";
import { expect, test } from "vitest";
import { concord } from "../command-line.ts";
import { expectRefusal, goodRows, put, type Refusal, recipeFor, temporaryFolder } from "./refusal.ts";

const home = temporaryFolder();
const table = (...rows: string[]) => `text,label\n${[...goodRows, ...rows].join("\n")}\n`;
const huge = "ache ".repeat(2 * 2 ** 20); // 10 MB

test.each<[name: string, content: string, data: string, Refusal]>([
  [
    "one class only",
    `text,label\n${goodRows.filter((row) => row.endsWith("joint")).join("\n")}\n`,
    "",
    {
      code: "E_DATA",
      place: "t.csv",
      problem: "same label",
      expected: "at least 2",
      got: "joint",
      remedy: "data.label",
    },
  ],
  [
    "a label of the test part that training never shows",
    `text,label,part\n${goodRows.map((row, i) => `${row},${i < 14 ? "train" : i < 17 ? "dev" : "test"}`).join("\n")}\nred spots,skin,test\n`,
    ", split: { column: part }",
    {
      code: "E_DATA",
      place: "t.csv:22",
      problem: "no training row has",
      expected: "airways, joint",
      got: '"skin"',
      remedy: "add training rows",
    },
  ],
  [
    "texts that are empty or a word for nothing",
    table("NaN,joint", ",joint", '" ",airways'),
    ", missing: [NaN]",
    {
      code: "E_DATA",
      place: "t.csv:22",
      problem: /3 of 23 rows cannot be used; 3 because the text is missing or empty/,
      expected: "data.quarantineLimit",
      got: "nothing",
      remedy: "data.text",
    },
  ],
  [
    "a text of 10 MB",
    table(`${huge},joint`, `${huge}again,joint`),
    "",
    {
      code: "E_DATA",
      place: "t.csv:22",
      problem: "the text is longer than the limit",
      expected: "data.quarantineLimit",
      got: "10485760 characters",
      remedy: "data.longestText",
    },
  ],
  [
    "labels that differ by case",
    table("aching finger,Joint"),
    "",
    {
      code: "E_DATA",
      place: "t.csv:22",
      problem: "differ by case",
      expected: "one spelling",
      got: '"Joint", "joint"',
      remedy: 'data.rename: { "Joint": "joint" }',
    },
  ],
  [
    "labels that differ by width",
    table("aching finger,ｊｏｉｎｔ", "aching toe,ＪＯＩＮＴ"),
    "",
    {
      code: "E_DATA",
      place: "t.csv:23",
      problem: "differ by case",
      expected: "one spelling",
      got: '"JOINT", "joint"', // NFKC has joined the widths already
      remedy: 'data.rename: { "JOINT": "joint" }',
    },
  ],
])("%s: refused with the row and a remedy", async (name, content, data, wanted) => {
  const folder = join(home, name.replaceAll(" ", "-"));
  put(folder, "t.csv", content);
  const recipe = put(folder, "recipe.yaml", recipeFor(`file: t.csv${data}`));
  await expectRefusal(["run", recipe, "--out", join(folder, "run")], wanted);
});

test("the merge that is suggested works as it is written", async () => {
  const folder = join(home, "merged");
  put(folder, "t.csv", table("aching finger,Joint"));
  const recipe = put(folder, "recipe.yaml", recipeFor("file: t.csv"));
  const { code } = await concord([
    "run",
    recipe,
    "--out",
    join(folder, "run"),
    "--set",
    'data.rename={ "Joint": "joint" }',
    "export.onnx=false",
    "evaluate.resamples=10",
  ]);
  expect(code).toBe(0);
  const answers = await concord(["predict", join(folder, "run"), "--json"], { input: `${huge}\nNaN\nmy knee\n` });
  expect(
    answers.out
      .split("\n")
      .slice(0, 3)
      .map((line) => JSON.parse(line).unusable),
  ).toEqual(["too-long", undefined, undefined]);
  expect(answers.out.length).toBeLessThan(4000); // 10 MB are not repeated
});
