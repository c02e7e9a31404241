// One kind of adapter trained on the symptom texts with MiniLM as the frozen base: scores, size and time as JSON.
// node dist/bench/train-adapter.js --model DIR --data CSV --split JSON --adapter '{"kind":"dora"}' [--rate 1e-3] [--rows 200] [--epochs 10] [--seed 0] [--base int8|nf4] [--start pissa|loftq] --json OUT
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type HostArray, random, shuffle, sizeOf } from "../src/base/index.ts";
import { accuracy } from "../src/eval/index.ts";
import { loadModel } from "../src/models/node/index.ts";
import { initialiseAdapter, mergeAdapter } from "../src/nn/index.ts";
import { type AdapterRecipe, recipeSchema } from "../src/recipe/index.ts";
import { cpuRuntime } from "../src/runtime/node/ort.ts";
import { recipeAdapter } from "../src/stages/index.ts";
import { openTokenizer } from "../src/tokenizers/node/index.ts";
import {
  createTrainer,
  evaluationProgram,
  type FrozenForm,
  predictLogits,
  type TextExample,
  trainsOf,
} from "../src/train/index.ts";
import { readCsv } from "./csv.ts";
import { principalStart } from "./principal-start.ts";

const { values: o } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    split: { type: "string" },
    json: { type: "string" },
    adapter: { type: "string", default: "null" },
    rate: { type: "string", default: "1e-3" },
    rows: { type: "string", default: "200" },
    epochs: { type: "string", default: "10" },
    seed: { type: "string", default: "0" },
    base: { type: "string", default: "float32" },
    start: { type: "string" },
  },
});
const rows = readCsv(readFileSync(o.data!, "utf8"));
const split = JSON.parse(readFileSync(o.split!, "utf8")) as Record<"train" | "dev" | "test", number[]>;
const labels = [...new Set(rows.map((r) => r.label!))].sort();
const tokenizer = await openTokenizer(join(o.model!, "tokenizer.json"));
const encode = async (part: readonly number[]): Promise<TextExample[]> => {
  const ids = await tokenizer.encodeIds(
    part.map((i) => rows[i]!.text!),
    { maxLength: 128 },
  );
  return part.map((i, k) => ({ ids: ids[k]!, label: labels.indexOf(rows[i]!.label!) }));
};
const seed = Number(o.seed);
const { model, weights } = await loadModel(o.model!, { head: { task: "single-label", labels }, seed });

/** `"full"`, `"head"`, or a recipe's `adapt.adapter`. */
const asked = JSON.parse(o.adapter!) as "full" | "head" | AdapterRecipe;
const plain = {
  version: 1,
  name: "bench",
  data: { file: "x.csv", text: "text", label: "label" },
  model: { from: "x" },
};
const recipe = recipeSchema.parse({ ...plain, adapt: typeof asked === "string" ? {} : { adapter: asked } });
const adapter = recipeAdapter(recipe, model);
const fresh = adapter ? initialiseAdapter(adapter, random(seed), (name) => weights.get(name)!) : [];
const given = new Map<string, HostArray>([...weights, ...fresh]);
if (o.start) principalStart(o.start as "pissa" | "loftq", adapter!, given, random(seed).split("start"));
const order = shuffle(Int32Array.from(split.train), random(seed).split("rows"));
const trainer = await createTrainer({
  model,
  weights: given,
  runtime: cpuRuntime,
  examples: await encode([...order].slice(0, Number(o.rows))),
  adapter,
  trains: asked === "head" ? trainsOf(model, "head") : undefined,
  frozen: o.base as FrozenForm,
  threads: 2,
  options: {
    epochs: Number(o.epochs),
    batchSize: 16,
    learningRate: Number(o.rate),
    warmupRatio: 0.1,
    seed,
  },
});
await trainer.run(); // the first step is a warm-up
const start = process.cpuUsage();
const began = performance.now();
const losses: number[] = [];
while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(start);
const best = ({ data }: { data: Float32Array }) => data.indexOf(Math.max(...data));
const scoreOf = async (part: readonly number[]) => {
  const examples = await encode(part);
  const predicted = (await trainer.predict(examples)).map(best);
  return accuracy(
    predicted,
    examples.map((e) => e.label as number),
  );
};
/** What a run keeps: the adapter merged into the base in float32. A start that changed the base keeps what it changed. */
async function mergedScore(part: readonly number[]): Promise<number> {
  if (!adapter?.kind.merge) return await scoreOf(part);
  const own = new Map([...(o.start ? given : weights), ...trainer.trained()]) as Map<string, HostArray>;
  const all = new Map([...own, ...mergeAdapter(adapter, (name) => own.get(name))]);
  const exe = await cpuRuntime.compile(evaluationProgram(model), { threads: 2 });
  const examples = await encode(part);
  const params = Object.fromEntries(model.parameters.map(({ name }) => [name, all.get(name)!]));
  const predicted = (await predictLogits(exe, model, params, examples, 16)).map(best);
  await exe.dispose();
  return accuracy(
    predicted,
    examples.map((e) => e.label as number),
  );
}
const trained = [...trainer.trained()].reduce((n, [, { shape }]) => n + sizeOf(shape), 0);
const headSize = model.parameters.reduce((n, p) => n + (p.head ? sizeOf(p.shape) : 0), 0);
const result = {
  dev: await scoreOf(split.dev),
  test: await scoreOf(split.test),
  merged: await mergedScore(split.test),
  firstLosses: losses.slice(0, 8),
  lastLoss: losses.slice(-8).reduce((a, b) => a + b, 0) / 8,
  trained,
  besideHead: trained - headSize,
  seconds,
  cpuSeconds: (user + system) / 1e6,
  steps: trainer.steps - 1,
  peakMB: process.resourceUsage().maxRSS / 1024,
};
await trainer.dispose();
console.log(JSON.stringify(result));
if (o.json) writeFileSync(o.json, JSON.stringify(result));
