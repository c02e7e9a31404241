// The store's layout, views, limits and errors; the dropout pool.
import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { random } from "../base/index.ts";
import { dropoutPool } from "../train/dropout-pool.ts";
import { plainKernels } from "./kernels/plain.ts";
import { adamw } from "./optimizers.ts";
import { parameterStore } from "./parameter-store.ts";
import { updater } from "./updater.ts";
import { adafactor, adagrad } from "./whole-optimizers.ts";

test("segments are aligned to 64 bytes, disjoint, and views stay the same object", () => {
  const specs = [
    { name: "a", shape: [3, 5] },
    { name: "b", shape: [] },
    { name: "c", shape: [7] },
    { name: "none", shape: [0] },
  ];
  const store = parameterStore(specs, { slots: adamw().stateSlots, gradients: "receive" });
  const all = store.parameters
    .flatMap((p) => [p, ...p.slots, p.gradient!])
    .sort((a, b) => a.offset - b.offset || a.size - b.size);
  expect(all).toHaveLength(16);
  for (const [i, segment] of all.entries()) {
    expect(segment.offset % 64).toBe(0);
    if (i > 0) expect(segment.offset).toBeGreaterThanOrEqual(all[i - 1]!.offset + all[i - 1]!.size * 4);
    expect(segment.offset + segment.size * 4).toBeLessThanOrEqual(store.memory.buffer.byteLength);
  }
  expect(store.view("a")).toBe(store.view("a"));
  expect(store.view("a").buffer).toBe(store.memory.buffer);
  expect(store.view("b")).toHaveLength(1);
});

test("frozen parameters have no state and no gradient; factored state has its own shapes; state starts where it should", () => {
  const specs = [
    { name: "w", shape: [2, 3] },
    { name: "f", shape: [4], trainable: false },
  ];
  const store = parameterStore(specs, { slots: adafactor().stateSlots, gradients: "accumulate" });
  expect(store.parameter("w").slots.map((s) => s.shape)).toEqual([
    [2, 1],
    [1, 3],
  ]);
  expect(store.parameter("f")).toMatchObject({ slots: [], gradient: undefined });
  fault("E_ARGUMENT", () => store.gradient("f"));
  fault("E_ARGUMENT", () => store.slot("w", "row"));
  expect([...parameterStore(specs, { slots: adagrad({ initialSum: 0.5 }).stateSlots }).slot("w", "sum")]).toEqual(
    Array(6).fill(0.5),
  );
});

test("names and shapes that make no sense are refused", () => {
  expect(
    fault("E_ARGUMENT", () =>
      parameterStore([
        { name: "a", shape: [1] },
        { name: "a", shape: [2] },
      ]),
    ).facts.got,
  ).toBe("a");
  fault("E_ARGUMENT", () => parameterStore([{ name: "a", shape: [1.5] }]));
  fault("E_ARGUMENT", () => parameterStore([{ name: "a", shape: [2, 2, 2], rows: true }]));
  expect(fault("E_ARGUMENT", () => parameterStore([{ name: "weight", shape: [1] }]).view("wieght")).facts.hint).toBe(
    "did you mean weight?",
  );
});

test("a run above 4 GiB is refused in words, one above 2 GiB works at its far end", () => {
  expect(fault("E_MEMORY", () => parameterStore([{ name: "a", shape: [2 ** 15, 2 ** 15] }])).facts.got).toMatch(
    /^4\.00 GiB/,
  );
  // Untouched pages cost nothing: only the far parameter's are ever written.
  const store = parameterStore(
    [
      { name: "far", shape: [600_000_000], trainable: false },
      { name: "w", shape: [5, 4], rows: true },
    ],
    { slots: adamw().stateSlots },
  );
  expect(store.parameter("w").offset).toBeGreaterThan(2 ** 31);
  const near = parameterStore([{ name: "w", shape: [5, 4], rows: true }], { slots: adamw().stateSlots });
  for (const each of [store, near]) {
    each.view("w").fill(0.3);
    const updates = updater(each, adamw());
    updates.add([["w", { indices: Int32Array.of(1, 4, 1), rows: Float32Array.from({ length: 12 }, (_, i) => i - 5) }]]);
    updates.step({ gradientScale: 1 / updates.norm() });
    updates.flush();
  }
  expect(store.view("w")).toEqual(near.view("w"));
});

describe("the dropout pool", () => {
  test("holds 0 and 1/(1 − rate) in the right shares, repeats with its seed and equals its plain twin", () => {
    const make = (seed: number, kernels?: never) =>
      dropoutPool({ rate: 0.1, length: 100_001, random: random(seed), kernels });
    const pool = make(1);
    const zeros = pool.values.filter((x) => x === 0).length;
    expect(new Set(pool.values)).toEqual(new Set([0, Math.fround(1 / 0.9)]));
    expect(Math.abs(zeros - 10_000)).toBeLessThan(4 * Math.sqrt(100_000 * 0.1 * 0.9));
    expect(make(1).values).toEqual(pool.values);
    expect(make(1, plainKernels as never).values).toEqual(pool.values);
    expect(make(2).values).not.toEqual(pool.values);
  });

  test("neighbours and lanes are uncorrelated", () => {
    const { values } = dropoutPool({ rate: 0.5, length: 1 << 18, random: random(5) });
    for (const lag of [1, 2, 3, 4, 5, 16, 64]) {
      let agree = 0;
      for (let i = lag; i < values.length; i++) agree += values[i] === values[i - lag] ? 1 : 0;
      expect(Math.abs(agree / (values.length - lag) - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(values.length));
    }
  });

  test("takes aligned views at repeatable offsets, and refills with new values", () => {
    const [a, b] = [0, 1].map(() => dropoutPool({ rate: 0.3, length: 4096, random: random(9) })) as [
      ReturnType<typeof dropoutPool>,
      ReturnType<typeof dropoutPool>,
    ];
    const views = Array.from({ length: 20 }, () => a.take(100));
    expect(views.map((v) => v.byteOffset)).toEqual(Array.from({ length: 20 }, () => b.take(100).byteOffset));
    expect(views.every((v) => v.byteOffset % 64 === 0 && v.buffer === a.values.buffer)).toBe(true);
    expect(new Set(views.map((v) => v.byteOffset)).size).toBeGreaterThan(5);
    const before = a.values.slice();
    a.refill();
    expect(a.values).not.toEqual(before);
    expect(dropoutPool({ rate: 0, length: 64, random: random(1) }).values.every((x) => x === 1)).toBe(true);
  });

  test("refuses a rate of 1, an empty pool and a site that is too large", () => {
    fault("E_ARGUMENT", () => dropoutPool({ rate: 1, length: 8, random: random(1) }));
    fault("E_ARGUMENT", () => dropoutPool({ rate: 0.1, length: 0, random: random(1) }));
    fault("E_ARGUMENT", () => dropoutPool({ rate: 0.1, length: 8, random: random(1) }).take(9));
  });
});
