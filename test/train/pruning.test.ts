// Pruning while a model trains: the schedule, the threshold, the gradient of scores, what a run ends with, and that a resumed run ends so too.
import { expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import { input, makeGraph, mul, sum } from "../../src/graph/index.ts";
import { initialise } from "../../src/models/index.ts";
import { loraLayout } from "../../src/nn/index.ts";
import { referenceRuntime } from "../../src/runtime/index.ts";
import { learnedImportance, pruneBlocks, prunedBlocks, prunedNumbers } from "../../src/shrink/index.ts";
import {
  batchFeeds,
  createTrainer,
  evaluationProgram,
  type PruningPlan,
  pruningLayout,
  shareAt,
  type TrainerSetup,
} from "../../src/train/index.ts";
import { kthLargest } from "../../src/train/kth-largest.ts";
import { fault, faultLater } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyConfig, tinyExamples, tinyModel } from "./tiny.ts";

test("the k-th largest is the one that sorting finds, ties, negatives and zeros among them", () => {
  const rng = random("k");
  const numbers = Float32Array.from({ length: 3000 }, (_, i) => (i % 7 === 0 ? 0 : Math.round(40 * rng.normal()) / 8));
  const sorted = [...numbers].sort((a, b) => b - a);
  const sizes = [...numbers].map(Math.abs).sort((a, b) => b - a);
  for (const k of [1, 2, 400, 1500, 2999, 3000]) {
    expect(kthLargest(numbers, k, false)).toBeCloseTo(sorted[k - 1]!, 12);
    expect(kthLargest(numbers, k, true)).toBe(sizes[k - 1]);
  }
});

test("the share that is removed rises by a cube, from the start to the end of the schedule", () => {
  const plan: PruningPlan = { by: "movement", matrices: [], start: 0.2, end: 0.6 };
  expect([0, 20, 40, 60, 99].map((step) => shareAt(0.8, step, 100, plan))).toEqual([
    0,
    0,
    expect.closeTo(0.8 * (1 - 0.5 ** 3), 12),
    0.8,
    0.8,
  ]);
  expect(shareAt(0.8, 0, 100, { ...plan, start: 0, end: 0 })).toBeCloseTo(0);
  expect(shareAt(0.8, 1, 100, { ...plan, start: 0, end: 0 })).toBe(0.8);
});

test("a score's gradient is that of its part of the masked matrix times the matrix, for removed parts too", async () => {
  const shape = [2, 4] as const;
  const parameters = [{ name: "a.weight", shape, initial: { kind: "zeros" as const }, head: false, linear: true }];
  const layout = pruningLayout(
    { parameters },
    {
      by: "movement",
      matrices: [{ name: "a.weight", share: 0.5, columns: 2 }],
    },
  );
  const [w, s, g] = [
    input("a.weight", "float32", shape),
    input("a.scores", "float32", [2]),
    input("g", "float32", shape),
  ];
  const t = input("pruning.thresholds", "float32", [1]);
  const tree = layout.adapt({ a: { weight: w, scores: s } }, { "pruning.thresholds": t });
  const masked = (tree.a as { weight: typeof w }).weight;
  const [dw, ds] = gradients([sum(mul(masked, g))], [w, s]);
  const inputs = { "a.weight": w, "a.scores": s, g, "pruning.thresholds": t };
  const executable = await referenceRuntime.compile(makeGraph(inputs, { masked, dw: dw!, ds: ds! }));
  const numbers = hostArray("float32", [2], [-0.5, 0.25]);
  const out = await executable.run({
    "a.weight": hostArray("float32", shape, [1, 2, 3, 4, 5, 6, 7, 8]),
    "a.scores": numbers,
    g: hostArray("float32", shape, [1, 1, 1, 1, 10, 10, 10, 10]),
    ...layout.feeds(9, 10, () => numbers.data),
  });
  expect([...out.masked!.data]).toEqual([0, 0, 3, 4, 0, 0, 7, 8]);
  expect([...out.dw!.data]).toEqual([0, 0, 1, 1, 0, 0, 10, 10]);
  expect([...out.ds!.data]).toEqual([1 + 2 + 50 + 60, 3 + 4 + 70 + 80]);
});

const model = tinyModel({ ...tinyConfig, num_attention_heads: 4 });
const weights = initialise(model, random(1));
const examples = tinyExamples(32);
const setupOf = (plan: PruningPlan): TrainerSetup => {
  const pruning = pruningLayout(model, plan);
  const scores = pruning.startScores(weights);
  const options = { epochs: 6, batchSize: 8, learningRate: 3e-3, dropout: false, seed: 3 };
  return {
    model,
    weights: new Map([...weights, ...scores]),
    runtime: cpuRuntime,
    examples,
    threads: 1,
    pruning,
    options,
  };
};
type Weights = Map<string, HostArray<"float32">>;
async function finish(trainer: Awaited<ReturnType<typeof createTrainer>>) {
  while (trainer.step < trainer.steps) await trainer.run();
  const predicted = await trainer.predict(examples);
  const out: Weights = new Map([...trainer.weights()].map(([name, a]) => [name, { ...a, data: a.data.slice() }]));
  await trainer.dispose();
  return { weights: out, logits: predicted.flatMap(({ data }) => [...data]) };
}
async function logitsOf(of: typeof model, all: ReadonlyMap<string, HostArray>): Promise<number[]> {
  const executable = await cpuRuntime.compile(evaluationProgram(of), { threads: 1 });
  const given = of.parameters.map(({ name }) => [name, all.get(name)!] as const);
  const { logits } = await executable.run({ ...Object.fromEntries(given), ...batchFeeds(of, examples, undefined) });
  await executable.dispose();
  return [...(logits!.data as Float32Array)];
}
const apart = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

test("movement ends with scores by which heads and units are cut: the cut model answers as the masked one did", async () => {
  const plan: PruningPlan = { by: "movement", matrices: prunedBlocks(model, weights, { heads: 0.5, width: 0.75 }) };
  const ended = await finish(await createTrainer(setupOf(plan)));
  const importance = learnedImportance(model, ended.weights);
  expect(new Set(importance.inner[0]).size).toBeGreaterThan(8); // learned, no longer all 0
  const cut = pruneBlocks(model, ended.weights, importance, { heads: 0.5, width: 0.75 });
  expect(cut.model.config.intermediate_size).toBe(8);
  expect(apart(await logitsOf(cut.model, cut.weights), ended.logits)).toBeLessThan(1e-4);
  expect(apart(await logitsOf(model, ended.weights), ended.logits)).toBeGreaterThan(1e-3);
});

test.each(["magnitude", "movement"] as const)(
  "by %s single weights become zero, as many as asked; a restored run ends with the same bits",
  async (by) => {
    const plan: PruningPlan = { by, matrices: prunedNumbers(model, 0.8) };
    const { pruning } = setupOf(plan);
    const ended = await finish(await createTrainer(setupOf(plan)));
    const applied = pruning!.applied(ended.weights);
    for (const { name } of plan.matrices) {
      const { data } = applied.get(name)!;
      const zeros = data.filter((x) => x === 0).length;
      expect(Math.abs(zeros / data.length - 0.8), name).toBeLessThan(0.01);
    }
    expect(apart(await logitsOf(model, applied), ended.logits)).toBeLessThan(1e-4);
    const first = await createTrainer(setupOf(plan));
    for (let k = 0; k < 11; k++) await first.run();
    const saved = structuredClone(first.save());
    await first.dispose();
    const second = await createTrainer(setupOf(plan));
    second.restore(saved);
    expect((await finish(second)).weights).toEqual(ended.weights);
  },
);

test("a matrix that there is not, wrong settings, adapters and private training are refused", async () => {
  const [name, columns] = ["bert.encoder.layer.0.output.dense.weight", 5];
  const problem = (plan: PruningPlan) => fault("E_CONFIG", () => pruningLayout(model, plan)).facts.problem;
  const one = (matrix: object) => [{ name, share: 0.5, ...matrix }];
  expect(problem({ by: "movement", matrices: one({ name: "a.weight" }) })).toBe("there is no such matrix to prune");
  expect(problem({ by: "movement", matrices: one({ share: 1 }) })).toBe("a share to prune is wrong");
  expect(problem({ by: "movement", matrices: one({ columns }) })).toContain("do not fit the matrix");
  expect(problem({ by: "magnitude", matrices: one({ columns: 1 }) })).toContain("by movement only");
  expect(problem({ by: "movement", matrices: [], start: 0.5, end: 0.2 })).toBe("the schedule of pruning is wrong");
  const setup = setupOf({ by: "magnitude", matrices: one({}) });
  const adapter = loraLayout(model.parameters, { targets: ["query"] });
  const refused = await faultLater("E_CONFIG", () => createTrainer({ ...setup, adapter }));
  expect(refused.facts.got).toBe("an adapter");
  const options = { privacy: { epsilon: 8, delta: 1e-5 } };
  expect((await faultLater("E_CONFIG", () => createTrainer({ ...setup, options }))).facts.got).toBe("private training");
});
