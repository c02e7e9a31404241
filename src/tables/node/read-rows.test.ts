import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import type { SourceRow } from "../../data/prepare/source-row.ts";
import { type ReadRowsOptions, readRows } from "./read-rows.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-rows-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function rowsOf(path: string, options?: ReadRowsOptions): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of readRows(path, options)) rows.push(row);
  return rows;
}
const fieldsOf = async (path: string, options?: ReadRowsOptions) => (await rowsOf(path, options)).map((r) => r.fields);

test("CSV with quotes, line feeds inside, doubled quotes and CRLF; lines are where rows begin", async () => {
  const path = file("a.csv", 'text,label\r\n"I said ""ouch"",\nthen sat",knee\r\nplain,back\r\n');
  expect(await rowsOf(path)).toEqual([
    { file: path, line: 2, fields: { text: 'I said "ouch",\nthen sat', label: "knee" } },
    { file: path, line: 4, fields: { text: "plain", label: "back" } },
  ]);
});

test("the delimiter is found, or given", async () => {
  const expected = [{ text: "a, b", label: "c" }];
  expect(await fieldsOf(file("b.csv", "text;label\na, b;c\n"))).toEqual(expected);
  expect(await fieldsOf(file("c.tsv", "text\tlabel\na, b\tc\n"))).toEqual(expected);
  expect(await fieldsOf(file("d.csv", "text#label\na, b#c\n"), { delimiter: "#" })).toEqual(expected);
});

test("GB18030 without a mark is read, and the guess is told", async () => {
  const guesses: string[] = [];
  const bytes = Uint8Array.from([...Buffer.from("text,label\n"), 0xb8, 0xd0, 0xc3, 0xb0, 0x2c, 0x61, 0x0a]);
  expect(await fieldsOf(file("gb.csv", bytes), { onGuess: (g) => guesses.push(g) })).toEqual([
    { text: "感冒", label: "a" },
  ]);
  expect(guesses.join()).toMatch(/gb18030, because 100 %/);
});

test("JSONL keeps values as they are; empty lines count", async () => {
  expect(await rowsOf(file("e.jsonl", '{"text":"a","label":["x","y"]}\n\n{"text":"b","label":2}\n'))).toMatchObject([
    { line: 1, fields: { text: "a", label: ["x", "y"] } },
    { line: 3, fields: { text: "b", label: 2 } },
  ]);
});

test("CoNLL-2003: first and last column, sentences between empty lines, no document marks", async () => {
  const path = file(
    "f.conll",
    "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP B-PER\n",
  );
  expect(await rowsOf(path)).toMatchObject([
    { line: 3, fields: { tokens: ["EU", "rejects"], tags: ["B-ORG", "O"] } },
    { line: 6, fields: { tokens: ["Peter"], tags: ["B-PER"] } },
  ]);
});

test("Parquet, in row groups", async () => {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const texts = Array.from({ length: 25 }, (_, i) => `text ${i} 头痛`);
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "text", data: texts, type: "STRING" },
      { name: "n", data: texts.map((_, i) => i), type: "INT32" },
    ],
    rowGroupSize: 10,
  });
  const path = file("g.parquet", new Uint8Array(buffer));
  const rows = await rowsOf(path);
  expect(rows).toHaveLength(25);
  expect(rows[24]).toEqual({ file: path, line: 25, fields: { text: "text 24 头痛", n: 24 } });
});

test("Excel's line of the delimiter, its columns without a name and its rows of delimiters are no data", async () => {
  const guesses: string[] = [];
  const path = file("excel.csv", "sep=;\r\ntext;label;;\r\na, b;c;;\r\nd;e;;\r\n;;;\r\n;;;\r\n");
  expect(await rowsOf(path, { onGuess: (g) => guesses.push(g) })).toEqual([
    { file: path, line: 3, fields: { text: "a, b", label: "c" } },
    { file: path, line: 4, fields: { text: "d", label: "e" } },
  ]);
  expect(guesses.join()).toMatch(/2 rows of .* nothing but delimiters/);
  expect(await fieldsOf(file("beyond.csv", "text,label\na,b,,\n"))).toEqual([{ text: "a", label: "b" }]);
  expect(await fieldsOf(file("index.csv", ",text\n0,a\n"))).toEqual([{ "(column 1)": "0", text: "a" }]);
});

test("between tabs a stray quote is a character; quotes that all close are quotes", async () => {
  const stray = `text\tlabel\n"he said\ta\n${"plain\tb\n".repeat(40)}so there"\tc\n`;
  expect(await fieldsOf(file("stray.tsv", stray))).toHaveLength(42);
  const quoted = 'text\tlabel\n"he said ""no""\nand left"\ta\n';
  expect(await fieldsOf(file("quoted.tsv", quoted))).toEqual([{ text: 'he said "no"\nand left', label: "a" }]);
  expect(await fieldsOf(file("quoted.tsv", quoted.replace("\nand", " and")), { quotes: false })).toEqual([
    { text: '"he said ""no"" and left"', label: "a" },
  ]);
});

test("a quote that swallows rows of CSV stops the reading; a long text with its own lines does not", async () => {
  const swallowed = `text,label\n"he said,a\n${"plain,b\n".repeat(20)}so there",c\nmore,d\n`;
  await expect(fieldsOf(file("swallow.csv", swallowed))).rejects.toThrow(/swallow 20 rows[\s\S]*swallow\.csv:2/);
  expect(await fieldsOf(file("swallow.csv", swallowed), { quotes: true })).toHaveLength(2);
  const poem = `text,label\n"${"a line of it\n".repeat(30)}end",c\n`;
  expect(await fieldsOf(file("poem.csv", poem))).toHaveLength(1);
});

test("a table without names is read with given ones; a line that repeats them is none of its rows", async () => {
  const columns = ["text", "label"];
  expect(await fieldsOf(file("n.tsv", "a b\t0\nc d\t1\n"), { columns })).toEqual([
    { text: "a b", label: "0" },
    { text: "c d", label: "1" },
  ]);
  expect(await fieldsOf(file("n.tsv", "text\tlabel\nc d\t1\n"), { columns })).toHaveLength(1);
});

test("words that mean nothing are null where they are named, and values else", async () => {
  const path = file("na.csv", "text,label\na,NA\nNA,b\n");
  expect(await fieldsOf(path)).toEqual([
    { text: "a", label: "NA" },
    { text: "NA", label: "b" },
  ]);
  expect((await fieldsOf(path, { missing: ["NA"] }))[0]).toEqual({ text: "a", label: null });
});

const windows = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

test("windows-1252 is found and said, or named; a wrong byte of UTF-8 is placed, and not read as Chinese", async () => {
  const guesses: string[] = [];
  const path = file("w.csv", windows("text,label\nf\u00fcr K\u00e4ufer,a\n"));
  expect(await fieldsOf(path, { onGuess: (g) => guesses.push(g) })).toEqual([{ text: "für Käufer", label: "a" }]);
  expect(guesses.join()).toMatch(/windows-1252, because/);
  expect(await fieldsOf(path, { encoding: "latin1" })).toEqual([{ text: "für Käufer", label: "a" }]);
  const bad = Uint8Array.from([
    ...Buffer.from("text,label\nfür schöne Käufer über,a\ndon"),
    0x92,
    ...Buffer.from("t,b\n"),
  ]);
  await expect(rowsOf(file("bad.csv", bad))).rejects.toThrow(/not utf-8[\s\S]*bad\.csv:3 \(byte 43\)/);
});

test("JSON as one value: an array, an object around it, columns of pandas; what is called .json and is JSONL", async () => {
  const rows = [
    { text: "a", label: "x" },
    { text: "b", label: "y" },
  ];
  const read = (name: string, value: unknown, space?: number) =>
    fieldsOf(file(name, JSON.stringify(value, null, space)));
  expect(await read("a.json", rows)).toEqual(rows);
  expect(await read("b.json", rows, 2)).toEqual(rows);
  expect(await read("c.json", { version: 1, data: rows }, 2)).toEqual(rows);
  expect(await read("c.json", { data: rows })).toEqual(rows);
  expect(await read("d.json", { text: { 0: "a", 1: "b" }, label: { 0: "x", 1: "y" } })).toEqual(rows);
  expect(await read("e.jsonl", rows, 2)).toEqual(rows);
  expect(await fieldsOf(file("f.json", '{"text":"a","label":"x"}\n{"text":"b","label":"y"}\n'))).toEqual(rows);
  expect(await fieldsOf(file("g.jsonl", '{"text":"a","id":9007199254740993,"s":"9007199254740993.5"}\n'))).toEqual([
    { text: "a", id: "9007199254740993", s: "9007199254740993.5" },
  ]);
  await expect(read("h.json", { a: 1 }, 2)).rejects.toThrow(/holds no rows/);
  await expect(rowsOf(file("i.jsonl", '{"text": NaN}\n'))).rejects.toThrow(/write null/);
});

test("Label Studio's tasks: choices and spans by the name of their control; a task without spans has none", async () => {
  const choice = { from_name: "topic", type: "choices", value: { choices: ["a"] } };
  const span = { from_name: "ner", type: "labels", value: { start: 0, end: 1, text: "x", labels: ["P"] } };
  const tasks = [
    { id: 1, data: { text: "x y" }, annotations: [{ was_cancelled: true, result: [] }, { result: [choice, span] }] },
    { id: 2, data: { text: "z" }, annotations: [{ result: [] }] },
    { id: 3, data: { text: "w" }, annotations: [] },
  ];
  expect(await fieldsOf(file("ls.json", JSON.stringify(tasks)))).toEqual([
    { id: 1, text: "x y", topic: ["a"], ner: [{ start: 0, end: 1, text: "x", labels: ["P"] }] },
    { id: 2, text: "z", ner: [] },
    { id: 3, text: "w" },
  ]);
});

test("gzip, FastText lines, and a folder whose files are parts", async () => {
  const csv = "text,label\na,x\n";
  expect(await fieldsOf(file("z.csv.gz", gzipSync(csv)))).toEqual([{ text: "a", label: "x" }]);
  expect(await fieldsOf(file("ft.txt", "__label__a __label__b hi there\nno label\n"))).toEqual([
    { label: ["a", "b"], text: "hi there" },
    { label: [], text: "no label" },
  ]);
  mkdirSync(join(folder, "parts"));
  for (const name of ["train-0.csv", "train-1.csv", "validation-0.csv", "test-0.csv", "_SUCCESS"])
    file(join("parts", name), csv);
  expect((await rowsOf(join(folder, "parts"))).map((row) => row.part)).toEqual(["test", "train", "train", "dev"]);
});

test("CoNLL with numbered words, two columns of tags, comments, empty columns, or the tag first", async () => {
  const sentence = async (name: string, text: string) => (await fieldsOf(file(name, text)))[0];
  const expected = { tokens: ["Ann", "Lee"], tags: ["B-PER", "I-PER"] };
  expect(await sentence("a.conll", "# id 7\n1\tAnn\tB-PER\tO\n2\tLee\tI-PER\tB-PER\n")).toEqual(expected);
  expect(await sentence("b.conll", "Ann\t_\tB-PER\t\nLee\t_\tI-PER\t\n")).toEqual(expected);
  expect(await sentence("c.conll", "B-PER\tAnn\nI-PER\tLee\n")).toEqual(expected);
  expect(await sentence("d.conll", "-DOCSTART-\tO\n\nAnn\tB-PER\nLee\tI-PER\n")).toEqual(expected);
  expect(await sentence("e.conll", "# O\nAnn B-PER\n")).toEqual({ tokens: ["#", "Ann"], tags: ["O", "B-PER"] });
});

test.each<[string, () => string, RegExp]>([
  ["a missing file", () => join(folder, "none.csv"), /E_IO[\s\S]*none\.csv/],
  ["an empty file", () => file("empty.csv", ""), /the file is empty/],
  ["an unknown ending", () => file("x.doc", "text"), /data\.format/],
  ["a folder without tables", () => mkdtempSync(join(folder, "none-")), /holds no table/],
  ["an Excel workbook", () => file("x.csv", "PK\u0003\u0004 …"), /Excel workbook[\s\S]*name ends in \.xlsx/],
  ["a web page", () => file("p.csv", "<!DOCTYPE html><html>"), /a web page/],
  ["a name of a hub", () => "stanfordnlp/imdb", /downloads no data/],
  ["a ragged row", () => file("r.csv", "text,label\na,b\nc,d,e\n"), /another number of fields[\s\S]*r\.csv:3/],
  ["an unclosed quote", () => file("q.csv", 'text,label\na,b\n"c,d\ne,f\n'), /never closed[\s\S]*q\.csv:3/],
  ["two columns of one name", () => file("t.csv", "text,text\na,b\n"), /same name[\s\S]*"text"/],
  ["broken JSON", () => file("j.jsonl", '{"text":"a"}\n{"text":\n'), /JSON[\s\S]*j\.jsonl:2/],
  ["a line that is no object", () => file("o.jsonl", "[1]\n"), /no object/],
  ["a word without a tag", () => file("w.conll", "EU B-ORG\nrejects\n"), /lacks the word or its tag[\s\S]*w\.conll:2/],
  ["bytes that are no Parquet", () => file("p.parquet", "PAR1 not really"), /not a Parquet file/],
  [
    "mixed encodings",
    () =>
      file(
        "m.csv",
        Uint8Array.from([...Buffer.from(`text,label\n${"a,b\n".repeat(1 << 15)}`), 0xb8, 0xd0, 0x2c, 0x61, 0x0a]),
      ),
    /not utf-8[\s\S]*data\.encoding/,
  ],
])("%s is refused with its place", async (_name, path, message) => {
  await expect(rowsOf(path())).rejects.toThrow(message);
});

test("a large file streams: the first is there before the last is read", async () => {
  const path = file("big.csv", `text,label\n${"a sore throat since monday,flu\n".repeat(60_000)}`);
  let rows = 0;
  const before = process.memoryUsage().arrayBuffers;
  for await (const row of readRows(path)) {
    if (++rows === 1) expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 25);
    if (rows === 60_000) expect(row.line).toBe(60_001);
  }
  expect(rows).toBe(60_000);
});
