// Weighted merges of adapters: PEFT's own (golden/peft-merges, written by tools/peft-merges.py), and what it leaves open.
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { loadAdapter } from "../../src/models/node/index.ts";
import {
  adapterDeltas,
  adapterLayout,
  type Combination,
  type CombineOptions,
  combineAdapters,
  initialiseAdapter,
  mergeAdapter,
  mergeShares,
} from "../../src/nn/index.ts";
import { batchFeeds, evaluationProgram } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { goldenJson, goldenPath } from "../golden.ts";
import { cpuRuntime } from "../one-thread.ts";
import { examplesOf } from "./examples.ts";
import { goldenModel, relativeError } from "./golden.ts";

interface Merge {
  readonly adapters: readonly string[];
  readonly weights: readonly number[];
  readonly combination_type: Combination;
  readonly density?: number;
  readonly svd_rank?: number;
  readonly logits: readonly number[][];
}
const expected = goldenJson<{ base: string; merges: Record<string, Merge> }>("peft-merges", "expected.json");
const { model, weights: base, io } = goldenModel(expected.base);

async function member(name: string, weight: number) {
  const { layout, weights } = await loadAdapter(goldenPath("peft-merges", name), model);
  return { name, layout, weight, read: (n: string): HostArray => weights.get(n)! };
}

async function logitsOf(weights: ReadonlyMap<string, HostArray>): Promise<Float32Array> {
  const graph = evaluationProgram(model);
  const exe = await cpuRuntime.compile(graph);
  const feeds = batchFeeds(model, examplesOf(io, model.task), {});
  const { logits } = await exe.run(
    Object.fromEntries(graph.inputs.map(([name]) => [name, weights.get(name) ?? feeds[name]!])),
  );
  await exe.dispose();
  return logits!.data as Float32Array;
}

test.each(Object.entries(expected.merges))("%s: PEFT's merge and its logits", async (name, merge) => {
  const members = await Promise.all(merge.adapters.map((a, i) => member(a, merge.weights[i]!)));
  const options = { by: merge.combination_type, density: merge.density, rank: merge.svd_rank, rng: random(0) };
  const { layout, weights } = combineAdapters(model.parameters, members, options);
  const want = await loadAdapter(goldenPath("peft-merges", name), model);
  expect([...layout.modules].sort()).toEqual([...want.layout.modules].sort());
  expect(layout.options.rank).toBe(want.layout.options.rank);
  if (merge.combination_type !== "svd")
    // its signs are free
    for (const [tensor, { data }] of want.weights)
      expect(relativeError(weights.get(tensor)!.data, data), tensor).toBeLessThan(1e-6);
  const deltas = adapterDeltas(layout, (n) => weights.get(n)!);
  for (const [tensor, delta] of adapterDeltas(want.layout, (n) => want.weights.get(n)!))
    expect(relativeError(deltas.get(tensor)!, delta), tensor).toBeLessThan(5e-6);
  const merged = mergeAdapter(layout, (n) => weights.get(n) ?? base.get(n));
  expect(relativeError(await logitsOf(new Map([...base, ...merged])), merge.logits.flat())).toBeLessThan(1e-5);
});

const drawn = (settings: Parameters<typeof adapterLayout>[1], seed: number, weight: number) => {
  const layout = adapterLayout(model.parameters, settings);
  const rng = random(seed);
  const own = initialiseAdapter(layout, rng, (name) => base.get(name)!);
  for (const { data } of own.values()) for (let i = 0; i < data.length; i++) data[i] = 0.3 * rng.normal();
  return { name: `drawn ${seed}`, layout, read: (name: string): HostArray => own.get(name)!, weight };
};
const combined = (members: readonly ReturnType<typeof drawn>[], options: Partial<CombineOptions> = {}) => {
  const { layout, weights } = combineAdapters(model.parameters, members, { rng: random(1), ...options });
  return adapterDeltas(layout, (n) => weights.get(n)!);
};

test("cat is the exact sum, whatever the ranks and kinds", () => {
  const members = [
    drawn({ targets: ["query"], rank: 2 }, 1, 0.25),
    drawn({ kind: "miss", targets: ["query", "value"], rank: 3 }, 2, -0.5),
  ];
  const shares = mergeShares(
    members.map((m) => ({ ...m, share: m.weight })),
    (name) => base.get(name)!,
  );
  for (const [name, delta] of combined(members)) {
    const sum = delta.map((d, i) => d + (base.get(name)!.data as Float32Array)[i]!);
    expect(relativeError(sum, shares.get(name)!.data), name).toBeLessThan(1e-6);
  }
});

test("svd of the whole rank is the exact sum, and of a lower one leaves as much as its best factors must", () => {
  const members = [drawn({ targets: ["query"], rank: 3 }, 1, 0.7), drawn({ targets: ["query"], rank: 3 }, 2, 0.5)];
  const whole = combined(members);
  for (const [name, delta] of combined(members, { by: "svd", rank: 6 }))
    expect(relativeError(delta, whole.get(name)!), name).toBeLessThan(1e-6);
  const lost = [1, 2, 4].map((rank) => {
    const [[name, delta]] = [...combined(members, { by: "svd", rank })] as [[string, Float32Array]];
    return delta.reduce((sum, d, i) => sum + (d - whole.get(name)![i]!) ** 2, 0);
  });
  expect(lost[0]).toBeGreaterThan(lost[1]!);
  expect(lost[1]).toBeGreaterThan(lost[2]!);
});

test("dropping at random keeps the expected sum, is a function of the seed, and drops nothing at density 1", () => {
  const members = [drawn({ targets: ["query"], rank: 2 }, 1, 0.7), drawn({ targets: ["query"], rank: 2 }, 2, 0.5)];
  for (const [way, plain] of [
    ["dare_linear", "linear"],
    ["dare_ties", "ties"],
  ] as const) {
    expect(combined(members, { by: way, density: 1 })).toEqual(combined(members, { by: plain, density: 1 }));
    const of = (seed: number) => combined(members, { by: way, density: 0.4, rng: random(seed) });
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  }
  const { weights } = combineAdapters(model.parameters, [members[0]!], {
    by: "dare_linear",
    density: 0.3,
    rng: random(5),
  });
  const a = [...weights].filter(([name]) => name.endsWith(".A")).flatMap(([, { data }]) => [...data]);
  const kept = a.filter((x) => x !== 0).length / a.length;
  expect(Math.abs(kept - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / a.length));
});

test.each<[string, ReturnType<typeof drawn>[], Partial<CombineOptions>, RegExp]>([
  [
    "ranks that differ",
    [drawn({ targets: ["query"], rank: 2 }, 1, 1), drawn({ targets: ["query"], rank: 3 }, 2, 1)],
    { by: "linear" },
    /different ranks/,
  ],
  ["a kind that is no product", [drawn({ kind: "dora", targets: ["query"] }, 1, 1)], {}, /no product/],
  ["no adapter", [], {}, /there is no adapter/],
  ["a density of 0", [drawn({ targets: ["query"] }, 1, 1)], { by: "ties", density: 0 }, /density/],
  ["a weight that is no number", [drawn({ targets: ["query"] }, 1, Number.NaN)], {}, /the weight of drawn 1 is wrong/],
  ["a way that is not known", [drawn({ targets: ["query"] }, 1, 1)], { by: "tise" as "ties" }, /not known/],
])("%s: refused", (_name, members, options, problem) => {
  expect(fault("E_ARGUMENT", () => combined(members, options)).message).toMatch(problem);
});
