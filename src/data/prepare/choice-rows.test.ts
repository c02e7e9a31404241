// Questions with choices in the layouts of SWAG, RACE, ARC and tables: what is read, what the label means, and which rows are rejected.
import { expect, test } from "vitest";
import { choicesIn, chosenOf } from "./choice-rows.ts";
import { prepareTexts } from "./prepare-texts.ts";
import type { SourceRow } from "./source-row.ts";

const table = (records: readonly Record<string, unknown>[]) =>
  (async function* (): AsyncGenerator<SourceRow> {
    for (const [i, fields] of records.entries()) yield { file: "rows.jsonl", line: i + 1, fields };
  })();
const prepared = (
  records: readonly Record<string, unknown>[],
  columns: { text: string; pair?: string; choices: readonly string[]; choice: string },
  separator?: string,
) =>
  prepareTexts(table(records), {
    columns,
    kind: "choice",
    separator,
    quarantineLimit: 1,
    shares: { train: 1, dev: 0, test: 0 },
  });

test("SWAG: columns for the choices, which go on from the second text, and a number from 0", async () => {
  const { rows } = await prepared(
    [{ sent1: "A man sits.", sent2: "He", ending0: "stands  up.", ending1: "flies.", ending2: null, label: 1 }],
    { text: "sent1", pair: "sent2", choices: ["ending0", "ending1", "ending2"], choice: "label" },
  );
  expect(rows[0]).toMatchObject({ text: "A man sits.", pair: "He", choices: ["stands up.", "flies."], chosen: 1 });
  expect(rows[0]!.labels).toEqual([]);
});

test("RACE: a list and a letter; ARC: labels and texts, by their labels", async () => {
  const race = await prepared(
    [{ article: "Ada bakes.", question: "Who bakes?", options: ["Bo", "Ada", "Cleo"], answer: "B" }],
    { text: "article", pair: "question", choices: ["options"], choice: "answer" },
  );
  expect(race.rows[0]).toMatchObject({ choices: ["Bo", "Ada", "Cleo"], chosen: 1 });
  const arc = await prepared(
    [
      { question: "Q?", choices: { text: ["a rock", "a cat"], label: ["1", "2"] }, answerKey: "2" },
      {
        question: "R?",
        choices: [
          { label: "A", text: "dew" },
          { label: "B", text: "ice" },
        ],
        answerKey: "A",
      },
    ],
    { text: "question", choices: ["choices"], choice: "answerKey" },
  );
  expect(arc.rows.map(({ chosen }) => chosen)).toEqual([1, 0]);
});

test("an empty cell is no choice, and a label behind it still means its own", async () => {
  const { rows, quarantined } = await prepared(
    [
      { q: "one?", A: "x", B: "", C: "z", key: "C" },
      { q: "two?", A: "x", B: "", C: "z", key: "B" },
    ],
    { text: "q", choices: ["A", "B", "C"], choice: "key" },
  );
  expect(rows[0]).toMatchObject({ choices: ["x", "z"], chosen: 1 });
  expect(quarantined.map(({ reason }) => reason)).toEqual(["not-a-choice"]);
});

test("a list in a cell of a table is JSON, Python's, or texts between a separator that was named", async () => {
  const columns = { text: "q", choices: ["c"], choice: "k" };
  const records = [
    { q: "one?", c: '["x", "y"]', k: "y" },
    { q: "two?", c: "['x', 'y']", k: "0" },
    { q: "three?", c: "x | y", k: "1" },
  ];
  const { rows } = await prepared(records, columns, "|");
  expect(rows.map(({ chosen }) => chosen)).toEqual([1, 0, 1]);
  const { quarantined } = await prepared(records, columns);
  expect(quarantined.map(({ reason }) => reason)).toEqual(["not-choices"]);
});

test("rows without choices, with one, or with a label that names none or two are rejected with the reason", async () => {
  const columns = { text: "q", choices: ["c"], choice: "k" };
  const { quarantined } = await prepared(
    [
      { q: "ok?", c: ["x", "y"], k: 0 },
      { q: "one?", c: ["x"], k: 0 },
      { q: "two?", c: 5, k: 0 },
      { q: "three?", c: ["x", ""], k: 0 },
      { q: "four?", c: ["x", "y"], k: 2 },
      { q: "six?", c: ["x", "y"], k: null },
      { q: "seven?", c: ["x", "x"], k: "x" },
    ],
    columns,
  );
  const reasons = ["few-choices", "not-choices", "not-choices", "not-a-choice", "no-label", "unclear-choice"];
  expect(quarantined.map(({ reason }) => reason)).toEqual(reasons);
});

test("a number in the data is a place; as text it may be a choice, and both together are unclear only where they differ", () => {
  const numbers = { texts: ["3", "1", "0"] };
  expect(chosenOf(1, numbers)).toBe(1);
  expect(chosenOf("1", numbers)).toBe(1);
  expect(chosenOf("0", numbers)).toBe("several");
  expect(chosenOf("c", numbers)).toBe(2);
  expect(chosenOf(1.5, numbers)).toBe("none");
  expect(chosenOf("d", numbers)).toBe("none");
  expect(choicesIn({ text: ["a"], label: ["A", "B"] })).toBeUndefined();
});

test("questions that differ in their choices alone are different rows; equal ones with another answer are a conflict", async () => {
  const columns = { text: "q", choices: ["c"], choice: "k" };
  const { rows, report } = await prepared(
    [
      { q: "Which?", c: ["x", "y"], k: 0 },
      { q: "Which?", c: ["x", "z"], k: 0 },
      { q: "Which?", c: ["x", "y"], k: 0 },
      { q: "Which?", c: ["x", "y"], k: 1 },
    ],
    columns,
  );
  expect(rows).toHaveLength(3);
  expect(report.duplicates).toMatchObject({ exact: 1, conflicting: 1 });
});
