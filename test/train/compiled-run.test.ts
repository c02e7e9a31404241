// What is compiled once for several jobs, what for each, and that all of it is disposed.
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import { initialiseAdapter, loraLayout } from "../../src/nn/index.ts";
import type { Runtime } from "../../src/runtime/index.ts";
import { type KeptRun, keptRun, programName, runJob, type TrainingJob } from "../../src/train/index.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyExamples, tinyJob, tinyModel } from "./tiny.ts";

/** The CPU runtime, which counts what it has compiled and what of that is left. */
function counting() {
  const count = { compiled: 0, open: 0 };
  const runtime: Runtime = {
    name: "counting",
    async compile(graph, options) {
      const made = await cpuRuntime.compile(graph, options);
      count.compiled++;
      count.open++;
      const dispose = () => {
        count.open--;
        return made.dispose();
      };
      return { run: made.run, dispose };
    },
  };
  return { count, runtime };
}

async function finish(job: TrainingJob, runtime: Runtime, kept?: KeptRun): Promise<void> {
  const host = { runtime, kept, now: () => 0, interrupted: () => false };
  for await (const event of runJob(job, host)) if (event.kind === "step" && event.step === 2) return;
}

const job = tinyJob({ epochs: 1 });
const other: TrainingJob = {
  ...job,
  weights: initialise(tinyModel(), random(2)),
  examples: tinyExamples(30, 2),
  options: { ...job.options, seed: 9, learningRate: 1e-2 },
};

test("jobs that differ in weights, examples, seed and rate have one program; whatever else differs has another", () => {
  expect(programName(other)).toBe(programName(job));
  const names = [
    { ...job, options: { ...job.options, labelSmoothing: 0.1 } },
    { ...job, options: { ...job.options, dropout: false } },
    { ...job, objective: { name: "pairing", settings: { strength: 1 } } as const },
    { ...job, options: { ...job.options, privacy: { epsilon: 8 } } },
    { ...job, threads: 2 },
    { ...job, config: { ...job.config, hidden_act: "relu" } },
    { ...job, adapter: { targets: ["query"] } },
    { ...job, frozen: "int8" as const },
  ].map(programName);
  expect(new Set([programName(job), ...names]).size).toBe(9);
});

test("such jobs are compiled once, and a job of another program in between leaves nothing behind", async () => {
  const { count, runtime } = counting();
  const kept = keptRun();
  for (const each of [job, other, job]) await run(each);
  expect(count).toEqual({ compiled: 1, open: 1 });
  await run({ ...job, options: { ...job.options, dropout: false } });
  expect(count).toEqual({ compiled: 2, open: 1 });
  await run(job);
  expect(count).toEqual({ compiled: 3, open: 1 });
  await kept.close();
  expect(count.open).toBe(0);
  await finish(job, runtime);
  expect(count).toEqual({ compiled: 4, open: 0 });

  async function run(each: TrainingJob) {
    const host = { runtime, kept, now: () => 0, interrupted: () => false };
    for await (const _ of runJob({ ...each, examples: each.examples.slice(0, 16) }, host));
  }
});

test("a program that stores frozen weights is never kept, nor is one whose job did not get to its end", async () => {
  const { count, runtime } = counting();
  const kept = keptRun();
  const adapter = { targets: ["query"], rank: 2 };
  const layout = loraLayout(tinyModel().parameters, adapter);
  const weights = new Map<string, HostArray>([...job.weights, ...initialiseAdapter(layout, random(4))]);
  const host = { runtime, kept, now: () => 0, interrupted: () => false };
  for (const _ of [1, 2])
    for await (const _event of runJob({ ...job, adapter, weights, examples: job.examples.slice(0, 16) }, host));
  expect(count).toEqual({ compiled: 2, open: 0 });
  await finish(job, runtime, kept);
  expect(count).toEqual({ compiled: 3, open: 0 });
});
