// Which columns init takes for what, in tables as people have them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { lookAtTable } from "./look-at-table.ts";
import { likelyTask } from "./table-roles.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-roles-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
async function look(row: (i: number) => Record<string, unknown>, rows = 120) {
  const path = join(folder, `${files++}.jsonl`);
  writeFileSync(path, Array.from({ length: rows }, (_, i) => `${JSON.stringify(row(i))}\n`).join(""));
  const facts = await lookAtTable(path);
  const column = facts.columns.find((c) => c.name === facts.roles.label);
  return { ...facts, task: likelyTask(column, facts.rows) };
}
const text = (i: number) => `a text of some words, number ${i}, that nobody reads`;
const of = (names: readonly string[], i: number) => names[i % names.length]!;

describe("the label", () => {
  test.each<[string, string, (i: number) => Record<string, unknown>]>([
    [
      "a rating, not a product's category",
      "star_rating",
      (i) => ({ product_category: of(["a", "b"], i), star_rating: 1 + (i % 5) }),
    ],
    [
      "a stance, not its target",
      "Stance",
      (i) => ({ Target: of(["x", "y"], i), Stance: of(["FAVOR", "NONE"], i), batch: i % 4 }),
    ],
    [
      "what is called label, not its description",
      "label",
      (i) => ({ label: `${100 + (i % 9)}`, label_desc: `news ${i % 9}` }),
    ],
    ["the price beside a text", "price", (i) => ({ price: 1000 + 37 * ((i * 7) % 120) })],
    [
      "what comes again, not what counts up",
      "kind",
      (i) => ({ id: i, kind: of(["a", "b"], i), batch_date: `2024-01-0${1 + (i % 2)}` }),
    ],
    ["a label of very many classes", "label", (i) => ({ label: `class ${i % 60}` })],
    ["spans that most texts lack", "ents", (i) => ({ ents: i % 3 ? [] : [[0, 1, "X"]], source: of(["a", "b"], i) })],
  ])("%s", async (_, label, row) => {
    const { roles } = await look((i) => ({ text: text(i), ...row(i) }));
    expect(roles.label).toBe(label);
    expect(roles.otherLabels).not.toContain(label);
  });
});

test("two texts that belong together are a pair; an answer of yes and no is none", async () => {
  const pairs = [
    ["sentence1", "sentence2"],
    ["text_a", "text_b"],
    ["premise", "hypothesis"],
    ["question", "answer"],
    ["query", "title"],
  ] as const;
  for (const [a, b] of pairs) {
    const { roles } = await look((i) => ({
      [a]: text(i),
      [b]: `other ${i} words, more of them than above, and more`,
      label: i % 2,
    }));
    expect([roles.text, roles.pair, roles.label]).toEqual([a, b, "label"]);
  }
  const asked = await look((i) => ({ question: text(i), answer: of(["yes", "no"], i) }));
  expect(asked.roles).toMatchObject({ text: "question", label: "answer" });
  expect(asked.roles.pair).toBeUndefined();
});

test("a column of parts is kept; one that only sounds like it is a label", async () => {
  const { roles } = await look((i) => ({
    text: text(i),
    label: i % 2,
    fold: of(["Train", "train", "Validation", "test"], i),
  }));
  expect(roles).toMatchObject({ part: "fold", label: "label" });
  const exams = await look((i) => ({ text: text(i), split: of(["test", "exam"], i) }));
  expect(exams.roles).toMatchObject({ label: "split" });
  expect(exams.roles.part).toBeUndefined();
});

test("columns of 0 and 1 are a label each, where none is the label", async () => {
  const bits = (i: number) => ({ toxic: i % 2, insult: Number(i % 3 === 0), threat: Number(i % 5 === 0) });
  expect((await look((i) => ({ text: text(i), ...bits(i) }))).roles).toMatchObject({
    labels: ["toxic", "insult", "threat"],
  });
  const beside = await look((i) => ({ text: text(i), label: i % 2, ...bits(i) }));
  expect([beside.roles.label, beside.roles.labels]).toEqual(["label", undefined]);
});

describe("the task", () => {
  test.each<[string, (i: number) => unknown, string, string?]>([
    ["whole numbers that come again are classes", (i) => i % 60, "single-label", "classes"],
    ["numbers that differ are amounts", (i) => i * 1.5, "regression", "amounts"],
    ["few numbers are classes", (i) => i % 5, "single-label", undefined],
    ["lists of one label each", (i) => [of(["a", "b"], i)], "single-label", undefined],
    ["lists of several", (i) => (i % 2 ? ["a"] : ["a", "b"]), "multi-label", undefined],
    ["labels between commas", (i) => of(["a, b", "a", "b", "a, c", "c", "b, c"], i), "multi-label", undefined],
    ["a comma in a name", (i) => of(["Berlin, Germany", "Paris, France"], i), "single-label", undefined],
    ["vectors", (i) => [i % 2, 0, 1, 1], "multi-label", "vectors"],
    ["tags", (i) => of([["O", "B-X"], ["O"]] as unknown as string[], i), "entities", undefined],
  ])("%s", async (_, label, task, why) => {
    expect((await look((i) => ({ text: text(i), label: label(i) }), 900)).task).toEqual({ task, ...(why && { why }) });
  });

  test("a number for each word is a tag without its name", async () => {
    const row = (i: number) => ({ tokens: Array(2 + (i % 3)).fill("w"), ner_tags: Array(2 + (i % 3)).fill(i % 2) });
    expect((await look(row)).task).toEqual({ task: "entities", why: "tags" });
  });

  test("a word for each word is a tag, where its column is called so", async () => {
    const row = (name: string) => (i: number) => ({
      tokens: Array(2 + (i % 3)).fill("w"),
      [name]: Array.from({ length: 2 + (i % 3) }, (_, k) => of(["NOUN", "VERB"], i + k)),
    });
    expect((await look(row("tags"))).task).toEqual({ task: "entities", why: "words" });
    expect((await look(row("topics"))).task.task).not.toBe("entities");
    const longer = (i: number) => ({ text: text(i), tags: ["a", "b"].slice(i % 2) });
    expect((await look(longer)).task.task).toBe("multi-label");
  });
});

test("a first line that is a row is seen, by its length or because its label comes again", async () => {
  const headless = async (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return (await lookAtTable(join(folder, name))).headless;
  };
  const rows = Array.from({ length: 20 }, (_, i) => `${text(i)},${of(["good", "bad"], i)}`).join("\n");
  expect(await headless("none.csv", rows.replaceAll(", ", " "))).toBe(true);
  expect(
    await headless("short.csv", `hi there,good\n${Array.from({ length: 20 }, (_, i) => `t ${i},good`).join("\n")}`),
  ).toBe(true);
  expect(await headless("named.csv", `text,label\n${rows.replaceAll(", ", " ")}`)).toBe(false);
  expect(await headless("years.csv", "text,2023,2024\na,1,2\nb,3,4\n")).toBe(true); // names that are numbers are looked at twice
});

test.each<[string, (i: number) => string, string | undefined]>([
  ["decimal commas", (i) => `${i},${i % 7}5`, ","],
  ["thousands with decimal commas", (i) => `1.${100 + i},5`, ","],
  ["thousands with decimal points", (i) => `1,${100 + i}.5`, "."],
  ["what may be either", (i) => `${i + 1},${200 + i}`, undefined],
  ["both", (i) => (i % 2 ? `${i},5` : `${i}.5`), undefined],
  ["plain numbers", (i) => `${i}.5`, undefined],
  ["a word among them", (i) => (i ? `${i},5` : "none"), undefined],
])("the mark before decimals: %s", async (_, value, mark) => {
  const file = join(folder, "marks.jsonl");
  writeFileSync(file, Array.from({ length: 60 }, (_, i) => JSON.stringify({ text: text(i), y: value(i) })).join("\n"));
  expect((await lookAtTable(file)).columns.find((c) => c.name === "y")!.decimal).toBe(mark);
});

test.each<[string, (i: number) => string, string]>([
  ["decimal commas", (i) => `${i},${`${i % 10}`.padStart(2, "0")}`, "regression"],
  ["decimal commas without a zero", (i) => `${i % 9},${11 + (i % 80)}`, "regression"],
  ["amounts of money", (i) => `$${i},350.00`, "regression"],
  ["thousands", (i) => `${i + 1},${200 + i}`, "regression"],
  ["pairs of label numbers", (i) => `${i % 12},${(i * 5) % 13}`, "multi-label"],
  ["names with a number", (i) => `B-${i % 60}`, "single-label"],
])("%s in a column called y", async (_, value, expected) => {
  const { task } = await look((i) => ({ text: text(i), y: value(i) }));
  expect(task.task).toBe(expected);
});
