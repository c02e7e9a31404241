// An objective that is given as a value, with a teacher's numbers in its batches: its loss by hand; private training, accumulation and
// resuming hold for it; one that does not hold them, and a name that there is not, are refused.
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import { aesNoise } from "../../src/privacy/node/aes.ts";
import { createTrainer, objectiveOf, type Trainer, type TrainerOptions } from "../../src/train/index.ts";
import { softTargets } from "../additions/soft-targets.ts";
import { fault } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyExamples, tinyModel } from "./tiny.ts";

const model = tinyModel();
const weights = initialise(model, random(1));
const examples = tinyExamples(32).map((e, i) => ({ ...e, given: { teacher: Float32Array.of(2 - (i % 3), i % 2) } }));
const make = (options: Partial<TrainerOptions> = {}, share = 0.5) =>
  createTrainer({
    model,
    weights,
    runtime: cpuRuntime,
    examples,
    threads: 1,
    objective: softTargets({ temperature: 2, share }),
    noise: aesNoise(new Uint8Array(32).fill(1)),
    options: { epochs: 2, batchSize: 8, learningRate: 1e-2, dropout: false, seed: 3, ...options },
  });
const finish = async (trainer: Trainer) => {
  while (trainer.step < trainer.steps) await trainer.run();
  const done = [...trainer.weights().values()].flatMap(({ data }) => [...data]);
  await trainer.dispose();
  return done;
};

test("the loss of an example is of its label and of its teacher's answers", async () => {
  const trainer = await make({ batchSize: 32, epochs: 1 });
  const logits = await trainer.predict(examples);
  const softmax = (row: readonly number[]) => {
    const [a, b] = row.map(Math.exp) as [number, number];
    return [a / (a + b), b / (a + b)];
  };
  const wanted = examples.map(({ label, given }, i) => {
    const own = [...logits[i]!.data];
    const teacher = softmax([...given.teacher].map((x) => x / 2));
    const student = softmax(own.map((x) => x / 2));
    const apart = 4 * teacher.reduce((sum, p, c) => sum + p * Math.log(p / student[c]!), 0);
    return 0.5 * -Math.log(softmax(own)[label as number]!) + 0.5 * apart;
  });
  const { loss } = await trainer.run();
  await trainer.dispose();
  expect(loss).toBeCloseTo(wanted.reduce((a, b) => a + b, 0) / wanted.length, 5);
});

test("without labels it learns its teacher's answers", async () => {
  const constant = examples.map((e) => ({ ...e, given: { teacher: Float32Array.of(1.5, 0) } }));
  const trainer = await createTrainer({
    model,
    weights,
    runtime: cpuRuntime,
    examples: constant,
    threads: 1,
    objective: softTargets({ temperature: 1, share: 1 }),
    options: { epochs: 10, batchSize: 8, learningRate: 1e-2, seed: 3 },
  });
  while (trainer.step < trainer.steps) await trainer.run();
  for (const { data } of await trainer.predict(constant)) expect(data[0]! - data[1]!).toBeCloseTo(1.5, 0);
  await trainer.dispose();
});

test("accumulated batches make the update of the large batch, and a restored run ends with the same bits", async () => {
  const [whole, parts] = [await finish(await make()), await finish(await make({ accumulate: 2 }))];
  expect(Math.max(...whole.map((x, i) => Math.abs(x - parts[i]!)))).toBeLessThan(1e-3);
  const first = await make();
  for (let k = 0; k < 3; k++) await first.run();
  const saved = structuredClone(first.save());
  await first.dispose();
  const second = await make();
  second.restore(saved);
  expect(await finish(second)).toEqual(whole);
});

test("private training clips the gradients of each example's whole loss", async () => {
  const privacy = { noiseMultiplier: 1, delta: 1e-3, microBatch: 4 };
  const [one, again, labels] = [
    await finish(await make({ privacy })),
    await finish(await make({ privacy })),
    await finish(await make({ privacy }, 0)),
  ];
  expect(again).toEqual(one);
  expect(labels).not.toEqual(one);
});

test("an objective that reads the batch is refused where its neighbours would count, and an unknown name by name", async () => {
  const across = { ...softTargets({ temperature: 2, share: 0.5 }), reads: "batch" } as const;
  const given = { model, weights, runtime: cpuRuntime, examples, objective: across };
  await expect(createTrainer({ ...given, options: { accumulate: 2 } })).rejects.toThrow("cannot be run in parts");
  await expect(createTrainer({ ...given, options: { privacy: { epsilon: 8 } } })).rejects.toThrow(
    "softTargets cannot be trained privately",
  );
  const { facts } = fault("E_CONFIG", () => objectiveOf(JSON.parse('{ "name": "softTargets" }')));
  expect([facts.problem, facts.expected, facts.got]).toEqual([
    "there is no such objective",
    "supervised, masked, contrast, pairing, neighbours, triplet, cosine, cosent, choices, distil, dpo, orpo, kto, ranking, grpo, reinforce",
    "softTargets",
  ]);
});
