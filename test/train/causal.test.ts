// Learning to write: sequences of a batch do not see each other, losses are PyTorch's, windows with a stride count each token once.
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { windowsOf } from "../../src/generate/index.ts";
import { initialise } from "../../src/models/index.ts";
import { initialiseAdapter, loraLayout } from "../../src/nn/index.ts";
import { referenceRuntime } from "../../src/runtime/index.ts";
import {
  batchFeeds,
  createTrainer,
  ignoredLabel,
  lossProgram,
  predictLosses,
  trainingProgram,
} from "../../src/train/index.ts";
import { goldenJson } from "../golden.ts";
import { goldenModel, relativeError } from "../models/golden.ts";
import { cpuRuntime } from "../one-thread.ts";

const golden = goldenJson<{ models: Record<string, { sequence: number[]; nll: number[] }> }>("generate.json");
const rng = random(4);
const sequences = [5, 12, 3, 8].map((n) => ({ ids: Int32Array.from({ length: n }, () => 3 + rng.int(60)) }));
/** The second half of a sequence is an answer. */
const answers = sequences.map(({ ids }) => ({
  ids,
  label: ids.map((id, i) => (2 * i < ids.length ? ignoredLabel : id)),
}));

test.each(["gpt2-lm", "llama-lm"])(
  "%s: sequences packed into one batch give the losses and gradients of each alone",
  async (name) => {
    const { model, weights } = goldenModel(name);
    const program = trainingProgram(model, { dropout: false });
    const executable = await cpuRuntime.compile(program.graph, { threads: 1 });
    const run = (examples: typeof answers) =>
      executable.run({ ...Object.fromEntries(weights), ...batchFeeds(model, examples, { divisor: 1 }) });
    const packed = await run(answers);
    const alone = await Promise.all(answers.map((one) => run([one])));
    expect(
      relativeError(
        losses(packed),
        alone.flatMap((one) => [...losses(one)]),
      ),
    ).toBeLessThan(1e-5);
    const dense = program.gradients.flatMap((g) => g.dense ?? []);
    expect(dense.length).toBeGreaterThan(10);
    for (const output of dense) {
      const sums = alone.map((one) => one[output]!.data as Float32Array).reduce((a, b) => a.map((x, i) => x + b[i]!));
      const [got, scale] = [packed[output]!.data as Float32Array, Math.max(...sums.map(Math.abs))];
      if (scale > 1e-4) expect(relativeError(got, sums), output).toBeLessThan(2e-4);
    }
    await executable.dispose();
  },
);

const losses = (results: Record<string, HostArray>) => results.losses!.data as Float32Array;

test.each(["gpt2-lm", "llama-lm"])(
  "%s: the loss of a text is PyTorch's, and strides come close to it",
  async (name) => {
    const { model, weights } = goldenModel(name);
    const { sequence, nll } = golden.models[name]!;
    const ids = Int32Array.from(sequence);
    const fed = Object.fromEntries(weights);
    const total = async (length: number, stride: number, runtime = cpuRuntime) => {
      const windows = windowsOf([{ ids, foretold: new Uint8Array(ids.length).fill(1) }], length, stride);
      const executable = await runtime.compile(lossProgram(model), { threads: 1 });
      const examples = windows.map((w) => ({
        ids: w.ids,
        label: w.ids.map((id, i) => (w.foretold[i] ? id : ignoredLabel)),
      }));
      const found = await predictLosses(executable, model, fed, examples);
      await executable.dispose();
      return found.reduce((sum, { data }) => sum + data[0]!, 0);
    };
    const whole = nll.reduce((a, b) => a + b, 0);
    expect(await total(ids.length, ids.length - 1)).toBeCloseTo(whole, 3);
    expect(await total(ids.length, ids.length - 1, referenceRuntime)).toBeCloseTo(whole, 3);
    const cut = await total(8, 7);
    expect(Math.abs((await total(8, 1)) - cut)).toBeGreaterThan(0.01); // more context is another number
  },
);

test("an adapter of a decoder learns what to answer, and the validation loss is that of the answers", async () => {
  const { model, weights } = goldenModel("llama-lm");
  const adapter = loraLayout(model.parameters, { targets: "all-linear", rank: 4 }, model.transposedWeights);
  const trainer = await createTrainer({
    model,
    weights: new Map([...weights, ...initialiseAdapter(adapter, random(1))]),
    adapter,
    runtime: cpuRuntime,
    examples: answers,
    threads: 1,
    options: { epochs: 12, batchSize: 4, learningRate: 0.02, dropout: false, seed: 1 },
  });
  const lossOf = async () => (await trainer.predict(answers)).reduce((sum, { data }) => sum + data[0]!, 0);
  const before = await lossOf();
  let last = Number.NaN;
  while (trainer.step < trainer.steps) last = (await trainer.run()).loss;
  const targets = answers.reduce((n, { label }) => n + label.filter((id) => id !== ignoredLabel).length, 0);
  expect(await lossOf()).toBeLessThan(0.5 * before);
  expect(last).toBeLessThan(before / targets);
  await trainer.dispose();
});

test("fresh weights foretell no better than chance", async () => {
  const { model } = goldenModel("gpt2-lm");
  const executable = await cpuRuntime.compile(lossProgram(model), { threads: 1 });
  const fed = Object.fromEntries(initialise(model, random(1)));
  const found = await predictLosses(executable, model, fed, sequences);
  const tokens = sequences.reduce((n, { ids }) => n + ids.length - 1, 0);
  const mean = found.reduce((sum, { data }) => sum + data[0]!, 0) / tokens;
  expect(mean).toBeGreaterThan(0.9 * Math.log(model.tokens!.vocabulary));
  await executable.dispose();
});
