import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { byteMutation, fuzz, mutated } from "../../test/fuzz.ts";
import { dtypes, type HostArray, hostArray, sizeOf } from "../base/index.ts";
import { readNpy, writeNpy } from "./npy.ts";

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const fileOf = (dictionary: string, dataBytes = 0, version = 1) => {
  const length = version === 1 ? [dictionary.length & 255, dictionary.length >> 8] : [dictionary.length, 0, 0, 0];
  return latin1(`\x93NUMPY${String.fromCharCode(version, 0, ...length)}${dictionary}${"\0".repeat(dataBytes)}`);
};
const dictionary = (descr: string, shape: string, order = "False") =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

test("writes what NumPy 2.4 writes, byte for byte", () => {
  const scalar = writeNpy(hostArray("float32", [], [3]));
  expect(scalar).toEqual(latin1(`\x93NUMPY\x01\x00v\x00${dictionary("<f4", "()").padEnd(117)}\n\x00\x00\x40\x40`));
  const matrix = writeNpy(hostArray("uint8", [2, 3], [1, 2, 3, 4, 5, 6]));
  expect(matrix).toEqual(
    latin1(`\x93NUMPY\x01\x00v\x00${dictionary("|u1", "(2, 3)").padEnd(117)}\n\x01\x02\x03\x04\x05\x06`),
  );
});

test.each(dtypes.filter((dtype) => dtype !== "bfloat16"))("%s survives the round trip, of any rank", (dtype) => {
  for (const shape of [[], [3], [0, 2], [2, 1, 3]]) {
    const data = Array.from({ length: sizeOf(shape) }, (_, i) => (dtype === "bool" ? i % 2 : i));
    const array: HostArray = hostArray(dtype, shape, data);
    expect(readNpy(writeNpy(array), "x.npy")).toEqual(array);
  }
});

test("versions 2 and 3, and a header with other spaces, are read; the data is a view", () => {
  const file = fileOf(" {'shape':(2,),'descr':'|i1','fortran_order':True}\n", 2, 2);
  const array = readNpy(file, "x.npy");
  expect(array).toEqual(hostArray("int8", [2]));
  expect(array.data.buffer).toBe(file.buffer);
  expect(readNpy(fileOf(dictionary("<f4", "(1,)"), 4, 3), "x.npy").shape).toEqual([1]);
});

describe("refused with what is wrong", () => {
  test.each<[name: string, file: Uint8Array, code: "E_FORMAT" | "E_DTYPE", problem: RegExp]>([
    ["empty", new Uint8Array(0), "E_FORMAT", /not a \.npy/],
    ["another magic", latin1("\x93NUMPX\x01\x00      "), "E_FORMAT", /not a \.npy/],
    ["version 4", fileOf(dictionary("<f4", "()"), 4, 4), "E_FORMAT", /not a \.npy/],
    ["a header beyond the file", latin1("\x93NUMPY\x01\x00\xff\xff{}"), "E_FORMAT", /does not fit/],
    ["a huge header", latin1("\x93NUMPY\x02\x00\xff\xff\xff\xff{}"), "E_FORMAT", /does not fit/],
    ["code in the header", fileOf("{'descr': __import__('os')}"), "E_FORMAT", /header is not NumPy's/],
    ["no shape", fileOf("{'descr': '<f4', 'fortran_order': False, }"), "E_FORMAT", /header is not NumPy's/],
    ["a hole in the shape", fileOf(dictionary("<f4", "(1,,2)"), 8), "E_FORMAT", /bad shape/],
    ["a shape beyond numbers", fileOf(dictionary("<f4", `(${"9".repeat(30)},)`), 8), "E_FORMAT", /bad shape/],
    ["truncated", fileOf(dictionary("<f4", "(2,)"), 7), "E_FORMAT", /does not fill/],
    ["trailing bytes", fileOf(dictionary("<f4", "(2,)"), 9), "E_FORMAT", /does not fill/],
    ["column order", fileOf(dictionary("<f4", "(1, 1)", "True"), 4), "E_FORMAT", /column order/],
    ["big-endian", fileOf(dictionary(">f4", "(1,)"), 4), "E_DTYPE", /element type/],
    ["a pickle", fileOf(dictionary("|O", "(1,)"), 8), "E_DTYPE", /element type/],
  ])("%s", (_name, file, code, problem) => {
    const { facts } = fault(code, () => readNpy(file, "x.npy"));
    expect(facts.problem).toMatch(problem);
    expect(facts.path).toBe("x.npy");
  });

  test("bfloat16, which NumPy does not have", () => {
    fault("E_DTYPE", () => writeNpy(hostArray("bfloat16", [1])));
  });
});

const piece = fc.constantFrom(
  "{",
  "}",
  "'",
  ",",
  "(",
  ")",
  " ",
  "'descr'",
  "'shape'",
  ":",
  "'<f4'",
  "(2,)",
  "True",
  "\n",
);
fuzz(
  ".npy: what is accepted is written and read the same",
  fc.oneof(
    fc
      .tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(3)), fc.array(byteMutation, { maxLength: 2 }))
      .filter(([dtype]) => dtype !== "bfloat16")
      .map(([dtype, shape, flips]) => mutated(writeNpy(hostArray(dtype, shape)), flips)),
    fc.tuple(fc.array(piece, { maxLength: 40 }), fc.nat(9)).map(([text, bytes]) => fileOf(text.join(""), bytes)),
    fc
      .tuple(fc.string({ maxLength: 12 }), fc.nat(9))
      .map(([shape, bytes]) => fileOf(dictionary("|u1", `(${shape})`), bytes)),
  ),
  (bytes) => {
    const array = readNpy(bytes, "x.npy");
    expect(array.data.length).toBe(sizeOf(array.shape));
    expect(readNpy(writeNpy(array), "again")).toEqual(array);
  },
);
