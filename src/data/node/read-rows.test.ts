import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { SourceRow } from "../prepare/source-row.ts";
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

test.each<[string, () => string, RegExp]>([
  ["a missing file", () => join(folder, "none.csv"), /E_IO[\s\S]*none\.csv/],
  ["an empty file", () => file("empty.csv", ""), /the file is empty/],
  ["an unknown ending", () => file("x.doc", "text"), /data\.format/],
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
