// What Parquet stores, and what a row shows of it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { unreadableKind } from "../../data/prepare/source-row.ts";
import { hubNames } from "../hub-names.ts";
import { columnReaders, type ParquetElement, type ParquetNode } from "../parquet-values.ts";
import { readRows } from "./read-rows.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-parquet-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function rowsOf(name: string, options: Parameters<typeof parquetWriteBuffer>[0]) {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(parquetWriteBuffer(options)));
  const rows: Record<string, unknown>[] = [];
  for await (const { fields } of readRows(path)) rows.push(fields);
  return rows;
}

test("64-bit numbers, times and nulls become plain values that JSON takes", async () => {
  const rows = await rowsOf("a.parquet", {
    columnData: [
      { name: "id", data: [1n, 9007199254740993n, null], type: "INT64" },
      { name: "when", data: [new Date(0), new Date(1700000000123), null], type: "TIMESTAMP" },
      { name: "ok", data: [true, false, null], type: "BOOLEAN" },
      { name: "x", data: [0.5, 2, null], type: "DOUBLE" },
    ],
  });
  expect(rows).toEqual([
    { id: 1, when: "1970-01-01T00:00:00Z", ok: true, x: 0.5 },
    { id: "9007199254740993", when: "2023-11-14T22:13:20.123Z", ok: false, x: 2 },
    { id: null, when: null, ok: null, x: null },
  ]);
  expect(() => JSON.stringify(rows)).not.toThrow();
});

test("class numbers have the names of the file's metadata; −1 is no class", async () => {
  const features = {
    y: { names: ["billing", "delivery"], _type: "ClassLabel" },
    text: { dtype: "string", _type: "Value" },
  };
  const write = (data: (bigint | null)[]) =>
    rowsOf("b.parquet", {
      columnData: [
        { name: "text", data: data.map(() => "x"), type: "STRING" },
        { name: "y", data, type: "INT64" },
      ],
      kvMetadata: [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }],
    });
  expect((await write([0n, 1n, -1n, null])).map((row) => row.y)).toEqual(["billing", "delivery", null, null]);
  await expect(write([0n, 2n])).rejects.toThrow(/column y holds a class number that has no name[\s\S]*b\.parquet:2/);
});

/** A column as a file describes it, and what it reads. */
function read(element: Omit<ParquetElement, "name">, value: unknown, children: readonly ParquetNode[] = []): unknown {
  const node = { element: { name: "c", ...element }, children };
  return columnReaders({ element: { name: "root" }, children: [node] }, new Map(), "t.parquet")[0]!.read(value, 1);
}

test.each<[string, Omit<ParquetElement, "name">, unknown, unknown]>([
  ["a date", { type: "INT32", converted_type: "DATE" }, 19723, "2024-01-01"],
  ["a date before 1970", { type: "INT32", converted_type: "DATE" }, -1, "1969-12-31"],
  [
    "microseconds",
    { type: "INT64", converted_type: "TIMESTAMP_MICROS" },
    1700000000123456n,
    "2023-11-14T22:13:20.123456Z",
  ],
  ["before 1970", { type: "INT64", converted_type: "TIMESTAMP_MILLIS" }, -1n, "1969-12-31T23:59:59.999Z"],
  [
    "nanoseconds",
    { type: "INT64", logical_type: { type: "TIMESTAMP", unit: "NANOS" } },
    1n,
    "1970-01-01T00:00:00.000000001Z",
  ],
  ["a time of day", { type: "INT32", converted_type: "TIME_MILLIS" }, 3661000, "01:01:01"],
  ["a decimal", { type: "INT32", converted_type: "DECIMAL", scale: 2 }, 235, 2.35],
  [
    "a negative decimal in bytes",
    { type: "FIXED_LEN_BYTE_ARRAY", converted_type: "DECIMAL", scale: 1 },
    Uint8Array.of(0xff, 0xf6),
    -1,
  ],
  [
    "a decimal beyond a double",
    { type: "INT64", converted_type: "DECIMAL", scale: 2 },
    1234567890123456789n,
    "12345678901234567.89",
  ],
  ["bytes that are a text", { type: "BYTE_ARRAY" }, new TextEncoder().encode("头痛"), "头痛"],
  ["JSON", { type: "BYTE_ARRAY", converted_type: "JSON" }, new TextEncoder().encode('{"a":1}'), { a: 1 }],
  [
    "a UUID",
    { type: "FIXED_LEN_BYTE_ARRAY", logical_type: { type: "UUID" } },
    new Uint8Array(16),
    "00000000-0000-0000-0000-000000000000",
  ],
])("%s", (_, element, value, expected) => expect(read(element, value)).toEqual(expected));

test("structs, lists and maps keep their shape; nulls inside stay null", () => {
  const leaf = (name: string): ParquetNode => ({ element: { name, type: "INT64" }, children: [] });
  expect(read({}, { a: 1n, b: null }, [leaf("a"), leaf("b")])).toEqual({ a: 1, b: null });
  const list: ParquetNode = { element: { name: "list", repetition_type: "REPEATED" }, children: [leaf("element")] };
  expect(read({ converted_type: "LIST" }, [1n, null], [list])).toEqual([1, null]);
  expect(read({ converted_type: "LIST" }, null, [list])).toBeNull();
});

test("what cannot be read is known by its column, and hurts nobody who does not ask", () => {
  expect(unreadableKind(read({ type: "BYTE_ARRAY", converted_type: "BSON" }, new Uint8Array(2)))).toBe("BSON");
  expect(unreadableKind(read({ type: "BYTE_ARRAY" }, Uint8Array.of(0xff, 0xd8)))).toBe("bytes");
  expect(unreadableKind(read({ type: "FIXED_LEN_BYTE_ARRAY" }, Uint8Array.of(1, 2)))).toBe("bytes");
});

test("names of lists and of structs; metadata that is no JSON names nothing", () => {
  const names = (features: unknown) =>
    hubNames([{ key: "huggingface", value: JSON.stringify({ info: { features } }) }]);
  const label = { names: ["O", "B-PER"], _type: "ClassLabel" };
  expect(names({ tags: { feature: label, _type: "Sequence" } }).get("tags")).toEqual(["O", "B-PER"]);
  expect(names({ tags: { feature: label, _type: "List" } }).get("tags")).toEqual(["O", "B-PER"]);
  expect(names({ tags: [label] }).get("tags")).toEqual(["O", "B-PER"]);
  expect(names({ s: { kind: label, n: { dtype: "int64", _type: "Value" } } }).get("s")).toEqual({
    kind: ["O", "B-PER"],
  });
  expect(hubNames([{ key: "huggingface", value: "{" }]).size).toBe(0);
  expect(hubNames([{ key: "pandas", value: "{}" }]).size).toBe(0);
});
