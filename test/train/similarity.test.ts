// Losses of scored pairs against sentence-transformers' own, and what a batch without numbers is told.
// Numbers: test/golden/similarity.json (tools/similarity-golden.py: sentence-transformers 6.2.0, torch 2.15.0).
import { expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { hostArray, random } from "../../src/base/index.ts";
import { pearson, spearman } from "../../src/eval/index.ts";
import { input, makeGraph, mul, sum } from "../../src/graph/index.ts";
import { withHead } from "../../src/models/index.ts";
import { referenceRuntime } from "../../src/runtime/index.ts";
import { objectiveOf, type TextExample } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { goldenJson } from "../golden.ts";
import { tinyConfig, tinyModel } from "./tiny.ts";

interface Loss {
  readonly loss: number;
  readonly gradients: readonly (readonly number[])[];
}
interface Golden {
  readonly vectors: readonly (readonly number[])[];
  readonly scores: readonly number[];
  readonly cosine: Loss;
  readonly cosent: Loss;
  readonly spearman: number;
  readonly pearson: number;
}
const golden = goldenJson<Golden>("similarity.json");
const model = tinyModel(withHead(tinyConfig, "Bert", "embedding"));
const row = (id: number) => ({ ids: Int32Array.of(5, id, 6) });
const pairs = golden.scores.map((label, i): TextExample => ({ ...row(10 + i), label, counterparts: [row(20 + i)] }));

test.each(["cosine", "cosent"] as const)("%s: loss and gradients are those of sentence-transformers", async (name) => {
  const objective = objectiveOf({ name, settings: {} as never });
  const batch = objective.feeds(pairs, { model, draw: random });
  const values = Object.fromEntries(
    Object.entries(objective.inputs(model)).map(([key, [dtype, shape]]) => [key, input(key, dtype, shape)]),
  );
  const vectors = input("vectors", "float32", ["B", 4]);
  const outputs = { hidden: [], last: vectors, logits: vectors };
  const losses = objective.losses(outputs, values, { model, layout: undefined, options: {}, attention: [] });
  const loss = sum(mul(losses, values.weights!));
  const [g] = gradients([loss], [vectors]);
  const exe = await referenceRuntime.compile(makeGraph({ vectors, ...values }, { loss, g: g! }));
  const data = Float32Array.from(golden.vectors.flat());
  const found = await exe.run({ ...batch.feeds, vectors: hostArray("float32", [12, 4], data) });
  expect(found.loss!.data[0]).toBeCloseTo(golden[name].loss, 5);
  const wanted = golden[name].gradients.flat();
  expect(wanted.some((x) => Math.abs(x) > 0.01)).toBe(true);
  for (const [i, x] of wanted.entries()) expect(found.g!.data[i]).toBeCloseTo(x, 5);
});

test("rank and linear correlation of cosines are SciPy's", () => {
  const [first, second] = golden.vectors.map((all) => Array.from({ length: 6 }, (_, i) => all.slice(4 * i, 4 * i + 4)));
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((n, x, i) => n + x * b[i]!, 0);
  const cosines = first!.map((a, i) => dot(a, second![i]!) / Math.sqrt(dot(a, a) * dot(second![i]!, second![i]!)));
  expect(spearman(cosines, golden.scores)).toBeCloseTo(golden.spearman, 6);
  expect(pearson(cosines, golden.scores)).toBeCloseTo(golden.pearson, 6);
});

test("a pair without a second text or a number is refused by name, and a scale that is none", () => {
  const given = { model, draw: random };
  for (const name of ["cosine", "cosent"] as const) {
    const { feeds } = objectiveOf({ name, settings: {} as never });
    expect(fault("E_DATA", () => feeds([row(1)], given)).facts.problem).toMatch(/example 0 has no second text/);
    const bare = { ...row(1), counterparts: [row(2)] };
    expect(fault("E_DATA", () => feeds([bare], given)).facts.problem).toMatch(/has no number that says how alike/);
  }
  const scale = fault("E_CONFIG", () => objectiveOf({ name: "cosent", settings: { scale: 0 } }));
  expect(scale.facts.problem).toBe("cosent.scale is wrong");
});
