// Somebody's own head and own objective, as the examples write them: learned, also privately, exported, and equal to their formulas.
import { expect, test } from "vitest";
import { withGatedHead } from "../../examples/own-head.ts";
import { generalizedCrossEntropy } from "../../examples/own-objective.ts";
import { hostArray, random } from "../../src/base/index.ts";
import { initialise, withHead } from "../../src/models/index.ts";
import { exportOnnx } from "../../src/predict/index.ts";
import { batchFeeds, createTrainer, type Objective, trainingProgram } from "../../src/train/index.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";
import { tinyConfig, tinyExamples, tinyModel } from "../train/tiny.ts";

const body = tinyModel({ ...withHead(tinyConfig, "Bert", "features"), add_pooling_layer: false });
const gated = withGatedHead(body, ["even", "odd"], 16);
// every second token tells the label
const examples = tinyExamples(96).map((e) => ({
  ...e,
  ids: e.ids.map((id, k) => (k % 2 ? (e.label === 1 ? 8 : 7) : id)),
}));
const weightsOf = (model = gated) => initialise(model, random(1));

async function learned(model = gated, objective?: Objective, privacy?: object) {
  const options = {
    epochs: 8,
    batchSize: 16,
    learningRate: 1e-2,
    dropout: false,
    seed: 2,
    ...(privacy && { privacy }),
  };
  const setup = { model, weights: weightsOf(model), runtime: cpuRuntime, threads: 1, examples, objective };
  const trainer = await createTrainer({ ...setup, options });
  const losses: number[] = [];
  while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
  const logits = await trainer.predict(examples);
  const right = logits.filter(({ data }, i) => Number(data[1]! > data[0]!) === examples[i]!.label).length;
  const trained = trainer.trained();
  await trainer.dispose();
  return { losses, right: right / examples.length, trained };
}

test("a head of one's own learns, and its exported file answers as it does", async () => {
  const { losses, right, trained } = await learned();
  expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
  expect(right).toBeGreaterThan(0.95);
  expect(trained.get("gate.weight")!.data).not.toEqual(weightsOf().get("gate.weight")!.data);
  const session = await openOnnx(exportOnnx(gated, trained));
  const ids = BigInt64Array.from(examples[0]!.ids, BigInt);
  const of = (value: (id: bigint) => bigint) => hostArray("int64", [1, ids.length], ids.map(value));
  const { logits } = await session.run({
    input_ids: of((id) => id),
    attention_mask: of(() => 1n),
    token_type_ids: of(() => 0n),
  });
  await session.dispose();
  expect(Number(logits!.data[1]! > logits!.data[0]!)).toBe(examples[0]!.label);
});

test("private training takes the head as it is: every norm of an example's gradient is known", async () => {
  const program = trainingProgram(gated, { dropout: false, clipping: { clip: 1, clipping: "flat" } });
  const exe = await cpuRuntime.compile(program.graph);
  const { norms } = await exe.run({
    ...Object.fromEntries(weightsOf()),
    ...batchFeeds(gated, examples.slice(0, 4), {}),
  });
  await exe.dispose();
  expect(Array.from(norms!.data as Float32Array).every((x) => Number.isFinite(x) && x > 0)).toBe(true);
});

test("an objective of one's own is its formula, and another one than cross-entropy", async () => {
  const losses = async (objective?: Objective) => {
    const program = trainingProgram(gated, { dropout: false, objective });
    const exe = await cpuRuntime.compile(program.graph);
    const feeds = batchFeeds(gated, examples.slice(0, 6), {}, objective);
    const got = await exe.run({ ...Object.fromEntries(weightsOf()), ...feeds });
    await exe.dispose();
    return Array.from(got.losses!.data as Float32Array);
  };
  const [plain, own] = [await losses(), await losses(generalizedCrossEntropy(0.4))];
  for (const [i, x] of plain.entries()) expect(own[i]).toBeCloseTo((1 - Math.exp(-x) ** 0.4) / 0.4, 5);
  expect(own[0]).not.toBeCloseTo(plain[0]!, 2);
  const { losses: steps, right } = await learned(gated, generalizedCrossEntropy());
  expect(steps.at(-1)).toBeLessThan(0.5 * steps[0]!);
  expect(right).toBeGreaterThan(0.95);
});
