// adapt.engine: pytorch with a real PyTorch: the losses of each step are this library's, a run that was stopped goes on, and a recipe leaves
// what a recipe leaves. Needs CONCORD_PYTHON, or Debian's package (tools/install-pytorch.sh).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { initialise, withHead } from "../../src/models/index.ts";
import { type AdapterSettings, adapterLayout, adapterNames, initialiseAdapter } from "../../src/nn/index.ts";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import {
  createTrainer,
  type Example,
  objectiveOf,
  type TrainerSetup,
  type TrainingEvent,
  type TrainingJob,
} from "../../src/train/index.ts";
import { pytorchTrainer } from "../../src/train/node/pytorch/trainer.ts";
import { train } from "../../src/train/node/train.ts";
import { concord } from "../command-line.ts";
import { faultLater } from "../fault.ts";
import { forms } from "../heads/forms.ts";
import { coverageExamples } from "../models/coverage.ts";
import { savedCases } from "../models/saved.ts";
import { ticketRows, ticketTable } from "../ticket-rows.ts";
import { tinyConfig, tinyModel } from "../train/tiny.ts";

const python = process.env.CONCORD_PYTHON ?? "/usr/bin/python3";
process.env.CONCORD_PYTHON = python;
const folder = mkdtempSync(join(tmpdir(), "concord-pytorch-"));
beforeAll(() => {
  const { status, stderr } = spawnSync(python.split(" ")[0]!, ["-c", "import torch"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${python} has no torch (sh tools/install-pytorch.sh): ${stderr}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { epochs: 2, batchSize: 2, dropout: false, learningRate: 1e-3, warmupRatio: 0.2 } as const;
const all = savedCases();
const setupOf = (name: string, more: Partial<TrainerSetup> = {}): TrainerSetup => {
  const { model, weights } = all.find((one) => one.name === name)!;
  const two = coverageExamples(model);
  const examples = [...two, ...two, two[1]!].map((e, i): Example => ({ ...e, weight: 1 + (i % 2) }));
  return { model, weights, runtime: cpuRuntime, examples, options, ...more };
};

async function bothAgree(setup: TrainerSetup): Promise<void> {
  const [ours, theirs] = [await createTrainer(setup), await pytorchTrainer(setup)];
  try {
    for (let step = 0; step < ours.steps; step++) {
      const [a, b] = [await ours.run(), await theirs.run()];
      expect(b.learningRate).toBe(a.learningRate);
      expect(Math.abs(b.loss - a.loss), `loss of step ${a.step}`).toBeLessThan(2e-5 * Math.max(1, a.loss));
      expect(Math.abs(b.gradientNorm / a.gradientNorm - 1), `norm of step ${a.step}`).toBeLessThan(2e-3);
    }
    await theirs.fetch!();
    const [x, y] = [ours.trained(), theirs.trained()];
    expect([...y.keys()].sort()).toEqual([...x.keys()].sort());
    // Adam divides by the root of a mean of squares: entries whose gradient is all rounding may differ by a whole step
    const apart = [...x].map(([name, { data }]) =>
      data.reduce((s, v, i) => s + Math.abs(v - y.get(name)!.data[i]!), 0),
    );
    const count = [...x.values()].reduce((n, { data }) => n + data.length, 0);
    expect(apart.reduce((a, b) => a + b) / count).toBeLessThan(2e-5);
    if (setup.model.task === "features") return;
    const [p, q] = [await ours.predict(setup.examples), await theirs.predict(setup.examples)];
    for (const [i, { data }] of p.entries())
      for (const [j, v] of data.entries()) expect(Math.abs(v - q[i]!.data[j]!)).toBeLessThan(2e-3);
  } finally {
    await ours.dispose();
    await theirs.dispose();
  }
}

test.each([
  ...["bert-multi-label", "bert-regression", "bert-masked-lm", "roberta-token", "gpt2-causal-lm", "llama-3-causal-lm"],
  ...["vit-single-label", "dinov2-gated-single-label", "albert-single-label", "modernbert-single-label"],
  ...[
    "bert-question-answering",
    "deberta-v2-single-label",
    "mpnet-single-label",
    "qwen3-single-label",
    "smollm3-single-label",
  ],
])("%s: losses, gradients and weights are this library's", async (name) => bothAgree(setupOf(name)));

test.each(adapterNames)("an adapter of kind %s trains as here", async (kind) => {
  const setup = setupOf("bert-single-label");
  const table = setup.model.tokens!.tableNames.words;
  const virtual = { prefix: { widths: [24, 24] }, prompt: { widths: [24], table } }[kind as string];
  const settings: AdapterSettings = virtual
    ? { kind, targets: [], tokens: 2, ...virtual }
    : { kind, targets: "all-linear" };
  const adapter = adapterLayout(setup.model.parameters, { ...settings, trainWhole: ["classifier"] });
  const own = initialiseAdapter(adapter, random(3), (name) => setup.weights.get(name)!);
  await bothAgree({ ...setup, adapter, weights: new Map<string, HostArray>([...setup.weights, ...own]) });
});

test.each(Object.keys(forms))("a head for %s trains as here", async (name) => {
  await bothAgree({ ...forms[name]!(), runtime: cpuRuntime, options });
});

test("a chain over the labels of words trains as here", async () => {
  const labels = ["first", "second", "third"];
  const model = tinyModel(withHead(tinyConfig, "Bert", "token", labels, { layer: "crf" }));
  const examples = [9, 5, 12].map((n) => ({
    ids: Int32Array.from({ length: n }, (_, i) => 5 + (i % 7)),
    label: Int32Array.from({ length: n }, (_, i) => i % 3),
  }));
  const weights = initialise(model, random(1));
  await bothAgree({ model, weights, runtime: cpuRuntime, examples, options });
});

test.each(["choices", "cosine", "cosent"] as const)("%s of several texts train as here", async (name) => {
  const head = name === "choices" ? "multiple-choice" : "embedding";
  const model = tinyModel(withHead(tinyConfig, "Bert", head));
  const text = (seed: number) => ({
    ids: Int32Array.from({ length: 5 + (seed % 3) }, (_, k) => 5 + ((seed + k) % 40)),
  });
  const examples = [0, 1, 2, 3].map((i) => ({
    ...text(9 * i),
    counterparts: Array.from({ length: name === "choices" ? 1 + (i % 2) : 1 }, (_, k) => text(9 * i + 3 + k)),
    label: name === "choices" ? i % 2 : i / 3,
  }));
  const objective = objectiveOf({ name, settings: {} as never });
  await bothAgree({ model, weights: initialise(model, random(1)), runtime: cpuRuntime, examples, options, objective });
});

describe("settings hold", () => {
  test("batches in parts, other rates below the head, and a frozen part", async () => {
    const given = { ...options, accumulate: 2, encoderRate: 0.3, layerDecay: 0.8, labelSmoothing: 0.1 };
    await bothAgree(setupOf("bert-single-label", { options: given }));
    await bothAgree(setupOf("bert-single-label", { trains: (name) => name.startsWith("classifier") }));
    await bothAgree(setupOf("gpt2-single-label", { options: { ...options, optimizer: "sgd", maxGradNorm: 0 } }));
  });
  test("a loss that reads the whole batch", async () => {
    const special = new Uint8Array(60);
    const objective = objectiveOf({ name: "contrast", settings: { temperature: 0.1, pairs: { special } } });
    const setup = setupOf("bert-features", { objective });
    const examples = [0, 1, 2, 3].map((i) => ({
      ids: Int32Array.from({ length: 12 }, (_, k) => 5 + ((7 * i + k) % 50)),
    }));
    await bothAgree({ ...setup, examples, examplesOf: objective.epochs?.(examples, random(1)) });
  });
});

const jobOf = (name: string, more: Partial<TrainingJob> = {}): TrainingJob => {
  const { model, weights, examples } = setupOf(name);
  const job = { config: model.config, weights, examples, options: { ...options, dropout: true }, checkpointEvery: 2 };
  return { ...job, engine: "pytorch", ...more };
};
const lossesOf = async (job: TrainingJob, home: string, stopAt?: number) => {
  const losses: number[] = [];
  const stop = new AbortController();
  const onEvent = (event: TrainingEvent) => {
    if (event.kind === "step") losses.push(event.loss);
    if (event.kind === "step" && event.step === stopAt) stop.abort();
  };
  const result = await train(job, { folder: home, onEvent, signal: stop.signal });
  return { losses, result };
};

test("a run with dropout that was stopped ends with the bits of one that was not", async () => {
  const whole = await lossesOf(jobOf("bert-single-label"), join(folder, "whole"));
  const first = await lossesOf(jobOf("bert-single-label"), join(folder, "parts"), 3);
  expect(first.result.finished).toBe(false);
  const rest = await lossesOf(jobOf("bert-single-label"), join(folder, "parts"));
  const done = first.losses.length;
  expect(rest.losses).toEqual(whole.losses.slice(done));
  expect([...first.losses]).toEqual(whole.losses.slice(0, done));
  if (!whole.result.finished || !rest.result.finished) throw new Error("a run did not finish");
  for (const [name, { data }] of whole.result.weights)
    expect(Buffer.from(rest.result.weights.get(name)!.data.buffer).equals(Buffer.from(data.buffer)), name).toBe(true);
  const other = await faultLater("E_CONFIG", () =>
    train({ ...jobOf("bert-single-label"), engine: "concord" }, { folder: join(folder, "parts") }),
  );
  expect(other.facts.got).toMatch(/engine pytorch/);
});

test("two processes share the parts of a batch, and the losses stay", async () => {
  const two = join(folder, "two.sh"); // as torchrun starts them: Debian's own does not run
  const shared = "MASTER_ADDR=127.0.0.1 MASTER_PORT=29517 WORLD_SIZE=2";
  writeFileSync(two, `#!/bin/sh\n${shared} RANK=1 "${python}" "$@" &\n${shared} RANK=0 "${python}" "$@"\nwait\n`, {
    mode: 0o755,
  });
  process.env.CONCORD_PYTHON = two;
  await bothAgree(setupOf("bert-single-label")).finally(() => {
    process.env.CONCORD_PYTHON = python;
  });
});

test("an interpreter without PyTorch is an error that says how to install it", async () => {
  process.env.CONCORD_PYTHON = `${python} -I -S`; // no installed packages
  const fault = faultLater("E_DEPENDENCY", () => pytorchTrainer(setupOf("bert-single-label")));
  const { facts } = await fault.finally(() => {
    process.env.CONCORD_PYTHON = python;
  });
  expect(facts).toMatchObject({
    problem: expect.stringMatching(/has no PyTorch/),
    got: expect.stringMatching(/torch/),
  });
  expect(facts.hint).toMatch(/pip install torch/);
});

test("weights that are not finite end the run before an update, and name the step", async () => {
  const { model, weights } = all.find((one) => one.name === "bert-single-label")!;
  const broken = new Map(weights).set("classifier.bias", {
    ...weights.get("classifier.bias")!,
    data: Float32Array.of(0, Number.NaN, 0),
  });
  const { facts } = await faultLater("E_DIVERGED", () =>
    train({ ...jobOf("bert-single-label"), config: model.config, weights: broken }),
  );
  expect(facts.operation).toBe("training step 1");
});

test("a process that dies is an error that says so; what was saved goes on", async () => {
  const home = join(folder, "killed");
  const dies = join(folder, "dies.sh");
  // ends the interpreter while it trains
  writeFileSync(dies, `#!/bin/sh\n"${python}" "$@" &\npid=$!\n(sleep \${DIES_AFTER:-6}; kill -9 $pid) &\nwait $pid\n`, {
    mode: 0o755,
  });
  const job = jobOf("bert-single-label", { options: { ...options, epochs: 100_000 }, checkpointEvery: 1 });
  process.env.CONCORD_PYTHON = dies;
  const { facts } = await faultLater("E_RUNTIME", () => train(job, { folder: home }));
  process.env.CONCORD_PYTHON = python;
  expect(`${facts.problem} ${facts.hint}`).toMatch(/the Python process .*checkpoint is intact/);
});

test("a recipe with adapt.engine: pytorch leaves a model, a report and a passport that name PyTorch", async () => {
  const rng = random(5);
  const words = { fine: ["well", "good", "calm"], ill: ["fever", "cough", "pain"] } as const;
  const rows = Array.from({ length: 160 }, (_, i) => {
    const label = (["fine", "ill"] as const)[i % 2]!;
    return `day ${i} with ${words[label][rng.int(3)]} and ${words[label][rng.int(3)]},${label}`;
  });
  writeFileSync(join(folder, "table.csv"), ["text,label", ...rows].join("\n"));
  writeFileSync(
    join(folder, "recipe.yaml"),
    `version: 1
name: torch
data: { file: table.csv, text: text, label: label }
model: { scratch: { vocabulary: 120, width: 16, layers: 1, heads: 2, inner: 32 }, maxLength: 16 }
adapt: { engine: pytorch, epochs: 6, batchSize: 16, learningRate: 5e-3 }
`,
  );
  const home = join(folder, "run");
  const { code, err } = await concord(["run", join(folder, "recipe.yaml"), "--out", home], {
    env: { CONCORD_PYTHON: python },
  });
  expect([code, err]).toEqual([0, expect.stringMatching(/PyTorch .* trains on cpu/)]);
  const metrics = JSON.parse(readFileSync(join(home, "metrics.json"), "utf8"));
  expect(metrics.accuracy.value ?? metrics.accuracy).toBeGreaterThan(0.9);
  expect((await concord(["predict", home, "a fever and a cough"])).out).toMatch(/ill/);
});

test("several tasks of a recipe are learned in PyTorch, numbers in their own unit", async () => {
  writeFileSync(join(folder, "tickets.csv"), ticketTable(ticketRows(400)));
  writeFileSync(
    join(folder, "tasks.yaml"),
    `version: 1
name: tasks
task: multi-task
tasks:
  topic: { task: single-label }
  mood: { task: multi-label, label: tags, weight: 0.5 }
  days: { task: regression }
data: { file: tickets.csv }
model: { scratch: { width: 32, layers: 1, heads: 2, inner: 64, dropout: 0, scale: 0.2 }, maxLength: 24 }
adapt: { engine: pytorch, epochs: 8, learningRate: 3.0e-3, batchSize: 16 }
`,
  );
  const env = { env: { CONCORD_PYTHON: python } };
  const runOf = async (name: string, ...more: string[]) => {
    const { code, err } = await concord(["run", join(folder, "tasks.yaml"), "--out", join(folder, name), ...more], env);
    expect([code, err]).toEqual([0, expect.any(String)]);
    const read = (file: string) => JSON.parse(readFileSync(join(folder, name, file), "utf8"));
    return { tasks: read("metrics.json").tasks, loss: read("curves.json").loss as number[] };
  };
  const [theirs, ours] = [await runOf("tasks-torch"), await runOf("tasks-own", "--set", "adapt.engine=concord")];
  for (const [i, loss] of theirs.loss.entries()) expect(Math.abs(loss - ours.loss[i]!)).toBeLessThan(2e-3);
  expect(theirs.tasks.topic.accuracy.value).toBeGreaterThan(0.9);
  expect(theirs.tasks.days.r2.value).toBeGreaterThan(0.9);
});
