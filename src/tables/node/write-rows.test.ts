// Tables that are written are read back with the values that they had, in each format.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { safeCell } from "../cells.ts";
import { readRows } from "./read-rows.ts";
import { columnsOfRows, tableBytes, writtenFormats } from "./write-rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-write-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function* given(rows: readonly Record<string, unknown>[]) {
  yield* rows;
}
const fieldsOf = async (file: string) => {
  const found: unknown[] = [];
  for await (const { fields } of readRows(file, { quotes: file.endsWith(".parquet") ? undefined : true }))
    found.push(fields);
  return found;
};
const rows = [
  { id: 1, share: 1, text: 'say "a,\tb"\nthen 中文', mixed: 1, list: [1, 2], yes: true },
  { id: -2, share: 0.5, text: "plain", mixed: "x", list: null, yes: false, late: "more" },
];
const columns = () =>
  columnsOfRows(
    (async function* () {
      for (const fields of rows) yield { fields };
    })(),
  );

test("columns are told with what they hold, those that differ between rows as texts", async () => {
  expect((await columns()).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    "id integer", "share number", "text text", "mixed text", "list json", "yes boolean", "late text",
  ]); // biome-ignore format: a table
});

test.each(writtenFormats)("%s keeps every value", async (format) => {
  const file = join(home, `all.${format}`);
  const parts: Uint8Array[] = [];
  for await (const part of tableBytes(format, await columns(), given(rows))) parts.push(part);
  writeFileSync(file, Buffer.concat(parts));
  const read = await fieldsOf(file);
  const asText = (row: Record<string, unknown>) =>
    Object.fromEntries(
      ["id", "share", "text", "mixed", "list", "yes", "late"].map((name) => {
        const value = row[name];
        return [name, value === null || value === undefined ? "" : typeof value === "object" ? "[1,2]" : `${value}`];
      }),
    );
  if (format === "jsonl") expect(read).toEqual(rows);
  else if (format === "parquet")
    expect(read).toEqual([
      { ...rows[0], mixed: "1", late: null },
      { ...rows[1], mixed: "x" },
    ]);
  else expect(read).toEqual(rows.map(asText));
});

test("Parquet is written in groups: many rows come out in their order", async () => {
  const many = Array.from({ length: 10_003 }, (_, i) => ({ i }));
  const parts: Uint8Array[] = [];
  for await (const part of tableBytes("parquet", [{ name: "i", kind: "integer" }], given(many))) parts.push(part);
  expect(parts.length).toBe(3);
  writeFileSync(join(home, "many.parquet"), Buffer.concat(parts));
  expect(await fieldsOf(join(home, "many.parquet"))).toEqual(many);
});

test("a cell that a spreadsheet would run gets an apostrophe; numbers, signs and other texts stay", () => {
  let escaped = 0;
  const safe = (text: unknown) => safeCell(text, () => escaped++);
  for (const text of ['=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3+cmd", "\tx", "- an item"])
    expect(safe(text)).toBe(`'${text}`);
  expect(escaped).toBe(6);
  for (const same of ["-5", "+49 (170) 123-45", "-1,5 %", "-1e-3", "-", "+", "a=b", "", -3, null, "2026-01-02"])
    expect(safe(same)).toBe(same);
  expect(escaped).toBe(6);
});
