import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect } from "vitest";
import { byteMutation, fuzz, mutated } from "../../test/fuzz.ts";
import { dtypes, type HostArray, hostArray } from "../base/index.ts";
import { encodeCheckpoint, readCheckpoint } from "./checkpoint.ts";
import type { JsonValue } from "./json.ts";
import { readSafetensors } from "./safetensors.ts";
import { bytesOf, writeSafetensors } from "./safetensors-write.ts";
import { bytesSource } from "./source.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const sha256 = () => createHash("sha256");

const checkpointTensors: [string, HostArray][] = dtypes.map((dtype, i) => [`t${i}`, hostArray(dtype, [i % 3, 2])]);
const encode = (step: number, state: unknown) =>
  new Uint8Array(
    Buffer.concat([...encodeCheckpoint({ step, tensors: checkpointTensors, state: state as JsonValue }, sha256)]),
  );
const checkpoint = encode(3, { epoch: 1, random: [1, 2, 3, 4] });
const decode = (bytes: Uint8Array) => readCheckpoint(bytesSource(bytes, "x"), sha256);

fuzz(
  "checkpoint: any changed byte is found",
  fc.array(byteMutation, { minLength: 1, maxLength: 3 }).map((flips) => mutated(checkpoint, flips)),
  async (bytes) => {
    await decode(bytes);
    expect(Buffer.compare(bytes, checkpoint)).toBe(0);
  },
);

/** A file whose checksums are right, whatever else is wrong. */
function summed(tensors: [string, HostArray][], metadata: Record<string, string>, sumsShape: number[]): Uint8Array {
  const sums = hostArray("uint8", sumsShape);
  const bytes = writeSafetensors(tensors, metadata, [["__checksums__", sums]]);
  const read = readSafetensors(bytes, "x");
  const headBytes = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const parts = [bytes.subarray(0, headBytes), ...[...read.tensors.values()].slice(0, -1).map(bytesOf)];
  const rows = Buffer.concat(parts.map((part) => sha256().update(part).digest()));
  bytes.set(rows.subarray(0, sums.data.length), bytes.length - sums.data.length);
  return bytes;
}

const tensorOf = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(3), { maxLength: 2 }))
  .map(([dtype, shape]): HostArray => hostArray(dtype, shape));
const stateBytes = fc.oneof(
  fc.json().map(utf8),
  fc.uint8Array({ maxLength: 12 }),
  fc.nat(100).map((depth) => utf8("[".repeat(depth) + "]".repeat(depth))),
);
const forged = fc
  .record({
    tensors: fc.dictionary(fc.constantFrom("a", "b", "0", "__state__"), tensorOf),
    state: fc.option(stateBytes, { freq: 8 }),
    version: fc.oneof(
      { weight: 5, arbitrary: fc.constant("1") },
      fc.constantFrom("2", "0", "1e9", "99999999999", "-1", ""),
    ),
    step: fc.oneof({ weight: 5, arbitrary: fc.nat().map(String) }, fc.constantFrom("-1", "9007199254740993", "x", "")),
    format: fc.oneof({ weight: 9, arbitrary: fc.constant("concord-checkpoint") }, fc.constantFrom("pt", "")),
    extraRows: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: -1, max: 1 })),
  })
  .map(({ tensors, state, extraRows, ...metadata }) => {
    const named = Object.entries(tensors).filter(([name]) => name !== "__state__" || !state);
    if (state) named.push(["__state__", hostArray("uint8", [state.length], state)]);
    return summed(named, metadata, [named.length + 1 + extraRows, 32]);
  });

fuzz("checkpoint: a forged one with right checksums is refused or makes sense", forged, async (bytes) => {
  const { step, tensors, state } = await decode(bytes);
  expect(Number.isSafeInteger(step)).toBe(true);
  await decode(new Uint8Array(Buffer.concat([...encodeCheckpoint({ step, tensors, state }, sha256)])));
});

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b; // −0 is 0, NaN is nothing
  const [left, right] = [Object.entries(a), Object.entries(b)];
  const own = (name: string) => (b as Record<string, unknown>)[name];
  return (
    left.length === right.length && left.every(([name, value]) => Object.hasOwn(b, name) && same(value, own(name)))
  );
}

fuzz(
  "checkpoint: any value as state comes back as it was, or is refused",
  fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.string(), fc.oneof(fc.double(), fc.constantFrom<unknown>(Number.NaN, undefined, -0, 1, [])), {
      maxKeys: 3,
    }),
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true, withNullPrototype: true }),
  ),
  async (state) => expect(same((await decode(encode(1, state))).state, state)).toBe(true),
  0.5,
);
