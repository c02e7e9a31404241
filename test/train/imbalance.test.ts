// Losses for classes with few rows against PyTorch's formulas, weights of classes against scikit-learn, and what they change of training.
// Numbers: test/golden/heads.json (tools/heads-reference.py: torch 2.15.0, scikit-learn 1.9.1).
import { expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { hostArray, random } from "../../src/base/index.ts";
import { constant, input, interpret, makeGraph, sum, type Value } from "../../src/graph/index.ts";
import { initialise } from "../../src/models/index.ts";
import { classLoss, multiLabelLoss } from "../../src/nn/index.ts";
import { recipeSchema } from "../../src/recipe/recipe.ts";
import { classWeights, imbalanceOptions } from "../../src/stages/imbalance.ts";
import { createTrainer, type TrainerOptions, trainerOptions } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { goldenJson } from "../golden.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyExamples, tinyModel } from "./tiny.ts";

interface Golden {
  readonly logits: readonly number[];
  readonly labels: readonly number[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
  readonly cases: readonly Readonly<
    Record<"single" | "singleGradient" | "several" | "severalGradient", readonly number[]> & { gamma: number }
  >[];
  readonly counts: readonly number[];
  readonly effective: readonly number[];
  readonly balanced: readonly number[];
}
const { imbalance: golden } = goldenJson<{ imbalance: Golden }>("heads.json");
const furthest = (a: ArrayLike<number>, b: readonly number[]) => Math.max(...b.map((x, i) => Math.abs(x - a[i]!)));

test.each(golden.cases)("focal losses of γ $gamma, and their gradients, are those of the formula", (one) => {
  const logits = input("logits", "float64", [6, 4]);
  const doubles = (shape: readonly number[], data: readonly number[]) =>
    constant(hostArray("float64", shape, Float64Array.from(data)));
  const labels = constant(hostArray("int32", [6], [...golden.labels]));
  const read = (losses: Value) => {
    const graph = makeGraph({ logits }, { losses, g: gradients([sum(losses)], [logits])[0]! });
    const out = interpret(graph, {
      logits: { dtype: "float64", shape: [6, 4], data: Float64Array.from(golden.logits) },
    });
    return [out.losses!.data as Float64Array, out.g!.data as Float64Array] as const;
  };
  const single = read(classLoss(logits, labels, { focal: one.gamma, classWeights: doubles([4], golden.weights) }));
  expect(furthest(single[0], one.single)).toBeLessThan(1e-9);
  expect(furthest(single[1], one.singleGradient)).toBeLessThan(1e-9);
  const several = read(multiLabelLoss(logits, doubles([6, 4], golden.targets), undefined, one.gamma));
  expect(furthest(several[0], one.several)).toBeLessThan(1e-9);
  expect(furthest(several[1], one.severalGradient)).toBeLessThan(1e-9);
  const other = golden.cases.find(({ gamma }) => gamma !== one.gamma)!;
  expect(furthest(single[0], other.single)).toBeGreaterThan(0.01);
});

test("weights of classes are scikit-learn's, and those of the effective number; a class without rows has a finite one", () => {
  expect(furthest(classWeights("effective", golden.counts, 0.999), golden.effective)).toBeLessThan(1e-9);
  expect(furthest(classWeights("balanced", golden.counts, 0.999), golden.balanced)).toBeLessThan(1e-9);
  expect(classWeights("effective", [5, 0], 0.9).every(Number.isFinite)).toBe(true);
  const [mild, strong] = [0.9, 0.9999].map((beta) => classWeights("effective", golden.counts, beta));
  expect(strong![3]! / strong![0]!).toBeGreaterThan(mild![3]! / mild![0]!);
});

const base = { version: 1, name: "x", data: { file: "a.csv" }, model: { scratch: {} } };
test("a recipe's weights come from the training rows' own counts", () => {
  const recipe = recipeSchema.parse({ ...base, adapt: { imbalance: { weights: "balanced", focal: 2 } } });
  const examples = [0, 0, 0, 1].map((label) => ({ ids: Int32Array.of(1), label }));
  expect(imbalanceOptions(recipe, 2, examples)).toEqual({ focal: 2, classWeights: [4 / 6, 2] });
  expect(imbalanceOptions(recipeSchema.parse(base), 2, examples)).toEqual({});
});

test.each([
  [{ task: "regression", adapt: { imbalance: { focal: 2 } } }, "adapt.imbalance.focal"],
  [{ task: "multi-label", adapt: { imbalance: { weights: "balanced" } } }, "adapt.imbalance.weights"],
  [{ adapt: { imbalance: { focal: 2 }, labelSmoothing: 0.1 } }, "adapt.imbalance.focal"],
  [{ adapt: { imbalance: { weights: "effective" }, privacy: { epsilon: 8 } } }, "adapt.imbalance.weights"],
  [
    { task: "entities", model: { scratch: {}, head: "crf" }, adapt: { imbalance: { focal: 2 } } },
    "adapt.imbalance.focal",
  ],
])("%j is refused by name", (recipe, path) => {
  const read = recipeSchema.safeParse({ ...base, ...recipe });
  expect(read.error?.issues.map((issue) => issue.path.join("."))).toContain(path);
});

test("both options change what a run learns, and weights raise the probability of the class with few rows", async () => {
  const examples = tinyExamples(400).filter(({ label }, i) => label === 0 || i % 8 === 0);
  const learned = async (options: Partial<TrainerOptions>) => {
    const trainer = await createTrainer({
      model: tinyModel(),
      weights: initialise(tinyModel(), random(1)),
      runtime: cpuRuntime,
      examples,
      threads: 1,
      options: { epochs: 4, batchSize: 16, learningRate: 3e-3, dropout: false, seed: 3, ...options },
    });
    while (trainer.step < trainer.steps) await trainer.run();
    const logits = await trainer.predict(examples);
    await trainer.dispose();
    return logits.reduce((total, { data }) => total + 1 / (1 + Math.exp(data[0]! - data[1]!)), 0) / logits.length;
  };
  const counts = [0, 1].map((label) => examples.filter((e) => e.label === label).length);
  const [plain, focal, weighted] = [
    await learned({}),
    await learned({ focal: 2 }),
    await learned({ classWeights: classWeights("balanced", counts, 0.999) }),
  ];
  expect(weighted).toBeGreaterThan(plain + 0.1);
  expect(Math.abs(focal - plain)).toBeGreaterThan(0.005);
  expect(fault("E_CONFIG", () => trainerOptions({ focal: 11 })).facts.got).toBe("11");
});
