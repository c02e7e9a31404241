// Kinds of adapters against each other on few symptom texts: MiniLM as the base, 136 texts of 17 symptoms (eight each, in the mean), eight
// epochs, two seeds, one learning rate for each kind that was not searched for. Scores are on 255 test texts.
// node dist/bench/run.js adapters (about half an hour; with CONCORD_BENCH_KEPT finished runs are kept in that folder)
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { peer, runForJson } from "./peers.ts";

/** What is trained, and its learning rate. */
const candidates: Readonly<Record<string, readonly [adapter: unknown, rate: number]>> = {
  "all weights": ["full", 3e-4],
  "head alone": ["head", 2e-2],
  "LoRA r=8": [{ kind: "lora", rank: 8 }, 3e-3],
  "rsLoRA r=64": [{ kind: "lora", rank: 64, rankStabilised: true }, 1e-3],
  "LoRA+ r=8, ratio 16": [{ kind: "lora", rank: 8, rateRatio: 16 }, 1e-3],
  "DoRA r=8": [{ kind: "dora", rank: 8 }, 3e-3],
  "MiSS r=16": [{ kind: "miss", rank: 16 }, 3e-4],
  "IA³": [{ kind: "ia3" }, 3e-2],
  "bottleneck 16": [{ kind: "bottleneck", width: 16 }, 3e-3],
  "biases (BitFit)": [{ kind: "biases" }, 1e-2],
};

interface Run {
  readonly dev: number;
  readonly test: number;
  readonly besideHead: number;
  readonly cpuSeconds: number;
  readonly steps: number;
  readonly peakMB: number;
}

const seeds = [0, 1];

function runOf(name: string, adapter: unknown, rate: number, seed: number): Run {
  const kept = process.env.CONCORD_BENCH_KEPT;
  const file = kept && join(kept, `${name.replace(/[^\w]+/g, "-")}-${rate}-${seed}.json`);
  if (file && existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Run;
  const settings = ["--adapter", JSON.stringify(adapter), "--rate", String(rate), "--seed", String(seed)];
  const sizes = ["--rows", "136", "--epochs", "8"];
  const script = join(import.meta.dirname, "train-adapter.js");
  const run = runForJson<Run>(process.execPath, [script, ...peer.inputs, ...settings, ...sizes, "--json"]);
  if (kept && file) {
    mkdirSync(kept, { recursive: true });
    writeFileSync(file, JSON.stringify(run));
  }
  return run;
}

/** One row a kind: test accuracy by seed, parameters beside the head, processor time of a step, memory. */
export function adaptersBench(): Record<string, unknown>[] {
  return Object.entries(candidates).map(([name, [adapter, rate]]) => {
    const runs = seeds.map((seed) => runOf(name, adapter, rate, seed));
    const tests = runs.map((run) => run.test);
    const mean = tests.reduce((a, b) => a + b, 0) / tests.length;
    const msPerStep = Math.min(...runs.map((run) => (1000 * run.cpuSeconds) / run.steps));
    const row = {
      what: name,
      rate,
      "parameters beside the head": runs[0]!.besideHead,
      "test accuracy": mean.toFixed(3),
      "by seed": tests.map((t) => t.toFixed(3)).join(" "),
      "processor ms a step": Math.round(msPerStep),
      "peak MB": Math.round(Math.min(...runs.map((run) => run.peakMB))),
    };
    console.log(JSON.stringify(row));
    return row;
  });
}
