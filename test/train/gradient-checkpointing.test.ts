// Gradient checkpointing: every architecture that has layers learns the same with it, a step of a deep model holds about half the memory,
// and what it does not go with is refused.
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { nodesOf } from "../../src/graph/index.ts";
import { initialise } from "../../src/models/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { createTrainer, estimateMemory, type TrainerSetup, trainingProgram } from "../../src/train/index.ts";
import { fault, faultLater } from "../fault.ts";
import { coverageExamples } from "../models/coverage.ts";
import { oneOfEach, savedCases } from "../models/saved.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyConfig, tinyModel } from "./tiny.ts";

const cases = oneOfEach(savedCases().filter(({ model }) => model.task !== "features"));
const plain = { epochs: 2, batchSize: 2, dropout: false, learningRate: 1e-3 } as const;

async function learned(setup: TrainerSetup, gradientCheckpointing: boolean) {
  const trainer = await createTrainer({ ...setup, options: { ...setup.options, gradientCheckpointing } });
  const losses: number[] = [];
  while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
  await trainer.dispose();
  return losses;
}

test.each(cases)("$name learns the same, and computes more", async ({ model, weights }) => {
  const nodes = (gradientCheckpointing: boolean) =>
    nodesOf(trainingProgram(model, { gradientCheckpointing }).graph).length;
  expect(nodes(true)).toBeGreaterThan(1.1 * nodes(false));
  const setup = { model, weights, runtime: cpuRuntime, threads: 1, examples: coverageExamples(model), options: plain };
  const [kept, again] = [await learned(setup, false), await learned(setup, true)];
  for (const [i, loss] of kept.entries()) expect(again[i]! / loss, `step ${i + 1}`).toBeCloseTo(1, 5);
});

test("a step of twelve layers holds less, and dropout draws the same", async () => {
  const model = tinyModel({ ...tinyConfig, num_hidden_layers: 12 });
  const held = (gradientCheckpointing: boolean) =>
    estimateMemory(trainingProgram(model, { gradientCheckpointing }), { examples: 16, tokens: 2048, longest: 128 });
  expect(held(true).activations / held(false).activations).toBeLessThan(0.45);
  const examples = Array.from({ length: 4 }, (_, i) => ({ ids: Int32Array.of(1, 5 + i, 7, 2), label: i % 2 }));
  const options = { ...plain, dropout: true };
  const setup = { model, weights: initialise(model, random(2)), runtime: cpuRuntime, threads: 1, examples, options };
  const [kept, again] = [await learned(setup, false), await learned(setup, true)];
  for (const [i, loss] of kept.entries()) expect(again[i]! / loss).toBeCloseTo(1, 5);
});

test("private training and PyTorch keep what layers compute: refused by name", async () => {
  const model = tinyModel();
  const examples = [{ ids: Int32Array.of(1, 5, 2), label: 0 }];
  const options = { gradientCheckpointing: true, privacy: { noise: 1, clip: 1, delta: 1e-5 } } as never;
  const setup = { model, weights: initialise(model, random(0)), runtime: cpuRuntime, examples, options };
  expect((await faultLater("E_CONFIG", () => createTrainer(setup))).facts.problem).toContain("gradientCheckpointing");
  const recipe = (adapt: string) => () =>
    readRecipe(
      `version: 1\nname: x\ndata: { file: x.csv, text: t, label: l }\nmodel: { from: m }\nadapt: { gradientCheckpointing: true, ${adapt} }\n`,
      "recipe.yaml",
    );
  for (const adapt of ["privacy: { epsilon: 1 }", "engine: pytorch"])
    expect(fault("E_CONFIG", recipe(adapt)).facts.problem).toContain("adapt.gradientCheckpointing");
  const parts = recipe("accumulate: 2, privacy: { epsilon: 1 }");
  expect(fault("E_CONFIG", parts).facts.problem).toContain("adapt.accumulate");
});
