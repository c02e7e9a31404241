import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fault, faultLater } from "../../test/fault.ts";
import { dtypes, type HostArray, hostArray } from "../base/index.ts";
import { encodeCheckpoint, readCheckpoint } from "./checkpoint.ts";
import type { JsonValue } from "./json.ts";
import { readSafetensors } from "./safetensors.ts";
import { bytesOf, writeSafetensors } from "./safetensors-write.ts";
import { bytesSource } from "./source.ts";

const sha256 = () => createHash("sha256");
const state = { epoch: 3, random: [1, 2, 3, 4], history: [{ loss: 0.1 }, { loss: 1e-300 }], text: "é\n", none: null };
const tensors: [string, HostArray][] = [
  ["0", hostArray("float32", [0])],
  ["weight", hostArray("float32", [2, 3], [1, -0, Number.NaN, 1e-45, Number.POSITIVE_INFINITY, 3])],
  ...dtypes.map((dtype): [string, HostArray] => [`adam.${dtype}`, hostArray(dtype, [3])]),
];

const encode = (checkpoint: { step: number; tensors: [string, HostArray][]; state: JsonValue }) =>
  new Uint8Array(Buffer.concat([...encodeCheckpoint(checkpoint, sha256)]));
const decode = (bytes: Uint8Array) => readCheckpoint(bytesSource(bytes, "x"), sha256);
const file = encode({ step: 7, tensors, state });

/** The same file with other metadata, its head's checksum made right again. */
function withMetadata(metadata: Record<string, string>, rehash = true): Uint8Array {
  const read = readSafetensors(file, "x");
  const kept = [...read.tensors].filter(([name]) => name !== "__checksums__");
  const sums = read.tensors.get("__checksums__")!;
  const bytes = writeSafetensors(kept, { ...read.metadata, ...metadata }, [["__checksums__", sums]]);
  const headBytes = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const head = sha256().update(bytes.subarray(0, headBytes)).digest();
  if (rehash) bytes.set(head, bytes.byteLength - sums.data.byteLength);
  return bytes;
}

test("tensors come back bit for bit and the state as it was, in any safetensors reader too", async () => {
  const read = await decode(file);
  expect(read.step).toBe(7);
  expect(read.state).toEqual(state);
  expect(read.tensors.size).toBe(tensors.length);
  for (const [name, tensor] of tensors) {
    const got = read.tensors.get(name)!;
    expect([got.dtype, got.shape]).toEqual([tensor.dtype, tensor.shape]);
    expect(bytesOf(got)).toEqual(bytesOf(tensor));
  }
  const plain = readSafetensors(file, "x");
  expect(plain.metadata).toEqual({ format: "concord-checkpoint", step: "7", version: "1" });
  expect(JSON.parse(new TextDecoder().decode(bytesOf(plain.tensors.get("__state__")!)))).toEqual(state);
});

test("tensors go into memory that is given, without an array of their own", async () => {
  const flat = new Float32Array(8);
  const read = await readCheckpoint(bytesSource(file, "x"), sha256, {
    into: ({ name }) => (name === "weight" ? new Uint8Array(flat.buffer, 4, 24) : undefined),
  });
  expect(read.tensors.get("weight")?.data.buffer).toBe(flat.buffer);
  expect([...flat].slice(0, 3)).toEqual([0, 1, -0]);
  const { facts } = await faultLater("E_SHAPE", () =>
    readCheckpoint(bytesSource(file, "x"), sha256, { into: () => new Uint8Array(1) }),
  );
  expect(facts.got).toBe("1 bytes");
});

test("one changed byte anywhere is found, and the damaged tensor is named", async () => {
  for (let at = 0; at < file.byteLength; at++) {
    const bytes = file.slice();
    bytes[at]! ^= 1 << (at % 8);
    await expect(decode(bytes), `byte ${at}`).rejects.toMatchObject({
      code: expect.stringMatching(/^E_(FORMAT|CHECKSUM|DTYPE)$/),
    });
  }
  const bytes = file.slice();
  const weight = readSafetensors(bytes, "x").tensors.get("weight")!;
  weight.data[1] = 5 as never;
  expect((await faultLater("E_CHECKSUM", () => decode(bytes))).facts.problem).toBe(
    'tensor "weight" differs from its checksum',
  );
});

test("a file cut anywhere is refused", async () => {
  for (let length = 0; length < file.byteLength; length += 7)
    await faultLater("E_FORMAT", () => decode(file.subarray(0, length)));
});

describe("versions", () => {
  test("a newer one is refused with E_VERSION", async () => {
    const { facts } = await faultLater("E_VERSION", () => decode(withMetadata({ version: "2" })));
    expect(facts).toMatchObject({ expected: "version 1 or older", got: "version 2" });
    expect(facts.hint).toMatch(/update/);
  });

  test("a damaged version number is damage, not a newer version", async () => {
    await faultLater("E_CHECKSUM", () => decode(withMetadata({ version: "2" }, false)));
  });

  test.each<Record<string, string>>([
    { version: "0" },
    { version: "1.5" },
    { version: "" },
    { step: "-1" },
    { step: "1e3" },
    { format: "pt" },
  ])("%j is refused", async (metadata) => {
    await faultLater("E_FORMAT", () => decode(withMetadata(metadata)));
  });

  test("the frozen file of version 1 is read", async () => {
    const path = new URL("./frozen/checkpoint-v1.safetensors", import.meta.url);
    const read = await decode(new Uint8Array(readFileSync(path)));
    expect(read.step).toBe(12);
    expect(read.state).toEqual({ epoch: 1, random: [1, 2, 3, 4], history: [0.5, 0.25] });
    expect(read.tensors.get("param.weight")).toEqual(hostArray("float32", [2, 2], [1, -2, 0.5, 1e-8]));
    expect(read.tensors.get("order")).toEqual(hostArray("int32", [3], [2, 0, 1]));
  });
});

describe("what cannot be kept exactly is refused before a byte is written", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  test.each<[string, unknown, RegExp]>([
    ["NaN", { loss: [1, Number.NaN] }, /state\.loss\[1\]/],
    ["Infinity", Number.POSITIVE_INFINITY, /^state cannot/],
    ["undefined", { a: undefined }, /state\.a/],
    ["a hole", new Array(1), /state\[0\]/],
    ["a bigint", { a: 1n }, /state\.a/],
    ["a function", () => 1, /^state cannot/],
    ["a date", { when: new Date(0) }, /state\.when/],
    ["a typed array", new Float32Array(2), /^state cannot/],
    ["a cycle", cyclic, /self\.self/],
    ["a name __proto__", JSON.parse('{"__proto__":1}'), /state/],
  ])("state with %s", (_name, bad, problem) => {
    const { facts } = fault("E_ARGUMENT", () => encode({ step: 1, tensors: [], state: bad as JsonValue }));
    expect(facts.problem).toMatch(problem);
  });

  test("a bad step and a reserved tensor name", () => {
    for (const step of [-1, 0.5, Number.NaN, 2 ** 53])
      fault("E_ARGUMENT", () => encode({ step, tensors: [], state: null }));
    for (const name of ["__state__", "__checksums__", "__metadata__"])
      fault("E_ARGUMENT", () => encode({ step: 1, tensors: [[name, hostArray("uint8", [1])]], state: null }));
  });
});
