// Low rank: eigenvectors, factors that change real outputs least, and a factored model that is saved, opened, exported and quantised.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HostArray, hostArray, random, symmetricEigen } from "../../src/base/index.ts";
import { initialise, type Model } from "../../src/models/index.ts";
import { loadModel, saveModel } from "../../src/models/node/index.ts";
import { exportOnnx } from "../../src/predict/index.ts";
import { storedModel, uncalibratedInt8 } from "../../src/quantise/index.ts";
import { dropLayers, factorise, pruneBlocks } from "../../src/shrink/index.ts";
import { batchFeeds, evaluationProgram } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";
import { tinyConfig, tinyExamples, tinyModel } from "../train/tiny.ts";

type Weights = ReadonlyMap<string, HostArray<"float32">>;
const rng = random("factors");
const normal = (count: number) => Float64Array.from({ length: count }, () => rng.normal());

test.each([1, 2, 3, 17])(
  "vectors and values of a symmetric matrix of %i give it back, the largest value first",
  (n) => {
    const half = normal(n * n);
    const a = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return half[i * n + j]! + half[j * n + i]!;
    });
    const { values, vectors } = symmetricEigen(a.slice(), n);
    expect([...values]).toEqual([...values].sort((x, y) => y - x));
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let [again, dot] = [0, 0];
        for (let r = 0; r < n; r++) {
          again += values[r]! * vectors[r * n + i]! * vectors[r * n + j]!;
          dot += vectors[i * n + r]! * vectors[j * n + r]!;
        }
        expect(again).toBeCloseTo(a[i * n + j]!, 9);
        expect(dot).toBeCloseTo(Number(i === j), 9);
      }
  },
);

test("equal and zero values are found as well", () => {
  expect([...symmetricEigen(Float64Array.of(2, 0, 0, 0, 2, 0, 0, 0, 0), 3).values]).toEqual([2, 2, 0]);
});

const config = { ...tinyConfig, hidden_size: 32, intermediate_size: 64 };
const model = tinyModel(config);
const weights = new Map(
  [...initialise(model, random(1))].map(([name, a]) => [
    name,
    { ...a, data: a.data.map((x) => (name.includes("LayerNorm") ? x : 4 * x)) },
  ]),
);
const [up, down] = ["intermediate", "output"].map((part) => `bert.encoder.layer.0.${part}.dense.weight`) as [
  string,
  string,
];
/** Inputs that use few directions, and their second moment. */
const inputsOf = (n: number, directions: number) => {
  const basis = normal(directions * n);
  const rows = Array.from({ length: 200 }, () => {
    const by = normal(directions);
    return Float64Array.from({ length: n }, (_, j) => by.reduce((sum, x, d) => sum + x * basis[d * n + j]!, 0));
  });
  const moment = new Float64Array(n * n);
  for (const x of rows) for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) moment[i * n + j]! += x[i]! * x[j]!;
  return { rows, moment };
};
const times = ({ data, shape }: HostArray, x: Float64Array | number[]) =>
  Array.from({ length: shape[0]! }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < shape[1]!; j++) sum += (data as Float32Array)[i * shape[1]! + j]! * x[j]!;
    return sum;
  });
const factored = (all: Weights, name: string, x: Float64Array) => {
  const module = name.replace(".weight", ".factors");
  return times(all.get(`${module}.outer`)!, times(all.get(`${module}.inner`)!, x));
};

test.each([
  ["tall", up, 32],
  ["wide", down, 64],
])("a %s matrix whose inputs use five directions has five, and puts out the same", (_, name, n) => {
  const { rows, moment } = inputsOf(n, 5);
  const made = factorise(model, weights, new Map([[name, moment]]), 1 - 1e-7);
  expect(made.ranks).toEqual({ [name.replace(".weight", "")]: 5 });
  const wanted = times(weights.get(name)!, rows[0]!);
  const largest = Math.max(...wanted.map(Math.abs));
  for (const [i, y] of factored(made.weights, name, rows[0]!).entries())
    expect(Math.abs(y - wanted[i]!) / largest).toBeLessThan(1e-4);
  const fewer = factorise(model, weights, new Map([[name, moment]]), 0.8);
  expect(Object.values(fewer.ranks)[0]).toBeLessThan(5);
});

async function logits(of: Model, all: Weights): Promise<number[]> {
  const executable = await cpuRuntime.compile(evaluationProgram(of), { threads: 1 });
  const { logits: out } = await executable.run({
    ...Object.fromEntries(all),
    ...batchFeeds(of, tinyExamples(4), undefined),
  });
  await executable.dispose();
  return [...(out!.data as Float32Array)];
}

test("a factored model is saved and opened, runs as ONNX in float32 and in integers, and cannot be cut further", async () => {
  const moments = new Map([up, down].map((name) => [name, inputsOf(weights.get(name)!.shape[1]!, 8).moment]));
  const made = factorise(model, weights, moments, 0.9);
  const folder = mkdtempSync(join(tmpdir(), "concord-factors-"));
  try {
    await saveModel(folder, made.model, made.weights);
    const opened = await loadModel(folder);
    const own = await logits(made.model, made.weights);
    expect(await logits(opened.model, opened.weights)).toEqual(own);
    expect(opened.model.config.low_rank_factors).toEqual(made.ranks);
    const [{ ids }] = tinyExamples(1) as [{ ids: Int32Array }];
    const row = (value: (id: number) => number) =>
      hostArray(
        "int64",
        [1, ids.length],
        BigInt64Array.from(ids, (id) => BigInt(value(id))),
      );
    const feeds = { input_ids: row((id) => id), attention_mask: row(() => 1), token_type_ids: row(() => 0) };
    const plain = Object.fromEntries(
      [...made.weights].map(([name, array]) => [name, { kind: "initializer", array }] as const),
    );
    const { bind } = storedModel(made.model, made.weights, uncalibratedInt8);
    for (const [bound, apart] of [
      [plain, 1e-4],
      [bind, 0.1],
    ] as const) {
      const file = await openOnnx(exportOnnx(made.model, made.weights, bound));
      const { data } = (await file.run(feeds)).logits!;
      await file.dispose();
      for (const [i, x] of [...(data as Float32Array)].entries()) expect(Math.abs(x - own[i]!)).toBeLessThan(apart);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const cut = () => pruneBlocks(made.model, made.weights, { heads: [], inner: [] }, { width: 0.5 });
  for (const refused of [cut, () => dropLayers(made.model, made.weights, [1])])
    expect(fault("E_MODEL", refused).facts.problem).toBe("the model has factors in the place of matrices");
});

test("factors that would be larger, a share out of range, and a config that does not fit are refused", () => {
  const moments = new Map([[up, inputsOf(32, 32).moment]]);
  expect(fault("E_MODEL", () => factorise(model, weights, moments, 1)).facts.problem).toContain(
    "no matrix becomes smaller",
  );
  expect(fault("E_ARGUMENT", () => factorise(model, weights, moments, 0)).facts.problem).toBe(
    "factorise.keeps is wrong",
  );
  const wrong = (low_rank_factors: Record<string, number>, code: "E_MODEL" | "E_CONFIG") =>
    fault(code, () => tinyModel({ ...config, low_rank_factors })).facts.problem;
  expect(wrong({ classifier: 1 }, "E_MODEL")).toBe("low_rank_factors does not fit the model");
  expect(wrong({ [up.replace(".weight", "")]: 64 }, "E_MODEL")).toBe("low_rank_factors does not fit the model");
  expect(wrong({ [up.replace(".weight", "")]: 0.5 }, "E_CONFIG")).toBe("low_rank_factors is wrong");
});
