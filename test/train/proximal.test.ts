// FedProx's term: exactly μ·(w − w₀) beside the loss's gradient, and no change without it.
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import { parameterStore, sgd, updater } from "../../src/optimizers/index.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/index.ts";
import { proximalTerm } from "../../src/train/proximal.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyExamples, tinyModel } from "./tiny.ts";

test("gradient descent with the term follows its closed form: it stops where the pull is as strong as the loss", () => {
  const [rate, mu] = [0.1, 0.5];
  const store = parameterStore([{ name: "w", shape: [1, 1] }], { slots: () => [], gradients: "accumulate" });
  const updates = updater(store, sgd({ learningRate: rate }));
  store.view("w").set([2]);
  const pull = proximalTerm({ store, trained: ["w"] }, updates, mu);
  for (let step = 1; step <= 40; step++) {
    updates.add([["w", Float32Array.of(1)]]); // a loss whose gradient is 1 everywhere
    pull();
    updates.step();
    expect(store.view("w")[0]).toBeCloseTo(2 - (1 - (1 - rate * mu) ** step) / mu, 5);
  }
});

const model = tinyModel();
const start = initialise(model, random(1));

async function distance(options: Partial<TrainerOptions>): Promise<number> {
  const trainer = await createTrainer({
    model,
    weights: start,
    runtime: cpuRuntime,
    examples: tinyExamples(24),
    threads: 1,
    options: {
      epochs: 2,
      batchSize: 8,
      learningRate: 1e-2,
      optimizer: "sgd",
      weightDecay: 0,
      dropout: false,
      ...options,
    },
  });
  while (trainer.step < trainer.steps) await trainer.run();
  let sum = 0;
  for (const [name, { data }] of trainer.weights())
    for (const [i, w] of data.entries()) sum += (w - start.get(name)!.data[i]!) ** 2;
  await trainer.dispose();
  return Math.sqrt(sum);
}

test("the larger μ, the nearer the trained model stays, and a μ of almost nothing changes almost nothing", async () => {
  const [free, tiny, some, strong] = [
    await distance({}),
    await distance({ proximal: 1e-9 }),
    await distance({ proximal: 10 }),
    await distance({ proximal: 80 }),
  ];
  expect(Math.abs(tiny - free) / free).toBeLessThan(1e-5);
  expect(some).toBeLessThan(free * 0.9);
  expect(strong).toBeLessThan(some);
});

test("the term is refused in private training", async () => {
  await expect(distance({ proximal: 1, privacy: { epsilon: 1 } })).rejects.toThrow(/proximal/);
});
