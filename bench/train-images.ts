// A ViT of random weights on images with this library: the counterpart of train-images.py, same files, same settings.
// node dist/bench/train-images.js FOLDER EPOCHS BATCH RATE SEED OUT
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accuracy } from "../src/eval/index.ts";
import { loadModel } from "../src/models/node/index.ts";
import { train } from "../src/train/node/train.ts";

const [folder, epochs, batchSize, learningRate, seed, out] = process.argv.slice(2) as [string, ...string[]];
const { model, weights } = await loadModel(folder);
const size = 3 * model.image!.side ** 2;
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name))).buffer;
const pixels = new Float32Array(bytes("pixels.f32"));
const labels = new Int32Array(bytes("labels.i32"));
const split = JSON.parse(readFileSync(join(folder, "split.json"), "utf8")) as Record<"train" | "test", number[]>;
const examples = (rows: readonly number[]) =>
  rows.map((i) => ({ pixels: pixels.subarray(i * size, (i + 1) * size), label: labels[i]! }));
const options = {
  epochs: Number(epochs),
  batchSize: Number(batchSize),
  learningRate: Number(learningRate),
  schedule: "constant",
  weightDecay: 0.01,
  maxGradNorm: 0,
  seed: Number(seed),
} as const;
const seconds: number[] = [];
const losses: number[] = [];
let right = 0;
let [startMs, lastMs, total] = [0, 0, 0];
await train(
  { config: model.config, weights, examples: examples(split.train), dev: examples(split.test), threads: 2, options },
  {
    onEvent: (event) => {
      if (event.kind === "step") {
        if (!total) startMs = event.atMs - event.spent.batch - event.spent.run - event.spent.optimizer; // as its first step begins
        lastMs = event.atMs;
        total += event.loss * event.examples;
      } else if (event.kind === "epoch") {
        seconds.push((lastMs - startMs) / 1000);
        losses.push(total / split.train.length);
        total = 0;
        const answers = event.devLogits!.map(({ data }) => data.indexOf(Math.max(...data)));
        right = accuracy(
          split.test.map((i) => labels[i]!),
          answers,
        );
      }
    },
  },
);
writeFileSync(out!, JSON.stringify({ seconds, losses, accuracy: right }));
