// Group-robust training in the training machine: it changes the weights, resumes to the same bits, and refuses private training.
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import { createTrainer, type Trainer, type TrainerOptions } from "../../src/train/index.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyExamples, tinyModel } from "./tiny.ts";

const model = tinyModel();
const weights = initialise(model, random(1));
const examples = tinyExamples(40).map((e, i) => ({ ...e, group: Number(i % 8 === 0) }));
const make = (options: Partial<TrainerOptions>, rows = examples) =>
  createTrainer({
    model,
    weights,
    runtime: cpuRuntime,
    examples: rows,
    threads: 1,
    options: { epochs: 2, batchSize: 8, learningRate: 1e-2, seed: 3, ...options },
  });
const finish = async (trainer: Trainer, from = 0) => {
  for (let k = from; k < trainer.steps; k++) await trainer.run();
  const done = [...trainer.weights().values()].map(({ data }) => data.slice());
  await trainer.dispose();
  return done;
};

test("it weighs groups otherwise than plain training, and the faster the larger the step", async () => {
  const [plain, slow, fast] = await Promise.all(
    [{}, { groupRobust: 0.01 }, { groupRobust: 1 }].map(async (options) => finish(await make(options))),
  );
  expect(slow).not.toEqual(plain);
  expect(fast).not.toEqual(slow);
});

test("saved and restored in the middle, it ends with the same bits", async () => {
  const whole = await finish(await make({ groupRobust: 0.5 }));
  const first = await make({ groupRobust: 0.5 });
  for (let k = 0; k < 4; k++) await first.run();
  const { tensors, state } = first.save();
  const saved = {
    tensors: new Map([...tensors].map(([name, a]) => [name, { ...a, data: a.data.slice() } as typeof a])),
    state: JSON.parse(JSON.stringify(state)),
  };
  await first.dispose();
  const second = await make({ groupRobust: 0.5 });
  second.restore(saved);
  expect(second.step).toBe(4);
  expect(await finish(second, 4)).toEqual(whole);
});

test("a checkpoint of a run with other groups is refused", async () => {
  const plain = await make({});
  await plain.run();
  const saved = plain.save();
  const robust = await make({ groupRobust: 0.5 });
  expect(() => robust.restore(saved)).toThrow(/another run/);
  await Promise.all([plain.dispose(), robust.dispose()]);
});
