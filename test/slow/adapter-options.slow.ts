// Adapters in the trainer and the options of a job: each changes something, and frozen weights come back as they were.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import { type AdapterOptions, initialiseAdapter, loraLayout } from "../../src/nn/index.ts";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import { createTrainer, type FrozenForm, type TrainingEvent, type TrainingJob } from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";
import { tinyExamples, tinyJob, tinyModel } from "../train/tiny.ts";

const model = tinyModel();
const given = initialise(model, random(1));
const examples = tinyExamples(48);

async function run(adapter: Partial<AdapterOptions> = {}, frozen?: FrozenForm) {
  const layout = loraLayout(model.parameters, {
    targets: ["query", "value"],
    trainWhole: ["classifier"],
    rank: 4,
    ...adapter,
  });
  const trainer = await createTrainer({
    model,
    weights: new Map<string, HostArray>([...given, ...initialiseAdapter(layout, random(2))]),
    runtime: cpuRuntime,
    examples,
    adapter: layout,
    frozen,
    threads: 1,
    options: { epochs: 2, batchSize: 8, learningRate: 1e-2, seed: 3 },
  });
  const losses: number[] = [];
  while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
  const weights = new Map([...trainer.weights()].map(([name, { data }]) => [name, data.slice()]));
  const logits = (await trainer.predict(examples)).flatMap((l) => [...l.data]);
  await trainer.dispose();
  return { losses, weights, logits };
}

const distance = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
const plain = await run();

test("only the adapter and the modules trained whole change; every other weight keeps its bits", () => {
  const changed = [...given].filter(
    ([name, a]) => distance([...(a.data as Float32Array)], [...plain.weights.get(name)!]) > 0,
  );
  expect(changed.map(([name]) => name).sort()).toEqual(["classifier.bias", "classifier.weight"]);
});

test("the same adapter gives the same bits", async () => {
  expect((await run()).losses).toEqual(plain.losses);
});

test.each<[string, Partial<AdapterOptions>]>([
  ["rank", { rank: 2 }],
  ["alpha", { alpha: 64 }],
  ["dropout", { dropout: 0.5 }],
  ["targets", { targets: "all-linear" }],
  ["trainWhole", { trainWhole: [] }],
  ["rankStabilised", { rankStabilised: true }],
])("adapter option %s changes the run", async (_name, adapter) => {
  expect(distance(plain.losses, (await run(adapter)).losses)).toBeGreaterThan(1e-6);
});

test("an int8 base changes the run a little: rounding, nothing else", async () => {
  const rounded = await run({}, "int8");
  expect(distance(plain.losses, rounded.losses)).toBeGreaterThan(1e-6);
  expect(distance(plain.losses, rounded.losses)).toBeLessThan(0.02);
  expect(distance(plain.logits, rounded.logits)).toBeLessThan(0.2);
});

async function eventsOf(job: TrainingJob, folder: string | undefined, move?: boolean): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  await train(job, { folder, move, onEvent: (event) => events.push(event) });
  return events;
}

test("move empties the job's arrays, copying keeps them; the result is the same", async () => {
  const [kept, moved] = [tinyJob({ epochs: 1 }), tinyJob({ epochs: 1 })];
  const results = [await train(kept), await train(moved, { move: true })];
  expect([...kept.weights.values()].every((a) => a.data.length > 0)).toBe(true);
  expect([...moved.weights.values()].every((a) => a.data.length === 0)).toBe(true);
  expect(results[1]).toEqual(results[0]);
});

test("checkpointEvery sets the steps between checkpoints; the default is an epoch", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-every-"));
  try {
    const saved = async (checkpointEvery: number | undefined, name: string) => {
      const job = { ...tinyJob({ epochs: 2 }), checkpointEvery };
      return (await eventsOf(job, join(folder, name))).flatMap((e) => (e.kind === "checkpoint" ? [e.step] : []));
    };
    expect(await saved(15, "a")).toEqual([15, 30, 40]); // the last step always
    expect(await saved(undefined, "b")).toEqual([20, 40]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
