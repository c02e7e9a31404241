import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { goldenPath } from "../../test/golden.ts";
import { type DType, dtypes, type HostArray, hostArray } from "../base/index.ts";
import { readSafetensors, safetensorsHeadBytes } from "./safetensors.ts";
import { bytesOf, encodeSafetensors, writeSafetensors } from "./safetensors-write.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** A file made by hand: any header text, any number of data bytes. */
function fileOf(header: string | Uint8Array, dataBytes = 0, headerLength?: bigint): Uint8Array {
  const json = typeof header === "string" ? utf8(header) : header;
  const bytes = new Uint8Array(8 + json.byteLength + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, headerLength ?? BigInt(json.byteLength), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (begin: unknown, end: unknown, shape: unknown = [1], dtype: unknown = "F32") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const refused = (header: unknown, dataBytes = 0, code: "E_FORMAT" | "E_DTYPE" = "E_FORMAT") =>
  fault(code, () =>
    readSafetensors(fileOf(typeof header === "string" ? header : JSON.stringify(header), dataBytes), "m.safetensors"),
  );

describe("reading", () => {
  test("files that the format's own library wrote are written again byte for byte", () => {
    for (const model of ["bert-masked-lm", "llama-lm", "vit-image-classification"])
      for (const name of ["model", "io"]) {
        const bytes = readFileSync(goldenPath("models", model, `${name}.safetensors`));
        const { tensors, metadata } = readSafetensors(bytes, name);
        expect(tensors.size).toBeGreaterThan(2);
        expect(Buffer.compare(bytes, writeSafetensors(tensors, metadata))).toBe(0);
      }
  });

  test("an aligned tensor is a view of the file's bytes, an unaligned one a copy with the same numbers", () => {
    const file = writeSafetensors([["x", hostArray("float32", [3], [1, 2, 3])]]);
    const view = readSafetensors(file, "x").tensors.get("x")!;
    expect(view.data.buffer).toBe(file.buffer);
    const shifted = new Uint8Array(file.byteLength + 1);
    shifted.set(file, 1);
    const copy = readSafetensors(shifted.subarray(1), "x").tensors.get("x")!;
    expect(copy.data.buffer).not.toBe(shifted.buffer);
    expect(copy).toEqual(view);
  });

  test("every dtype, a scalar and an empty tensor survive the round trip bit for bit", () => {
    const tensors = dtypes.flatMap((dtype): [string, HostArray][] =>
      [[], [0, 3], [2, 3]].map((shape, i) => [`${dtype}.${i}`, filled(dtype, shape)]),
    );
    const read = readSafetensors(writeSafetensors(tensors, { a: "1", ä: "ß" }), "x");
    expect(read.metadata).toEqual({ a: "1", ä: "ß" });
    expect(read.tensors.size).toBe(30);
    for (const [name, tensor] of tensors) expect(read.tensors.get(name)).toEqual(tensor);
  });

  test("a file with no tensor is empty, and one padded by spaces is read", () => {
    expect(readSafetensors(fileOf("{}"), "x").tensors.size).toBe(0);
    expect(readSafetensors(fileOf(`${JSON.stringify({ a: entry(0, 4) })}     `, 4), "x").tensors.size).toBe(1);
  });
});

describe("a broken file is refused with what is wrong and where", () => {
  const cases: [name: string, header: unknown, dataBytes: number, problem: RegExp][] = [
    ["overlap", { a: entry(0, 4), b: entry(2, 6) }, 6, /"b" overlaps/],
    ["gap", { a: entry(0, 4), b: entry(8, 12) }, 12, /"b" leaves a gap/],
    ["gap at the start", { a: entry(4, 8) }, 8, /"a" leaves a gap/],
    ["the same range twice", { a: entry(0, 4), b: entry(0, 4) }, 4, /overlaps/],
    ["truncated", { a: entry(0, 4) }, 3, /truncated/],
    ["trailing bytes", { a: entry(0, 4) }, 5, /bytes follow/],
    ["offsets beyond the file", { a: entry(0, 4e9, [1e9]) }, 4, /truncated/],
    ["shape × dtype differs", { a: entry(0, 4, [2]) }, 4, /shape \[2\] × F32/],
    ["a shape whose product overflows", { a: entry(0, 4, [2 ** 52, 2 ** 52]) }, 4, /shape/],
    ["an overflow before a zero", { a: entry(0, 0, [2 ** 52, 2 ** 52, 0]) }, 0, /shape/],
    ["a negative size", { a: entry(0, 4, [-1]) }, 4, /bad shape/],
    ["a fraction", { a: entry(0, 4, [0.5, 2]) }, 4, /bad shape/],
    ["a shape that is text", { a: entry(0, 4, "1") }, 4, /bad shape/],
    ["too many axes", { a: entry(0, 4, Array(65).fill(1)) }, 4, /bad shape/],
    ["a huge offset", { a: entry(0, 1e300) }, 4, /bad data_offsets/],
    ["a negative offset", { a: entry(-4, 0) }, 4, /bad data_offsets/],
    ["reversed offsets", { a: entry(4, 0) }, 4, /bad data_offsets/],
    ["three offsets", { a: { dtype: "F32", shape: [1], data_offsets: [0, 4, 8] } }, 4, /bad data_offsets/],
    ["no dtype", { a: { shape: [1], data_offsets: [0, 4] } }, 4, /unknown dtype/],
    ["a dtype nobody knows", { a: entry(0, 4, [1], "toString") }, 4, /unknown dtype/],
    ["a tensor that is a number", { a: 3 }, 0, /not described by an object/],
    [
      "a duplicate name",
      `{"a":${JSON.stringify(entry(0, 4))},"\\u0061":${JSON.stringify(entry(0, 4))}}`,
      4,
      /occurs twice/,
    ],
    [
      "a duplicate key inside a tensor",
      '{"a":{"dtype":"F32","dtype":"I32","shape":[1],"data_offsets":[0,4]}}',
      4,
      /twice/,
    ],
    ["a name __proto__", `{"__proto__":${JSON.stringify(entry(0, 4))}}`, 4, /__proto__/],
    ["a lone surrogate in a name", `{"\\ud800":${JSON.stringify(entry(0, 4))}}`, 4, /not Unicode/],
    ["metadata that is no map of strings", { __metadata__: { format: 1 } }, 0, /__metadata__/],
    ["metadata that is a list", { __metadata__: ["pt"] }, 0, /__metadata__/],
    ["a header that is a list", "[]", 0, /not a JSON object/],
    ["a header that starts with a space", " {}", 0, /not a JSON object/],
    ["a cut header", '{"a":', 0, /not valid JSON/],
    ["text after the header", "{}x", 0, /not valid JSON/],
    ["deep nesting", `{"a":${"[".repeat(100)}${"]".repeat(100)}}`, 0, /too deep/],
  ];
  test.each(cases)("%s", (_name, header, dataBytes, problem) => {
    const { facts } = refused(header, dataBytes);
    expect(facts.problem).toMatch(problem);
    expect(facts.path).toBe("m.safetensors");
    expect(facts.expected).toBeTruthy();
    expect(facts.got).toBeTruthy();
  });

  test("a header that is not UTF-8", () => {
    const bytes = fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d));
    expect(fault("E_FORMAT", () => readSafetensors(bytes, "x")).facts.problem).toMatch(/UTF-8/);
  });

  test("a header length beyond the file, beyond the cap or of 2⁶⁴ − 1, and a file of 7 bytes", () => {
    const problem = (bytes: Uint8Array) => fault("E_FORMAT", () => readSafetensors(bytes, "x")).facts.problem;
    expect(problem(fileOf("{}", 0, 3n))).toMatch(/does not fit/);
    expect(problem(fileOf("{}", 0, 0n))).toMatch(/does not fit/);
    expect(problem(fileOf("{}", 0, 2n ** 64n - 1n))).toMatch(/too large/);
    expect(problem(new Uint8Array(7))).toMatch(/too short/);
    const first = fileOf("{}", 0, BigInt(2 ** 24 + 1)).subarray(0, 8);
    expect(fault("E_FORMAT", () => safetensorsHeadBytes(first, 2 ** 40, "x")).facts.expected).toMatch("16777216");
  });

  test("a boolean of 2", () => {
    const bytes = fileOf(JSON.stringify({ a: entry(0, 1, [1], "BOOL") }), 1);
    bytes[bytes.length - 1] = 2;
    expect(fault("E_FORMAT", () => readSafetensors(bytes, "x")).facts.problem).toMatch(/boolean/);
  });

  test("a type of the format that Concord does not hold is E_DTYPE and says how to convert", () => {
    const { facts } = refused({ a: entry(0, 1, [1], "F8_E4M3") }, 1, "E_DTYPE");
    expect(facts.hint).toMatch(/float32/);
  });

  test("a hostile name is cut where it is shown", () => {
    expect(refused({ ["x".repeat(1e6)]: 1 }).message.length).toBeLessThan(400);
  });
});

describe("writing", () => {
  test("orders by type then by code point, and pads the header to 8 bytes, as the format's library does", () => {
    const one = (dtype: DType) => hostArray(dtype, [1]);
    const file = writeSafetensors([
      ["b", one("bool")],
      ["\u{1d4b3}", one("float32")],
      ["\ue000", one("float32")],
      ["10", one("float32")],
      ["2", one("int64")],
      ["c", one("bfloat16")],
    ]);
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = new TextDecoder().decode(file.subarray(8, 8 + length));
    expect(header.trimEnd()).toBe(
      '{"2":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"10":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},' +
        '"\ue000":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},"\u{1d4b3}":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},' +
        '"c":{"dtype":"BF16","shape":[1],"data_offsets":[20,22]},"b":{"dtype":"BOOL","shape":[1],"data_offsets":[22,23]}}',
    );
  });

  test("yields the tensors' own memory, not copies", () => {
    const x = hostArray("float32", [2], [1, 2]);
    const chunks = [...encodeSafetensors([["x", x]])];
    expect(chunks[1]!.buffer).toBe(x.data.buffer);
    expect(Buffer.concat(chunks).equals(writeSafetensors([["x", x]]))).toBe(true);
  });

  test("refuses a duplicate name, a reserved name, a lone surrogate and data that does not fill its shape", () => {
    const x = hostArray("float32", [1]);
    const problem = (tensors: [string, HostArray][]) =>
      fault("E_ARGUMENT", () => writeSafetensors(tensors)).facts.problem;
    expect(
      problem([
        ["a", x],
        ["a", x],
      ]),
    ).toMatch(/"a" occurs twice/);
    expect(problem([["__metadata__", x]])).toMatch(/under this name/);
    expect(problem([["\ud800", x]])).toMatch(/under this name/);
    expect(problem([["a", { ...x, shape: [2] }]])).toMatch(/does not fill float32\[2\]/);
  });
});

function filled(dtype: DType, shape: number[]): HostArray {
  const array = hostArray(dtype, shape);
  const bytes = bytesOf(array);
  for (let i = 0; i < bytes.length; i++) bytes[i] = dtype === "bool" ? i % 2 : (i * 37 + 11) % 256;
  return array;
}
