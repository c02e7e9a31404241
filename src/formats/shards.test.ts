import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { hostArray } from "../base/index.ts";
import { checkShards, parseShardIndex, planShards } from "./shards.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const read = (weightMap: unknown) => parseShardIndex(bytes({ metadata: {}, weight_map: weightMap }), "index.json");

describe("the index of a sharded model", () => {
  test("names each tensor's shard, and the shards once each in order", () => {
    const index = read({ a: "m-2.safetensors", b: "m-1.safetensors", c: "m-2.safetensors" });
    expect(index.shards).toEqual(["m-1.safetensors", "m-2.safetensors"]);
    expect(index.shardOf.get("c")).toBe("m-2.safetensors");
  });

  test.each([
    "../x.safetensors",
    "/etc/x.safetensors",
    "a/b.safetensors",
    "a\\b.safetensors",
    "C:x.safetensors",
    ".safetensors",
    "..safetensors",
    "x.bin",
    "x.safetensors\u0000",
    "x\n.safetensors",
    `${"x".repeat(500)}.safetensors`,
    "",
    7,
    null,
  ])("refuses the shard name %j", (name) => {
    expect(fault("E_FORMAT", () => read({ a: name })).facts.problem).toMatch(/unsafe shard name for "a"/);
  });

  test.each([[[]], ["x"], [null], [undefined]])("refuses the weight_map %j", (map) => {
    expect(fault("E_FORMAT", () => read(map)).facts.problem).toBe("no weight_map");
  });

  test("each tensor must lie in exactly the shard told", () => {
    const index = read({ a: "1.safetensors", b: "2.safetensors" });
    const check = (one: string[], two: string[]) => () =>
      checkShards(
        index,
        new Map([
          ["1.safetensors", one],
          ["2.safetensors", two],
        ]),
        "index.json",
      );
    check(["a"], ["b"])();
    expect(fault("E_FORMAT", check(["a"], [])).facts).toMatchObject({ expected: "2.safetensors", got: "absent" });
    expect(fault("E_FORMAT", check(["b", "a"], [])).facts).toMatchObject({ got: "1.safetensors" });
    expect(fault("E_FORMAT", check(["a", "b"], ["b"])).facts.problem).toMatch(/"b" is in another shard/);
    expect(fault("E_FORMAT", check(["a"], ["b", "c"])).facts).toMatchObject({ expected: "no shard" });
  });
});

describe("planShards", () => {
  const tensors = [2, 3, 1, 9, 1].map((size, i) => [`t${i}`, hostArray("uint8", [size])] as const);

  test("keeps one file when everything fits", () => {
    const { shards, index } = planShards(tensors, 16);
    expect(shards.map((shard) => shard.file)).toEqual(["model.safetensors"]);
    expect(index).toBeUndefined();
  });

  test("fills shards in order, gives a tensor that is too large its own, and writes an index that reads back", () => {
    const { shards, index } = planShards(tensors, 5);
    expect(shards.map((shard) => [...shard.tensors].map(([name]) => name))).toEqual([
      ["t0", "t1"],
      ["t2"],
      ["t3"],
      ["t4"],
    ]);
    expect(index).toMatchObject({ metadata: { total_size: 16 } });
    const read = parseShardIndex(bytes(index), "x");
    expect(read.shards).toEqual([1, 2, 3, 4].map((i) => `model-0000${i}-of-00004.safetensors`));
    const names = shards.map((shard) => [shard.file, [...shard.tensors].map(([name]) => name)] as const);
    checkShards(read, new Map(names), "x");
  });
});
