// Excel workbooks: values as they were saved, on both sides of what is read and what is refused.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CellValue, type WriteSheet, writeXlsx } from "hucre/xlsx";
import { afterAll, expect, test } from "vitest";
import { unreadableKind } from "../../data/index.ts";
import { archiveLimits, checkedArchive } from "../archive-check.ts";
import { type ReadRowsOptions, readRows } from "./read-rows.ts";
import { sheetsOf } from "./workbook-rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-workbook-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const at = (name: string) => join(home, name);

async function workbook(name: string, sheets: readonly WriteSheet[]): Promise<string> {
  writeFileSync(at(name), await writeXlsx({ sheets: [...sheets] }));
  return at(name);
}
const sheet = (rows: CellValue[][], more: Partial<WriteSheet> = {}): WriteSheet => ({ name: "Rows", rows, ...more });
const read = async (file: string, options: ReadRowsOptions = {}) => {
  const rows: { line: number; fields: Readonly<Record<string, unknown>> }[] = [];
  for await (const { line, fields } of readRows(file, options)) rows.push({ line, fields });
  return rows;
};

test("texts, numbers, dates, times, truth values and empty cells are read as they were saved", async () => {
  const file = await workbook("kinds.xlsx", [
    sheet([
      ["id", "text", "on", "at", "ok", "中文"],
      ["007", '=HYPERLINK("x")', new Date(Date.UTC(2024, 0, 31)), new Date(Date.UTC(2024, 0, 31, 13, 5)), true, "好"],
      [7.5, "two\nlines", null, null, false, null],
    ]),
  ]);
  expect(await read(file)).toEqual([
    {
      line: 2,
      fields: { id: "007", text: '=HYPERLINK("x")', on: "2024-01-31", at: "2024-01-31T13:05:00", ok: true, 中文: "好" },
    },
    { line: 3, fields: { id: 7.5, text: "two\nlines", on: null, at: null, ok: false, 中文: null } },
  ]);
});

test("a formula has the value that was saved; without one, or with an error, only who asks for its column is refused", async () => {
  const cells = new Map([
    ["1,1", { value: 2, formula: "1+1", formulaResult: 2 }],
    ["2,1", { formula: "1+1" }],
    ["3,1", { value: "#N/A", type: "error" as const }],
  ]);
  const file = await workbook("formulas.xlsx", [
    sheet(
      [
        ["text", "n"],
        ["a", null],
        ["b", null],
        ["c", "#N/A"],
        ["#N/A", 1],
      ],
      { cells },
    ),
  ]);
  const rows = await read(file);
  expect(rows[0]!.fields).toEqual({ text: "a", n: 2 });
  const { textRow, newCounts } = await import("../../data/index.ts");
  const asked = (row: number) =>
    textRow({ file, ...rows[row]! }, { columns: { text: "text", label: "n" }, kind: "label" }, newCounts());
  expect(asked(0)).toMatchObject({ labels: ["2"] });
  expect(() => asked(1)).toThrow(/E_DATA[\s\S]*a formula whose value was not saved[\s\S]*formulas\.xlsx:3/);
  expect(() => asked(2)).toThrow(/an error of Excel \(#N\/A\)/);
});

test("of several sheets one is named, or asked for by name; hidden and empty ones do not count", async () => {
  const rows: CellValue[][] = [["text"], ["a"]];
  const two = await workbook("two.xlsx", [sheet(rows), sheet([["text"], ["b"]], { name: "More rows" })]);
  await expect(read(two)).rejects.toThrow(
    /E_DATA[\s\S]*several sheets[\s\S]*Rows, More rows[\s\S]*data\.sheet: "Rows"/,
  );
  expect((await read(two, { sheet: "More rows" }))[0]!.fields).toEqual({ text: "b" });
  await expect(read(two, { sheet: "More row" })).rejects.toThrow(/no sheet More row[\s\S]*did you mean More rows/);
  expect(await sheetsOf(two)).toEqual(["Rows", "More rows"]);
  const one = await workbook("one.xlsx", [
    sheet(rows),
    sheet([], { name: "Empty" }),
    sheet([["x"]], { name: "Old", hidden: true }),
  ]);
  expect((await read(one))[0]!.fields).toEqual({ text: "a" });
  expect(await sheetsOf(one)).toEqual(["Rows"]);
});

test("rows above, between and below are no rows; places are those of the sheet; names may be given", async () => {
  const file = await workbook("gaps.xlsx", [
    sheet([[null], ["text", "label"], ["a", "x"], [null, null], ["b", "y"], ["", null]]),
  ]);
  expect((await read(file)).map(({ line }) => line)).toEqual([3, 5]);
  const bare = await workbook("bare.xlsx", [
    sheet([
      ["a", "x"],
      ["b", "y"],
    ]),
  ]);
  expect(await read(bare, { columns: ["text", "label"] })).toEqual([
    { line: 1, fields: { text: "a", label: "x" } },
    { line: 2, fields: { text: "b", label: "y" } },
  ]);
});

test("merged cells of rows hold their value in each cell, which is said; a merged header is refused", async () => {
  const rows: CellValue[][] = [
    ["text", "label"],
    ["a", "x"],
    ["b", null],
    ["c", "y"],
  ];
  const merged = (startRow: number, endRow: number, startCol: number, endCol: number) => [
    { startRow, endRow, startCol, endCol },
  ];
  const file = await workbook("merged.xlsx", [sheet(rows, { merges: merged(1, 2, 1, 1) })]);
  const guesses: string[] = [];
  expect((await read(file, { onGuess: (guess) => guesses.push(guess) })).map(({ fields }) => fields.label)).toEqual([
    "x",
    "x",
    "y",
  ]);
  expect(guesses.join()).toMatch(/1 merged areas/);
  const title = await workbook("title.xlsx", [sheet([["Report 2024", null], ...rows], { merges: merged(0, 0, 0, 1) })]);
  await expect(read(title)).rejects.toThrow(/E_DATA[\s\S]*merged cells[\s\S]*title\.xlsx:1/);
  const unnamed = await workbook("unnamed.xlsx", [
    sheet([
      ["text", null],
      ["a", "x"],
    ]),
  ]);
  await expect(read(unnamed)).rejects.toThrow(/values and no name[\s\S]*column 2/);
  const twice = await workbook("twice.xlsx", [
    sheet([
      ["text", "text"],
      ["a", "x"],
    ]),
  ]);
  await expect(read(twice)).rejects.toThrow(/same name/);
});

/** A workbook whose list of files says another size. */
async function claiming(size: number): Promise<string> {
  const file = await workbook("claim.xlsx", [sheet([["text"], ["a"]])]);
  const bytes = Buffer.from(await writeXlsx({ sheets: [sheet([["text"], ["a"]])] }));
  bytes.writeUInt32LE(size, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  writeFileSync(file, bytes);
  return file;
}

test("an archive that unpacks to too much is refused before anything is unpacked", async () => {
  await expect(read(await claiming(0xfffffff0))).rejects.toThrow(/E_DATA[\s\S]*unpacks to more than is read/);
  await expect(read(await claiming(400 * 2 ** 20))).rejects.toThrow(/200 times its packed size/);
  await expect(read(await claiming(0))).rejects.toThrow(/unpacks to more/);
  const bytes = await writeXlsx({ sheets: [sheet([["text"], ["a"]])] });
  const names = checkedArchive(bytes, "x.xlsx");
  expect(names).toContain("xl/workbook.xml");
  const limits = { ...archiveLimits, entries: names.length };
  expect(checkedArchive(bytes, "x.xlsx", limits)).toEqual(names);
  expect(() => checkedArchive(bytes, "x.xlsx", { ...limits, entries: names.length - 1 })).toThrow(/unpacks to more/);
  expect(() => checkedArchive(bytes, "x.xlsx", { ...limits, bytes: 100 })).toThrow(/in all/);
});

test("what a zip archive really holds may not be larger than it says", async () => {
  const bytes = Buffer.from(
    await writeXlsx({ sheets: [sheet([["text"], ...Array.from({ length: 3000 }, () => ["a"])])] }),
  );
  const name = Buffer.from("xl/worksheets/sheet1.xml");
  const entry = bytes.lastIndexOf(name) - 46;
  bytes.writeUInt32LE(500, entry + 24); // of some 80,000 bytes
  writeFileSync(at("liar.xlsx"), bytes);
  await expect(read(at("liar.xlsx"))).rejects.toThrow(/E_DATA[\s\S]*broken or cut short/);
});

test.each([
  [
    "old.xls",
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]),
    /\.xls\), or one with a password[\s\S]*Save As, Excel Workbook/,
  ],
  ["locked.xlsx", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), /with a password/],
  [
    "sheet.ods",
    Buffer.from(`PK\u0003\u0004${"\0".repeat(26)}mimetypeapplication/vnd.oasis.opendocument.spreadsheet`),
    /OpenDocument[\s\S]*LibreOffice/,
  ],
  ["text.xlsx", Buffer.from("text,label\na,x\n"), /no Excel workbook, though the name says so/],
  ["cut.xlsx", Buffer.from("PK\u0003\u0004 and no more"), /broken or cut short/],
])("%s is refused with what to do", async (name, bytes, message) => {
  writeFileSync(at(name), bytes);
  await expect(read(at(name))).rejects.toThrow(message);
});

const saved = (name: string) => fileURLToPath(new URL(`../../../test/workbooks/${name}`, import.meta.url)); // by LibreOffice: see make.mjs there

test("a workbook that LibreOffice saved has the texts, dates, numbers, empty cells and results of formulas that it shows", async () => {
  const rows = await read(saved("visits.xlsx"));
  expect(rows.length).toBe(64);
  expect(rows.slice(0, 5)).toEqual([
    { line: 2, fields: { id: 1, on: "2024-02-01", text: "头痛三天，还发烧 1", cost: 8, twice: 16, label: "流感" } },
    {
      line: 3,
      fields: {
        id: 2,
        on: "2024-02-02",
        text: "fever and shivers, “very” tired 2",
        cost: 9.25,
        twice: 18.5,
        label: "流感",
      },
    },
    { line: 4, fields: { id: 3, on: "2024-02-03", text: "咳嗽，有痰 3", cost: null, twice: "", label: "感冒" } },
    {
      line: 5,
      fields: { id: 4, on: null, text: "runny nose, since monday 4", cost: 11.75, twice: 23.5, label: "感冒" },
    },
    { line: 6, fields: { id: 5, on: "2024-02-05", text: "头痛三天，还发烧 5", cost: 13, twice: 26, label: "流感" } },
  ]);
});

test("of LibreOffice's sheets one is named; merged cells, hidden rows, truth values and errors are read as is said", async () => {
  const file = saved("sheets.xlsx");
  expect(await sheetsOf(file)).toEqual(["就诊", "Notes"]); // the third is hidden
  await expect(read(file)).rejects.toThrow(/the workbook has several sheets[\s\S]*就诊, Notes/);
  const guesses: string[] = [];
  const rows = await read(file, { sheet: "就诊", onGuess: (guess) => guesses.push(guess) });
  expect(guesses).toEqual([
    `${file}: 1 merged areas are read as if each of their cells held the value`,
    `${file}: hidden rows are read like the others (2); delete them if they are not meant`,
  ]);
  expect(rows.map(({ fields }) => [fields.id, fields.on, fields.checked, fields.label])).toEqual([
    [1, "2024-01-31", true, "流感"],
    [2, "2024-02-29", false, "流感"],
    [3, null, true, "感冒"],
    [4, "2024-12-01T13:05:00", false, "流感"],
    [5, "2024-12-24", true, "感冒"],
  ]);
  expect([rows[0]!.fields.twice, rows[2]!.fields.twice, rows[4]!.fields.twice]).toEqual([25, null, 1255.25]);
  expect(unreadableKind(rows[3]!.fields.twice)).toBe("an error of Excel (#DIV/0!)"); // #DIV/0!
});

test("hidden columns are said too", async () => {
  const file = await workbook("columns.xlsx", [
    sheet(
      [
        ["text", "label"],
        ["a", "b"],
      ],
      { columns: [{}, { hidden: true }] },
    ),
  ]);
  const guesses: string[] = [];
  expect((await read(file, { onGuess: (guess) => guesses.push(guess) }))[0]!.fields).toEqual({ text: "a", label: "b" });
  expect(guesses).toEqual([`${file}: hidden columns are read like the others (1)`]);
});
