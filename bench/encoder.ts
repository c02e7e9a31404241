// What the embedded encoder brings with few labels: the same model from its weights and from random ones, beside MiniLM, its teacher, and
// TF-IDF with logistic regression. node dist/bench/encoder.js (about fifteen minutes; MiniLM and the symptoms need ../shared)
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "../examples/disease/generate/generate.ts";
import { groupBy, random, shuffle } from "../src/base/index.ts";
import { denseRows, ngramFeatures, type SparseRows } from "../src/baseline/index.ts";
import { averageScores, onRows, pairedBootstrap } from "../src/eval/index.ts";
import { initialise } from "../src/models/index.ts";
import { embeddedFolder, loadModel } from "../src/models/node/index.ts";
import { textPredictor } from "../src/predict/index.ts";
import { cpuRuntime } from "../src/runtime/node/ort.ts";
import { fitSimple } from "../src/stages/simple-models.ts";
import { readRows } from "../src/tables/node/index.ts";
import { type RowTask, taskOf } from "../src/tasks/index.ts";
import { openTokenizer } from "../src/tokenizers/node/index.ts";
import { train } from "../src/train/node/train.ts";
import { machine, peer, shared } from "./peers.ts";

interface Row {
  readonly text: string;
  readonly labels: readonly string[];
  readonly group: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly place: string;
}
interface Parts {
  readonly train: readonly Row[];
  readonly dev: readonly Row[];
  readonly test: readonly Row[];
}
/** Which way of training dev chose, and what it answers on test. */
interface Arm {
  readonly training: string;
  readonly dev: number;
  readonly answers: readonly string[];
}

const maxLength = 96;
const seed = 7;
const task = taskOf("single-label") as RowTask;
const rowOf = (text: string, label: string, group: string): Row => ({
  text,
  labels: [label],
  group,
  attributes: {},
  place: "",
});

/** As many rows of each label, as far as they reach. */
function evenly(rows: readonly Row[], count: number): Row[] {
  const byLabel = [...groupBy(shuffle([...rows], random(`few labels ${seed}`)), (row) => row.labels[0]!).values()];
  return Array.from({ length: count }, (_, i) => byLabel[i % byLabel.length]!.pop()).filter((row) => row !== undefined);
}

function disease(count: number): Parts {
  const { labelled } = generate(seed, { unlabelled: 0 });
  const part = (name: string) =>
    labelled.filter((m) => m.part === name).map((m) => rowOf(m.text, m.label, m.patient.id));
  return { train: evenly(part("train"), count), dev: part("dev"), test: part("test") };
}

async function symptoms(perClass: number): Promise<Parts> {
  const split = JSON.parse(readFileSync(join(shared, "peers/symptom2disease-split.json"), "utf8")) as Record<
    string,
    number[]
  >;
  const rows: Row[] = [];
  for await (const { fields } of readRows(peer.data))
    rows.push(rowOf(String(fields.text), String(fields.label), `${rows.length}`));
  const part = (name: string) => split[name]!.map((i) => rows[i]!);
  const labels = new Set(rows.map((row) => row.labels[0]));
  return { train: evenly(part("train"), perClass * labels.size), dev: part("dev"), test: part("test") };
}

const macro = (answers: readonly string[], rows: readonly Row[]) =>
  onRows(
    (t: string[], p: string[]) => averageScores(t, p, "macro").fScore,
    rows.map((row) => row.labels[0]!),
    [...answers],
  );
const scoreOf = (answers: readonly string[], rows: readonly Row[]) =>
  macro(answers, rows)(Int32Array.from(rows.keys()));

/** Logistic regression on features; C chosen by dev. */
function linear(
  training: string,
  labels: readonly string[],
  parts: Parts,
  featuresOf: (rows: readonly Row[]) => SparseRows,
): Arm {
  const [fitted, dev] = [
    { rows: parts.train, features: featuresOf(parts.train) },
    { rows: parts.dev, features: featuresOf(parts.dev) },
  ];
  const model = fitSimple(task, labels, fitted, dev);
  return { training, dev: model.devScore!, answers: model.answers(featuresOf(parts.test)).map(String) };
}

/** A model folder, or the same with random weights: its frozen features under a linear model, and the whole model fine-tuned. */
async function arms(
  folder: string,
  labels: readonly string[],
  parts: Parts,
  isRandom: boolean,
  tunes: boolean,
): Promise<Arm[]> {
  const loaded = await loadModel(folder, { head: { task: "single-label", labels, pooling: "mean" }, seed });
  const weights = isRandom ? initialise(loaded.model, random(seed)) : loaded.weights;
  const tokenizer = await openTokenizer(folder);
  const predictor = await textPredictor(loaded.model, weights, tokenizer, cpuRuntime, { maxLength });
  const features = new Map<readonly Row[], SparseRows>();
  for (const rows of [parts.train, parts.dev, parts.test])
    features.set(rows, denseRows(await predictor.features(rows.map((row) => row.text))));
  await predictor.dispose();
  const out = [linear("linear model of frozen features", labels, parts, (rows) => features.get(rows)!)];
  if (!tunes) return out;
  const encode = async (rows: readonly Row[]) =>
    (
      await tokenizer.encodeIds(
        rows.map((row) => row.text),
        { maxLength },
      )
    ).map((ids, i) => ({ ids: Int32Array.from(ids), label: labels.indexOf(rows[i]!.labels[0]!) }));
  const result = await train({
    config: loaded.model.config,
    weights,
    examples: await encode(parts.train),
    options: {
      epochs: isRandom ? 20 : 12,
      batchSize: 16,
      learningRate: isRandom ? 1e-3 : 3e-4,
      warmupRatio: 0.1,
      grouping: "length",
      seed,
    },
  });
  if (!result.finished) throw new Error("interrupted");
  const tuned = await textPredictor(loaded.model, result.weights, tokenizer, cpuRuntime, { maxLength });
  const answer = async (rows: readonly Row[]) =>
    (await tuned.logits(rows.map((row) => row.text))).map((row) => labels[row.indexOf(Math.max(...row))]!);
  const [dev, answers] = [await answer(parts.dev), await answer(parts.test)];
  await tuned.dispose();
  return [...out, { training: "whole model", dev: scoreOf(dev, parts.dev), answers }];
}

const best = (all: readonly Arm[]) => all.reduce((a, b) => (b.dev > a.dev ? b : a));
const encoder = process.argv[2] ?? embeddedFolder("concord/encoder-en")!;
const minilm = join(shared, "models/minilm-l6");
const sets: [string, () => Parts | Promise<Parts>][] = [
  ["disease, 100 labels", () => disease(100)],
  ["disease, 400 labels", () => disease(400)],
  ...(existsSync(peer.data)
    ? [["symptom2disease, 10 a class", () => symptoms(10)] as [string, () => Promise<Parts>]]
    : []),
];
const results: Record<string, unknown>[] = [];
for (const [name, read] of sets) {
  const parts = await read();
  const labels = [...new Set([...parts.train, ...parts.dev].map((row) => row.labels[0]!))].sort();
  const grams = ngramFeatures(parts.train.map((row) => row.text));
  const found: Record<string, Arm> = {
    encoder: best(await arms(encoder, labels, parts, false, true)),
    random: best(await arms(encoder, labels, parts, true, true)),
    ...(existsSync(minilm) && { "MiniLM-L6": best(await arms(minilm, labels, parts, false, false)) }),
    "TF-IDF": linear("logistic regression", labels, parts, (rows) => grams.rows(rows.map((row) => row.text))),
  };
  for (const [arm, { training, answers }] of Object.entries(found)) {
    const other = pairedBootstrap(
      macro(found.encoder!.answers, parts.test),
      macro(answers, parts.test),
      parts.test.length,
      {
        random: random("encoder"),
        resamples: 1000,
        method: "percentile",
        clusters: parts.test.map((row) => row.group),
      },
    );
    const row = {
      set: name,
      labels: parts.train.length,
      testRows: parts.test.length,
      arm,
      training,
      macroF1: scoreOf(answers, parts.test),
      encoderMinus: [other.estimate, other.low, other.high],
    };
    console.log(
      `${name}  ${arm}  ${row.macroF1.toFixed(3)} (${training})  encoder minus it ${row.encoderMinus.map((x) => x.toFixed(3)).join(" ")}`,
    );
    results.push(row);
  }
  mkdirSync("bench/results", { recursive: true });
  const content = { measured: new Date().toISOString().slice(0, 10), machine: machine(), results };
  writeFileSync("bench/results/encoder.json", `${JSON.stringify(content, null, 2)}\n`);
}
