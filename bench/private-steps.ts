// Steps of one batch of symptom texts with and without privacy: milliseconds (in turn, step by step) and, one at a time, peak memory.
// node dist/bench/private-steps.js --model DIR --data CSV --kind lora|full --mode both|plain|private [--steps 20] [--batch OUT] JSON
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../src/base/index.ts";
import { configOf } from "../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../src/models/index.ts";
import { loadModel } from "../src/models/node/index.ts";
import { initialiseAdapter, loraLayout } from "../src/nn/index.ts";
import { aesNoise } from "../src/privacy/node/aes.ts";
import { cpuRuntime } from "../src/runtime/node/ort.ts";
import { openTokenizer } from "../src/tokenizers/node/index.ts";
import { createTrainer, type PrivacyOptions, type Trainer } from "../src/train/index.ts";
import { readCsv } from "./csv.ts";
import { median } from "./peers.ts";

const { values: o, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string" },
    data: { type: "string" },
    split: { type: "string" },
    kind: { type: "string", default: "lora" },
    mode: { type: "string", default: "both" },
    steps: { type: "string", default: "20" },
    batch: { type: "string" },
  },
});
const rows = readCsv(readFileSync(o.data!, "utf8"));
const labels = [...new Set(rows.map((r) => r.label!))].sort();
const tokenizer = await openTokenizer(join(o.model!, "tokenizer.json"));
const chosen = Array.from({ length: 16 }, (_, i) => rows[Math.floor((i * rows.length) / 16)]!);
const ids = await tokenizer.encodeIds(
  chosen.map((r) => r.text!),
  { maxLength: 128 },
);
const examples = ids.map((tokens, i) => ({ ids: tokens, label: labels.indexOf(chosen[i]!.label!) }));
if (o.batch)
  writeFileSync(o.batch, JSON.stringify({ ids: ids.map((t) => [...t]), labels: examples.map((e) => e.label) }));

const encoder = await loadModel(o.model!);
const model = modelOf(configOf(withHead(encoder.model.config, "Bert", "single-label", labels), "config.json"));
const fresh = initialise(model, random(1));
const adapter =
  o.kind === "lora"
    ? loraLayout(model.parameters, { targets: "all-linear", rank: 8, trainWhole: ["classifier"] })
    : undefined;
const weights = new Map([...fresh, ...(adapter ? initialiseAdapter(adapter, random(2)) : [])]);
for (const [name, array] of encoder.weights) if (weights.has(`bert.${name}`)) weights.set(`bert.${name}`, array);

const trainer = (privacy?: PrivacyOptions): Promise<Trainer> =>
  createTrainer({
    model,
    weights,
    runtime: cpuRuntime,
    examples,
    adapter,
    threads: 2,
    noise: aesNoise(new Uint8Array(32)),
    options: { epochs: 1e6, batchSize: 16, privacy },
  });
const privacy: PrivacyOptions = { noiseMultiplier: 1, sampling: "fixed", epsilon: 1e9, delta: 1e-5 };
const running = {
  ...(o.mode === "private" ? {} : { plain: await trainer() }),
  ...(o.mode === "plain" ? {} : { private: await trainer(privacy) }),
};
const times: Record<string, number[]> = {};
for (let i = 0; i < Number(o.steps) + 3; i++)
  for (const [name, each] of Object.entries(running)) {
    const start = performance.now();
    await each.run();
    const taken = performance.now() - start;
    if (i >= 3) times[name] = [...(times[name] ?? []), taken];
  }
const ratios = times.private?.flatMap((t, i) => (times.plain ? [t / times.plain[i]!] : []));
writeFileSync(
  positionals[0]!,
  JSON.stringify({
    ms: Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)])),
    ratio: ratios?.length ? median(ratios) : undefined,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
  }),
);
process.exit(0);
