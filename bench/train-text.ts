// Text classification with this library: the counterpart of shared/peers/hf_text_classification.py, same rows, same settings.
// node dist/bench/train-text.js --model DIR --data CSV --split JSON [--epochs 5] [--lr 1e-4] [--lora 8] [--int8] [--seed 0] [--grouping length] [--json OUT]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../src/base/index.ts";
import { accuracy, averageScores } from "../src/eval/index.ts";
import { loadModel } from "../src/models/node/index.ts";
import { initialiseAdapter, loraLayout } from "../src/nn/index.ts";
import { openTokenizer } from "../src/tokenizers/node/index.ts";
import type { Example, StepReport, TrainingJob } from "../src/train/index.ts";
import { train } from "../src/train/node/train.ts";
import { readCsv } from "./csv.ts";

const { values: o } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    split: { type: "string" },
    json: { type: "string" },
    epochs: { type: "string", default: "5" },
    batch: { type: "string", default: "16" },
    lr: { type: "string", default: "2e-5" },
    max_length: { type: "string", default: "128" },
    seed: { type: "string", default: "0" },
    threads: { type: "string", default: "2" },
    lora: { type: "string", default: "0" },
    int8: { type: "boolean", default: false },
    grouping: { type: "string", default: "none" },
  },
});
const rows = readCsv(readFileSync(o.data!, "utf8"));
const split = JSON.parse(readFileSync(o.split!, "utf8")) as Record<"train" | "dev" | "test", number[]>;
const labels = [...new Set(rows.map((r) => r.label!))].sort();
const tokenizer = await openTokenizer(join(o.model!, "tokenizer.json"));
const encode = async (part: readonly number[]): Promise<Example[]> => {
  const ids = await tokenizer.encodeIds(
    part.map((i) => rows[i]!.text!),
    { maxLength: Number(o.max_length) },
  );
  return part.map((i, k) => ({ ids: ids[k]!, label: labels.indexOf(rows[i]!.label!) }));
};
const seed = Number(o.seed);
const { model, weights } = await loadModel(o.model!, { head: { task: "single-label", labels }, seed });
const rank = Number(o.lora);
const lora = rank > 0 ? { targets: ["query", "value"], rank, trainWhole: ["classifier", "pooler"] } : undefined;
const fresh = lora ? initialiseAdapter(loraLayout(model.parameters, lora), random(seed)) : [];
const tokenizingStart = performance.now();
const [examples, dev, test] = [await encode(split.train), await encode(split.dev), await encode(split.test)];
const tokenizingSeconds = (performance.now() - tokenizingStart) / 1000;
const job: TrainingJob = {
  config: model.config,
  weights: new Map([...weights, ...fresh]),
  examples,
  dev: [...dev, ...test],
  adapter: lora,
  frozen: o.int8 ? "int8" : "float32",
  threads: Number(o.threads),
  // the peer's script: constant rate, torch's AdamW defaults, no clipping
  options: {
    epochs: Number(o.epochs),
    batchSize: Number(o.batch),
    learningRate: Number(o.lr),
    schedule: "constant",
    maxGradNorm: 0,
    seed,
    grouping: o.grouping as "none",
  },
};
const epochs: { seconds: number; loss: number; dev_accuracy: number; spent: Record<string, number> }[] = [];
let [firstStep, epochStart, losses]: [number, number, number[]] = [0, 0, []];
let spent = { batch: 0, masks: 0, run: 0, optimizer: 0 };
let testPredictions: number[] = [];
const best = (logits: { data: Float32Array }) => logits.data.indexOf(Math.max(...logits.data));
const addStep = (report: StepReport, atMs: number) => {
  firstStep ||= performance.now() / 1000;
  // an epoch begins when its first step begins
  if (losses.length === 0) epochStart = atMs - report.spent.batch - report.spent.run - report.spent.optimizer;
  losses.push(report.loss);
  for (const key of ["batch", "masks", "run", "optimizer"] as const) spent[key] += report.spent[key] / 1000;
};
let lastMs = 0;
await train(job, {
  move: true,
  onEvent: (event) => {
    if (event.kind === "step") {
      addStep(event, event.atMs);
      lastMs = event.atMs;
    }
    if (event.kind === "epoch") {
      const guesses = event.devLogits!.map(best);
      testPredictions = guesses.slice(dev.length);
      const devAccuracy = accuracy(
        dev.map((e) => e.label as number),
        guesses.slice(0, dev.length),
      );
      const loss = losses.reduce((a, b) => a + b, 0) / losses.length;
      epochs.push({ seconds: (lastMs - epochStart) / 1000, loss, dev_accuracy: devAccuracy, spent });
      console.log(
        `epoch ${event.epoch - 1} ${epochs.at(-1)!.seconds.toFixed(1)} s loss ${loss.toFixed(6)} dev ${devAccuracy.toFixed(3)}`,
      );
      [losses, spent] = [[], { batch: 0, masks: 0, run: 0, optimizer: 0 }];
    }
  },
});
const truth = test.map((e) => e.label as number);
const out = {
  first_step_s: firstStep,
  tokenizing_s: tokenizingSeconds,
  test_accuracy: accuracy(truth, testPredictions),
  test_macro_f1: averageScores(truth, testPredictions, "macro").fScore,
  peak_rss_mb: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(out));
if (o.json) writeFileSync(o.json, JSON.stringify({ ...out, epochs }));
