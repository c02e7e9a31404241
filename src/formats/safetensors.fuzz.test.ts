import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect } from "vitest";
import { type ByteMutation, byteMutation, fuzz, hostileJson, hostileNumber, mutated } from "../../test/fuzz.ts";
import { goldenPath } from "../../test/golden.ts";
import { dtypeBytes, sizeOf } from "../base/index.ts";
import { readSafetensors } from "./safetensors.ts";
import { bytesOf, writeSafetensors } from "./safetensors-write.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** A header as an ordered list, so that a name can occur twice. */
type Header = [name: string, facts: Record<string, unknown> | unknown][];
interface Draft {
  header: Header;
  dataBytes: number;
  /** Written instead of the header's length. */
  length?: bigint;
}
type DraftMutation = (draft: Draft) => void;

const codes = ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"];
const itemBytes = [8, 4, 2, 2, 8, 4, 2, 1, 1, 1];
const name = fc.oneof(fc.constantFrom("a", "b", "w.0", "0", "é"), fc.string({ unit: "grapheme", maxLength: 8 }));

const draft: fc.Arbitrary<Draft> = fc
  .array(fc.tuple(name, fc.nat(9), fc.array(fc.nat(4), { maxLength: 3 })), { maxLength: 5 })
  .map((tensors) => {
    let end = 0;
    const header = tensors.map(([name, type, shape]): [string, unknown] => {
      const begin = end;
      end += sizeOf(shape) * itemBytes[type]!;
      return [name, { dtype: codes[type], shape, data_offsets: [begin, end] }];
    });
    return { header, dataBytes: end };
  });

const entryAt = ({ header }: Draft, index: number) => {
  const facts = header[index % header.length]?.[1];
  return typeof facts === "object" && facts !== null ? (facts as Record<string, unknown>) : {};
};
const shift = (end: number) =>
  fc.tuple(fc.nat(4), fc.integer({ min: -9, max: 9 })).map(
    ([index, by]): DraftMutation =>
      (d) => {
        const offsets = entryAt(d, index).data_offsets;
        if (Array.isArray(offsets)) offsets[end] += by;
      },
  );

const draftMutation: fc.Arbitrary<DraftMutation> = fc.oneof(
  shift(0), // overlap, gap
  shift(1),
  fc.tuple(fc.nat(4), fc.integer({ min: -16, max: 16 })).map(([index, by]) => (d: Draft) => {
    const offsets = entryAt(d, index).data_offsets;
    if (Array.isArray(offsets)) entryAt(d, index).data_offsets = [offsets[0] + by, offsets[1] + by];
  }),
  fc.integer({ min: -9, max: 9 }).map((by) => (d: Draft) => {
    d.dataBytes = Math.max(0, d.dataBytes + by);
  }), // truncated, trailing
  fc
    .tuple(fc.nat(4), fc.constantFrom(...codes, "F8_E4M3", "U64", "f32", "", "__proto__"))
    .map(([index, code]) => (d: Draft) => {
      entryAt(d, index).dtype = code;
    }),
  fc
    .tuple(fc.nat(4), fc.constantFrom("dtype", "shape", "data_offsets", "extra"), hostileJson)
    .map(([index, key, value]) => (d: Draft) => {
      entryAt(d, index)[key] = structuredClone(value); // a later change may write into it
    }),
  fc.tuple(fc.nat(4), fc.nat(3), hostileNumber).map(([index, axis, size]) => (d: Draft) => {
    const shape = entryAt(d, index).shape;
    if (Array.isArray(shape)) shape[axis % (shape.length + 1)] = size;
  }),
  fc.nat(4).map((index) => (d: Draft) => {
    if (d.header.length) d.header.push(d.header[index % d.header.length]!);
  }), // duplicate
  fc.tuple(fc.nat(4), fc.nat(4)).map(([from, to]) => (d: Draft) => {
    if (d.header.length) d.header[to % d.header.length]![0] = d.header[from % d.header.length]![0];
  }),
  fc
    .tuple(fc.constantFrom("__metadata__", "__proto__", "constructor", "\ud800"), hostileJson)
    .map(([name, value]) => (d: Draft) => {
      d.header.push([name, structuredClone(value)]);
    }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((length) => (d: Draft) => {
    d.length = length;
  }), // huge header
  fc.integer({ min: -3, max: 40 }).map((by) => (d: Draft) => {
    d.length = BigInt(Math.max(0, headerOf(d).length + by));
  }),
);

const headerOf = ({ header }: Draft) =>
  `{${header.map(([name, facts]) => `${JSON.stringify(name)}:${JSON.stringify(facts)}`).join(",")}}`;

function build(d: Draft): Uint8Array {
  const header = utf8(headerOf(d));
  const bytes = new Uint8Array(8 + header.length + d.dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, d.length ?? BigInt(header.length), true);
  bytes.set(header, 8);
  for (let i = 8 + header.length; i < bytes.length; i++) bytes[i] = i & 1;
  return bytes;
}

const safetensorsInput = fc
  .tuple(
    draft,
    fc.array(draftMutation, { maxLength: 2 }),
    fc.oneof({ weight: 3, arbitrary: fc.constant<ByteMutation[]>([]) }, fc.array(byteMutation, { maxLength: 3 })),
  )
  .map(([d, changes, flips]) => {
    const mine = structuredClone(d);
    for (const change of changes) change(mine);
    const names = mine.header.map(([name]) => name);
    const duplicated = !flips.length && new Set(names).size < names.length;
    return { bytes: mutated(build(mine), flips), duplicated };
  });

function acceptsOnlySense({ bytes, duplicated }: { bytes: Uint8Array; duplicated: boolean }): void {
  const { tensors, metadata } = readSafetensors(bytes, "fuzzed.safetensors");
  expect(duplicated).toBe(false);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  let total = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    expect(header[name].data_offsets.map((x: number) => x + 0)).toEqual([total, total + data.byteLength]); // −0 is 0
    expect(data.length).toBe(sizeOf(shape));
    total += data.length * dtypeBytes[dtype];
  }
  expect(total).toBe(bytes.length - 8 - length); // every byte belongs to exactly one tensor
  const again = readSafetensors(writeSafetensors(tensors, metadata), "again");
  expect(again.metadata).toEqual(metadata);
  for (const [name, tensor] of tensors)
    expect(Buffer.compare(bytesOf(again.tensors.get(name)!), bytesOf(tensor))).toBe(0);
}

fuzz(
  "safetensors: broken headers and bytes are refused, what is accepted makes sense",
  safetensorsInput,
  acceptsOnlySense,
);

const golden = new Uint8Array(readFileSync(goldenPath("models", "vit-image-classification", "io.safetensors")));
fuzz(
  "safetensors: a real file with some bytes changed",
  fc.array(byteMutation, { minLength: 1, maxLength: 4 }).map((flips) => mutated(golden, flips)),
  (bytes) => readSafetensors(bytes, "fuzzed.safetensors"),
  0.2,
);
