// Tables as people put them together, on both sides of the border: what is read as meant, what is refused, what stays as it is.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readRows } from "./read-rows.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-wild-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Fields of a table's rows, and what was said. */
async function read(name: string, content: string | Uint8Array): Promise<{ rows: object[]; said: string[] }> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const [rows, said]: [object[], string[]] = [[], []];
  for await (const { fields } of readRows(path, { onGuess: (guess) => said.push(guess) })) rows.push(fields);
  return { rows, said };
}
const pairs = (...labels: string[]) => labels.map((label, i) => ({ text: `t${i}`, label }));

test("tables that were put together have their names again, with a mark: no row, and said; a row that differs stays", async () => {
  const twice = await read("cat.csv", "\ufefftext,label\nt0,a\n\ufefftext,label\nt1,b\n");
  expect(twice.rows).toEqual(pairs("a", "b"));
  expect(twice.said).toEqual([expect.stringMatching(/^1 rows of .* repeat the names/)]);
  expect((await read("near.csv", "text,label\nt0,a\ntext,labels\n")).rows).toHaveLength(2);
  expect((await read("one.csv", "text\nt0\ntext\n")).rows).toHaveLength(2); // of one column it may be a text
});

test("the line of dashes of Markdown is no row; dashes further below are values", async () => {
  const { rows, said } = await read("md.csv", "| text | label |\n|:---|---|\n| t0 | a |\n| --- | --- |\n");
  expect(rows).toEqual([
    { text: " t0 ", label: " a " },
    { text: " --- ", label: " --- " },
  ]);
  expect(said.join()).toMatch(/line of dashes/);
  expect((await read("dash.csv", "text,label\n--,-\nt1,b\n")).rows).toHaveLength(2);
});

test("a title or names over several columns are refused; an index column and Excel's empty columns are not", async () => {
  const merged = "Complaints 2024,,,\nText,Channel,Label,Reviewer\nt0,mail,a,X\n";
  await expect(read("title.csv", merged)).rejects.toThrow(/names 1 of 4 columns: it looks like a title/);
  const blank = merged.replace("\n", "\n,,,\nMessage,,Review,\n");
  await expect(read("blank.csv", blank)).rejects.toThrow(/names 1 of 4 columns/);
  await expect(read("over.csv", "Message,,Review,\nText,Channel,Label,By\nt0,m,a,X\n")).rejects.toThrow(/2 of 4/);
  expect((await read("index.csv", ",text,label\n0,t0,a\n1,t1,b\n")).rows).toHaveLength(2);
  expect((await read("empty.csv", "text,label,,,\nt0,a,,,\nt1,b,,,\n")).rows).toEqual(pairs("a", "b"));
  expect((await read("notes.csv", "text,label,\nt0,a,seen\nt1,b,\n")).rows).toHaveLength(2);
});

test("names of columns lose signs that nobody sees; two columns of one name are read as one where they are equal", async () => {
  const { rows } = await read("names.csv", " text\u00a0,\u200blabel\u200b\nt0,a\n");
  expect(rows).toEqual(pairs("a"));
  const differing = "text,label,label\u200b\nt0,a,a\nt1,a,b\n";
  await expect(read("same.csv", differing)).rejects.toThrow(/same name/);
  const equal = await read("equal.csv", "text,label,label\nt0,a,a\nt1,b,b\n");
  expect(equal.rows).toEqual(pairs("a", "b"));
  expect(equal.said).toEqual([expect.stringMatching(/named label and hold the same values: read as one/)]);
});

test("records of Prodigy that were rejected or ignored are left out and said; a column called answer is a column", async () => {
  const records = (more: object) =>
    ["accept", "reject", "ignore", "accept"].map((answer, i) => JSON.stringify({ text: `t${i}`, answer, ...more }));
  const prodigy = await read("prodigy.jsonl", records({ label: "a", _task_hash: 5 }).join("\n"));
  expect(prodigy.rows).toHaveLength(2);
  expect(prodigy.said).toEqual([expect.stringMatching(/^2 records of Prodigy/)]);
  expect((await read("answers.jsonl", records({}).join("\n"))).rows).toHaveLength(4);
});

test("rows as a hub's viewer wraps them are read; a field called row is a field", async () => {
  const wrapped = pairs("a", "b").map((row, row_idx) => ({ row_idx, row, truncated_cells: [] }));
  expect((await read("viewer.json", JSON.stringify({ features: [], rows: wrapped }))).rows).toEqual(pairs("a", "b"));
  expect((await read("row.json", JSON.stringify([{ row: { a: 1 }, text: "t" }]))).rows).toEqual([
    { row: { a: 1 }, text: "t" },
  ]);
});

test("CoNLL-U: the part of speech is the tag, lines of several or of no words are none; tags of entities come first", async () => {
  const line = (id: string, word: string, pos: string, misc = "_") =>
    [id, word, word, pos, "X", "_", "0", "root", "_", misc].join("\t");
  const words = ["# text = im Haus", line("1-2", "im", "_"), line("1", "in", "ADP"), line("2", "dem", "DET")];
  const { rows, said } = await read(
    "ud.conllu",
    [...words, line("2.1", "x", "VERB"), line("3", "Haus", "NOUN"), ""].join("\n"),
  );
  expect(rows).toEqual([{ tokens: ["in", "dem", "Haus"], tags: ["ADP", "DET", "NOUN"] }]);
  expect(said.join()).toMatch(/number 2 is read as the word and number 4 as its tag/);
  const entities = [line("1", "Rome", "PROPN", "B-LOC"), line("2", "fell", "VERB", "O"), ""].join("\n");
  expect((await read("ner.conllu", entities)).rows).toEqual([{ tokens: ["Rome", "fell"], tags: ["B-LOC", "O"] }]);
});

test("chats are a line each, though one line alone would be a value that holds rows", async () => {
  const chat = (n: number) => ({
    messages: [
      { role: "user", content: `hi ${n}` },
      { role: "assistant", content: "hello" },
    ],
  });
  const { rows } = await read("chats.jsonl", `${JSON.stringify(chat(1))}\n\n${JSON.stringify(chat(2))}\n`);
  expect(rows).toEqual([chat(1), chat(2)]);
  const held = await read("held.json", JSON.stringify({ data: pairs("a", "b") }));
  expect(held.rows).toEqual(pairs("a", "b"));
});
