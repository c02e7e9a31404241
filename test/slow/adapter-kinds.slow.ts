// Every kind of adapter in a run: its settings change what is learned, a resumed run ends with the same bits, private training holds where it is
// said to, and a recipe's run keeps a model that answers.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import { loadAdapter } from "../../src/models/node/index.ts";
import { type AdapterSettings, adapterLayout, adapterNames, initialiseAdapter } from "../../src/nn/index.ts";
import { readRecipe } from "../../src/recipe/index.ts";
import { runRecipe } from "../../src/runs/index.ts";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import { openModel } from "../../src/stages/index.ts";
import {
  batchFeeds,
  createTrainer,
  stepGradients,
  type TrainerOptions,
  trainingProgram,
} from "../../src/train/index.ts";
import { relativeError } from "../models/golden.ts";
import { tinyExamples, tinyModel } from "../train/tiny.ts";

const home = mkdtempSync(join(tmpdir(), "concord-kinds-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const model = tinyModel();
const weights = initialise(model, random(1));
const kinds: AdapterSettings[] = [
  { kind: "lora", targets: ["query"], rank: 2, dropout: 0.1, rateRatio: 4 },
  { kind: "dora", targets: ["output.dense"], rank: 2 },
  { kind: "miss", targets: ["output.dense"], rank: 2, dropout: 0.1 },
  { kind: "ia3", targets: ["key", "output.dense"], feedForward: ["output.dense"] },
  { kind: "bottleneck", targets: ["output.dense"], width: 3 },
  { kind: "biases", targets: [] },
  { kind: "prefix", targets: [], tokens: 2, widths: [16, 16] },
  { kind: "prompt", targets: [], tokens: 2, widths: [16], table: model.tokens!.tableNames.words },
];

async function trainer(settings: AdapterSettings, options: Partial<TrainerOptions> = {}) {
  const adapter = adapterLayout(model.parameters, { ...settings, trainWhole: ["classifier"] });
  const fresh = initialiseAdapter(adapter, random(2), (name) => weights.get(name)!);
  return await createTrainer({
    model,
    weights: new Map<string, HostArray>([...weights, ...fresh]),
    runtime: cpuRuntime,
    examples: tinyExamples(24),
    adapter,
    threads: 1,
    options: { epochs: 2, batchSize: 8, learningRate: 1e-2, seed: 3, ...options },
  });
}

const copied = (arrays: ReadonlyMap<string, HostArray<"float32">>) =>
  new Map([...arrays].map(([name, { data }]) => [name, data.slice()]));

async function losses(settings: AdapterSettings) {
  const run = await trainer(settings);
  const found: number[] = [];
  while (run.step < run.steps) found.push((await run.run()).loss);
  const trained = copied(run.trained());
  await run.dispose();
  return { found, trained };
}

test.each(kinds)("$kind: a resumed run ends with the bits of one that went through", async (settings) => {
  const whole = await losses(settings);
  const first = await trainer(settings);
  for (let i = 0; i < 2; i++) await first.run();
  const saved = first.save();
  const kept = { ...saved, tensors: new Map([...saved.tensors].map(([n, a]) => [n, { ...a, data: a.data.slice() }])) };
  await first.dispose();
  const second = await trainer(settings);
  second.restore(kept as never);
  while (second.step < second.steps) await second.run();
  expect(copied(second.trained())).toEqual(whole.trained);
  await second.dispose();
});

test.each<[string, AdapterSettings, Partial<AdapterSettings>]>([
  ["dora rank", kinds[1]!, { rank: 3 }],
  ["dora alpha", kinds[1]!, { alpha: 64 }],
  ["miss rank", kinds[2]!, { rank: 3 }],
  ["miss dropout", kinds[2]!, { dropout: 0.5 }],
  ["ia3 feedForward", kinds[3]!, { feedForward: [] }],
  ["bottleneck width", kinds[4]!, { width: 5 }],
  ["prefix tokens", kinds[6]!, { tokens: 4 }],
  ["prompt tokens", kinds[7]!, { tokens: 4 }],
])("%s changes the run", async (_name, settings, change) => {
  const [a, b] = [await losses(settings), await losses({ ...settings, ...change })];
  expect(Math.max(...a.found.map((x, i) => Math.abs(x - b.found[i]!)))).toBeGreaterThan(1e-7);
});

test.each(kinds.filter(({ kind }) => ["lora", "miss", "bottleneck", "biases"].includes(kind!)))(
  "$kind: private training sums the gradients of examples and knows the norm of each",
  async (settings) => {
    const adapter = adapterLayout(model.parameters, { ...settings, trainWhole: ["classifier"] });
    const fresh = initialiseAdapter(adapter, random(2), (name) => weights.get(name)!);
    const params = Object.fromEntries([...weights, ...fresh]);
    const extra = new Map(adapter.parameters.map((p) => [p.name, p.shape]));
    const options = { trainable: adapter.trains, adapt: adapter.adapt, extra, dropout: false };
    const clipping = { clip: 1e9, clipping: "flat" as const };
    const programs = [trainingProgram(model, options), trainingProgram(model, { ...options, clipping })] as const;
    const [plain, clipped] = await Promise.all(programs.map(({ graph }) => cpuRuntime.compile(graph)));
    const examples = tinyExamples(4);
    const run = async (which: 0 | 1, part: readonly (typeof examples)[number][]) => {
      const feeds = batchFeeds(model, part, { divisor: 1 });
      const results = await [plain!, clipped!][which]!.run({ ...params, ...feeds });
      return { results, gradients: new Map(stepGradients(programs[which], results, feeds, new Set())) };
    };
    const [open, summed] = [await run(0, examples), await run(1, examples)];
    for (const [name, gradient] of summed.gradients) {
      if (name.endsWith("key.bias")) continue; // softmax passes it over: what is there is rounding
      const want = open.gradients.get(name) as Float32Array;
      expect(relativeError(gradient as Float32Array, want), name).toBeLessThan(1e-4);
    }
    for (const [i, example] of examples.entries()) {
      const { gradients } = await run(0, [example]);
      const squares = [...gradients.values()].reduce(
        (sum, g) => sum + (g as Float32Array).reduce((n, x) => n + x * x, 0),
        0,
      );
      expect((summed.results.norms!.data as Float32Array)[i]! / Math.sqrt(squares)).toBeCloseTo(1, 3);
    }
    await Promise.all([plain!.dispose(), clipped!.dispose()]);
  },
);

const signs = "fever cough shivers aching sneezing runny sore throat nausea rash dizzy tired sweating chills".split(
  " ",
);
const rows = Array.from({ length: 80 }, (_, i) => {
  const rng = random(i);
  const said = Array.from({ length: 7 }, () => signs[rng.int(signs.length)]).join(" ");
  return `${i % 2 ? "hot" : "cold"} ${said},${i % 2 ? "a" : "b"}`;
});

test.each(adapterNames)(
  "a recipe with kind %s runs, and its model answers",
  async (kind) => {
    writeFileSync(join(home, "rows.csv"), `text,label\n${rows.join("\n")}\n`);
    const recipe = `version: 1
name: ${kind}
data: { file: rows.csv, text: text, label: label, similarity: 1 }
model: { scratch: { vocabulary: 120, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 16 }
adapt: { adapter: { kind: ${kind} }, epochs: 2, learningRate: 1e-2 }
evaluate: { resamples: 10 }
export: { onnx: false }`;
    const folder = join(home, "runs", kind);
    await runRecipe(readRecipe(recipe, "recipe.yaml", []), { home, folder });
    const { predictor } = await openModel(folder);
    const [row] = await predictor.logits(["fever since day 3"]);
    expect(row!.every(Number.isFinite)).toBe(true);
    const config = JSON.parse(readFileSync(join(folder, "model", "config.json"), "utf8"));
    expect(config.concord_adapter?.kind).toBe(["bottleneck", "prefix", "prompt"].includes(kind) ? kind : undefined);
    const { layout } = await loadAdapter(join(folder, "adapter"), predictor.model).catch(() => ({ layout: undefined }));
    if (!config.concord_adapter) expect(layout?.options.kind).toBe(kind);
    await predictor.dispose();
  },
  120_000,
);
