// Clipped gradients on random small networks that use every kind of parameter, some of them twice: equal to one example at a time on
// the interpreter and on the runtime; and each part that is left out is noticed.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import {
  add,
  broadcastTo,
  cast,
  conv,
  embed,
  equal,
  type Graph,
  input,
  interpret,
  layerNorm,
  linear,
  makeGraph,
  matmul,
  mean,
  mul,
  not,
  reshape,
  rmsNorm,
  scatterSum,
  sum,
  tanh,
  transpose,
  type Value,
} from "../../src/graph/index.ts";
import { type Clipping, clippedGradients } from "../../src/train/clipped-gradients.ts";
import { exampleRows } from "../../src/train/example-rows.ts";
import { cpuRuntime } from "../one-thread.ts";

const [places, width, words] = [5, 4, 7];
const shapes: Record<string, readonly number[]> = {
  table: [words, width],
  "twice.weight": [width, width],
  "twice.bias": [width],
  scale: [width],
  shift: [width],
  rms: [width],
  kernel: [3, width, 2],
  "kernel.bias": [3],
  "stored.weight": [width, width],
  "stored.bias": [width],
  positions: [1, places, width],
  first: [1, 1, width],
  patch: [width, 2, width / 2],
  head: [2, 3],
};

/** Values of these are smaller: the layers above would amplify the runtime's float32. */
const small = /^(stored|patch|positions|first)/;

/**
 * A table that is read twice and multiplied with once, a layer used twice, norms, a convolution; a layer stored [in, out], positions that
 * are added, a token that is repeated, a kernel that is read under another shape.
 */
function network(batch: number | "B") {
  const p = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, "float32", shape)]));
  const x = input("x", "float32", [batch, places, width]);
  const [one, two] = ["one", "two"].map((name) => input(name, "int32", [batch, places])) as [Value, Value];
  const weights = input("weights", "float32", [batch]);
  const patches = linear(x, transpose(reshape(p.patch!, [width, width]), [1, 0]));
  const token = broadcastTo(p.first!, [batch, 1, width]);
  const placed = add(add(patches, p.positions!), token);
  const stored = add(matmul(placed, p["stored.weight"]!), p["stored.bias"]!);
  const read = add(stored, add(embed(p.table!, one, 2), embed(p.table!, two)));
  const once = layerNorm(tanh(linear(read, p["twice.weight"]!, p["twice.bias"]!)), p.scale!, p.shift!, 1e-5);
  const again = rmsNorm(linear(once, p["twice.weight"]!), p.rms!, 1e-5);
  const tied = linear(again, p.table!); // [B, P, V]
  const windows = conv(transpose(again, [0, 2, 1]), p.kernel!, p["kernel.bias"]!);
  const logits = linear(mean(windows, { axes: [2] }), p.head!);
  const losses = add(sum(mul(logits, logits), { axes: [1] }), mean(mul(tied, tied), { axes: [1, 2] }));
  return { parameters: p, values: { x, one, two, weights }, losses, weights };
}

const grouped = (name: string, { clipping }: Clipping) =>
  clipping === "flat" ? "" : name.slice(0, name.lastIndexOf("."));

function together(rule: Clipping): Graph {
  const { parameters, values, losses, weights } = network("B");
  const named = Object.entries(parameters);
  const { found, norms } = clippedGradients(losses, weights, named, exampleRows(values, undefined), rule);
  const outputs = named.map(([name], i): [string, Value] => {
    const rows = found[i]!.rows.map(({ ids, rows: r, skipId }) => {
      const keep =
        skipId === undefined ? undefined : cast(not(equal(reshape(ids, [...ids.shape, 1]), skipId)), "float32");
      return scatterSum(keep ? mul(r, keep) : r, ids, words);
    });
    return [`d ${name}`, [...(found[i]!.dense ? [found[i]!.dense] : []), ...rows].reduce(add)];
  });
  return makeGraph({ ...parameters, ...values }, { norms, ...Object.fromEntries(outputs) });
}

function alone(): Graph {
  const { parameters, values, losses, weights } = network(1);
  const named = Object.entries(parameters);
  const d = gradients(
    [losses],
    named.map(([, v]) => v),
    [weights],
  );
  return makeGraph({ ...parameters, ...values }, Object.fromEntries(named.map(([name], i) => [name, d[i]!])));
}

function feedsOf(seed: number, batch: number): Record<string, HostArray> {
  const rng = random(seed);
  const normals = (shape: readonly number[], deviation = 1) =>
    hostArray(
      "float32",
      shape,
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => deviation * rng.normal()),
    );
  const ids = () =>
    hostArray(
      "int32",
      [batch, places],
      Int32Array.from({ length: batch * places }, () => rng.int(words)),
    );
  return {
    ...Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, normals(shape, small.test(name) ? 0.4 : 1)]),
    ),
    x: normals([batch, places, width]),
    one: ids(),
    two: ids(),
    weights: hostArray(
      "float32",
      [batch],
      Float32Array.from({ length: batch }, (_, i) => 1 + (i % 2)),
    ),
  };
}

const one = alone();
/** Host: gradients of each example, their norms, and the clipped sums. */
function expected(feeds: Record<string, HostArray>, batch: number, rule: Clipping) {
  const names = Object.keys(shapes);
  const groups = [...new Set(names.map((name) => grouped(name, rule)))];
  const sums: Record<string, number[]> = {};
  const norms: number[] = [];
  for (let b = 0; b < batch; b++) {
    const own = Object.fromEntries(
      Object.entries(feeds).map(([name, a]): [string, HostArray] => {
        if (name in shapes) return [name, a];
        const size = a.data.length / batch;
        return [
          name,
          { ...a, shape: [1, ...a.shape.slice(1)], data: a.data.slice(b * size, (b + 1) * size) } as HostArray,
        ];
      }),
    );
    const g = interpret(one, own);
    const square = (chosen: readonly string[]) =>
      chosen.reduce((s, name) => s + [...(g[name]!.data as unknown as number[])].reduce((t, v) => t + v * v, 0), 0);
    norms.push(Math.sqrt(square(names)));
    for (const name of names) {
      const mates = names.filter((n) => grouped(n, rule) === grouped(name, rule));
      const factor = Math.min(1, rule.clip / Math.sqrt(groups.length) / (Math.sqrt(square(mates)) + 1e-6));
      const data = [...(g[name]!.data as unknown as number[])];
      sums[name] = data.map((v, i) => (sums[name]?.[i] ?? 0) + factor * v);
    }
  }
  return { norms, sums };
}

function worst(
  out: Readonly<Record<string, { readonly data: ArrayLike<number | bigint> }>>,
  want: ReturnType<typeof expected>,
) {
  const scale = Math.max(...Object.values(want.sums).flat().map(Math.abs));
  const of = (got: ArrayLike<number | bigint>, list: readonly number[], size: number) =>
    Math.max(...list.map((v, i) => Math.abs(v - Number(got[i])) / size));
  return Math.max(
    of(out.norms!.data, want.norms, Math.max(...want.norms)),
    ...Object.entries(want.sums).map(([name, list]) => of(out[`d ${name}`]!.data, list, scale)),
  );
}

describe.each(["flat", "per-layer"] as const)("%s clipping", (clipping) => {
  const rule = { clip: 1.5, clipping };
  const graph = together(rule);

  test("equals one example at a time on the interpreter, for any values and batch", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 4 }), (seed, batch) => {
        const feeds = feedsOf(seed, batch);
        expect(worst(interpret(graph, feeds), expected(feeds, batch, rule))).toBeLessThan(1e-5);
      }),
      { numRuns: 8 },
    );
  });

  test("does so on the runtime", async () => {
    const exe = await cpuRuntime.compile(graph);
    for (const seed of [1, 2, 3]) {
      const feeds = feedsOf(seed, 4);
      const out = await exe.run(feeds);
      expect(worst(out as Record<string, { data: Float32Array }>, expected(feeds, 4, rule))).toBeLessThan(1e-5);
    }
    await exe.dispose();
  });
});

test("a norm without one parameter, or without clipping, is found out by this comparison", () => {
  const feeds = feedsOf(9, 4);
  const want = expected(feeds, 4, { clip: 1.5, clipping: "flat" });
  expect(worst(interpret(together({ clip: 1e9, clipping: "flat" }), feeds), want)).toBeGreaterThan(0.01);
  const { parameters, values, losses, weights } = network("B");
  for (const left of Object.keys(shapes)) {
    const some = Object.entries(parameters).filter(([name]) => name !== left);
    const { norms } = clippedGradients(losses, weights, some, exampleRows(values, undefined), {
      clip: 1,
      clipping: "flat",
    });
    const out = interpret(makeGraph({ ...parameters, ...values }, { norms }), feeds);
    const far = want.norms.map((norm, i) => Math.abs(norm - Number(out.norms!.data[i])) / norm);
    expect(Math.max(...far), left).toBeGreaterThan(1e-4);
  }
});

test.each([
  ["in a product with another input", (p: Value, x: Value) => mul(x, p), /p enters through mul/],
  ["in a sum of which each example reads a part", (p: Value, x: Value) => add(x, p), /p enters through add/],
  ["as the left factor of a product", (p: Value, x: Value) => matmul(p, x), /p enters through matmul/],
] as const)("a parameter that enters %s is refused by its name", (_where, network_, words_) => {
  const x = input("x", "float32", ["B", width]);
  const p = input(
    "p",
    "float32",
    _where.startsWith("as") ? [3, "B"] : _where.endsWith("part") ? ["B", width] : [width],
  );
  const weights = input("weights", "float32", ["B"]);
  const y = network_(p, x);
  const losses = y.shape[0] === "B" ? sum(y, { axes: [1] }) : mul(weights, sum(y));
  const rule = { clip: 1, clipping: "flat" } as const;
  expect(() => clippedGradients(losses, weights, [["p", p]], exampleRows({ x, weights }, undefined), rule)).toThrow(
    new RegExp(`E_GRADIENT[\\s\\S]*${words_.source}[\\s\\S]*adapter`),
  );
});
