// Training a CRF over labels of words: it learns what only neighbours tell; accumulation and resuming hold; private training is refused.
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { initialise, withHead } from "../../src/models/index.ts";
import { chainOf, likeliest } from "../../src/predict/index.ts";
import {
  createTrainer,
  ignoredLabel,
  type TextExample,
  type Trainer,
  type TrainerOptions,
  trainingProgram,
} from "../../src/train/index.ts";
import { distil } from "../../src/train/objectives/distil.ts";
import { fault } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyConfig, tinyModel } from "./tiny.ts";

const labels = ["first", "second", "third"];
const config = withHead(tinyConfig, "Bert", "token", labels, { layer: "crf" });
const model = tinyModel(config);
const rng = random(6);
/** Every token is the same; its label is its place modulo 3, after a beginning that nothing else tells. */
const examples = Array.from({ length: 48 }, (): TextExample => {
  const ids = new Int32Array(4 + rng.int(12)).fill(7);
  ids[0] = 5; // of a class token, whose row has no label
  return { ids, label: ids.map((_, i) => (i === 0 ? ignoredLabel : (i - 1) % 3)) };
});
const make = (options: Partial<TrainerOptions> = {}) =>
  createTrainer({
    model,
    weights: initialise(model, random(1)),
    runtime: cpuRuntime,
    examples,
    threads: 1,
    trains: (name: string) => name.startsWith("crf."), // scores of words stay as they were: only transitions learn
    options: { epochs: 2, batchSize: 8, learningRate: 0.3, dropout: false, seed: 3, ...options },
  });
const finish = async (trainer: Trainer) => {
  while (trainer.step < trainer.steps) await trainer.run();
  const done = [...trainer.trained().values()].flatMap(({ data }) => [...data]);
  await trainer.dispose();
  return done;
};

test("transitions alone learn which label follows which, and logits of an example end with them", async () => {
  const trainer = await make({ epochs: 6 });
  while (trainer.step < trainer.steps) await trainer.run();
  const [given] = await trainer.predict(examples.slice(0, 1));
  await trainer.dispose();
  const length = examples[0]!.ids.length;
  expect(given!.shape).toEqual([length + 5, 3]);
  const rows = Array.from({ length }, (_, i) => given!.data.subarray(3 * i, 3 * i + 3)).slice(1);
  const chain = chainOf(labels, given!.data.slice(3 * length));
  expect(likeliest(rows, chain)).toEqual(rows.map((_, i) => i % 3));
  const alone = rows.map((row) => row.indexOf(Math.max(...row)));
  expect(alone).not.toEqual(rows.map((_, i) => i % 3)); // words by themselves cannot tell
});

test("accumulated batches make the update of the large batch, and a restored run ends with the same bits", async () => {
  const [whole, parts] = [await finish(await make()), await finish(await make({ accumulate: 2 }))];
  expect(Math.max(...whole.map((x, i) => Math.abs(x - parts[i]!)))).toBeLessThan(1e-3);
  const first = await make();
  for (let k = 0; k < 5; k++) await first.run();
  const saved = structuredClone(first.save());
  await first.dispose();
  const second = await make();
  second.restore(saved);
  expect(await finish(second)).toEqual(whole);
});

test("private training, and distilling logits, are refused by name", () => {
  const clipping = { clip: 1, clipping: "flat" } as const;
  const clipped = () => trainingProgram(model, { clipping, trainable: (name) => name.startsWith("crf.") });
  expect(fault("E_GRADIENT", clipped).message).toMatch(/crf\./);
  const plain = withHead(tinyConfig, "Bert", "token", labels);
  const refused = fault("E_CONFIG", () => distil({ teacher: plain }).inputs(model));
  expect(refused.facts.problem).toMatch(/CRF head/);
});
