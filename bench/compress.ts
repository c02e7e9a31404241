// Compressed MiniLM: one request of 64 tokens in process, beside our float32, Python's onnxruntime and PyTorch, all in turn; sizes; and what
// compressing costs after fine-tuning, seed by seed (CONCORD_BENCH_SEEDS, default 0: none), which compress-quality.ts measures.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { type HostArray, hostArray, random } from "../src/base/index.ts";
import { exportGraph, type Model } from "../src/models/index.ts";
import { loadModel, saveModel } from "../src/models/node/index.ts";
import { exportOnnx } from "../src/predict/index.ts";
import { observations, observing, type QuantiseScheme, storedModel, uncalibratedInt8 } from "../src/quantise/index.ts";
import { cpuRuntime, openOnnx } from "../src/runtime/node/ort.ts";
import { qualities } from "./compress-quality.ts";
import { median, peer, shared } from "./peers.ts";

const [tokens, threads, burst] = [64, 2, 10];
const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 60);
const seeds = Number(process.env.CONCORD_BENCH_SEEDS ?? 0);
const static8: QuantiseScheme = { ...uncalibratedInt8, activations: "static" };
const schemes: Readonly<Record<string, QuantiseScheme>> = {
  "int8, static": static8,
  "int8, row": uncalibratedInt8,
  "int8-weights": { ...uncalibratedInt8, to: "int8-weights" },
  int4: { ...uncalibratedInt8, to: "int4" },
};

type Weights = ReadonlyMap<string, HostArray<"float32">>;
type Ask = () => Promise<number>;

const feedsOf = (ids: readonly number[]) => {
  const filled = (of: (at: number) => number) =>
    hostArray(
      "int64",
      [1, ids.length],
      BigInt64Array.from(ids, (_, at) => BigInt(of(at))),
    );
  return { input_ids: filled((at) => ids[at]!), attention_mask: filled(() => 1), token_type_ids: filled(() => 0) };
};

export async function compressBench(): Promise<Record<string, string | number>[]> {
  const labels = Array.from({ length: 17 }, (_, i) => `label ${i}`);
  const { model, weights } = await loadModel(join(shared, "models/minilm-l6"), {
    head: { task: "single-label", labels },
  });
  const folder = mkdtempSync(join(tmpdir(), "concord-compress-bench-"));
  try {
    const rows = await latencies(folder, model, weights);
    return seeds > 0 ? [...rows, ...(await qualities(folder, seeds))] : rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Times of one request, each way in turn. */
async function latencies(folder: string, model: Model, weights: Weights) {
  await saveModel(folder, model, weights);
  const rng = random("compress bench");
  const idsOf = () =>
    Array.from({ length: tokens }, (_, i) => (i === 0 ? 101 : i === tokens - 1 ? 102 : 1000 + rng.int(20_000)));
  const ids = idsOf();
  const names = model.parameters.map(({ name }) => name);
  const plain = Object.fromEntries(
    names.map((name) => [name, { kind: "initializer" as const, array: weights.get(name)! }]),
  );
  const { seen, observe } = observations();
  const watched = await observing(cpuRuntime, names, observe).compile(exportGraph(model), { bind: plain, threads });
  for (let i = 0; i < 16; i++) await watched.run(feedsOf(idsOf()));
  await watched.dispose();
  const whole = statSync(join(folder, "model.safetensors")).size;
  const sizes: Record<string, number> = { float32: 1 };
  const asks: Record<string, Ask> = {};
  const timed = (name: string, run: () => Promise<unknown>) => {
    asks[name] = async () => {
      const start = performance.now();
      await run();
      return performance.now() - start;
    };
  };
  const float = await cpuRuntime.compile(exportGraph(model), { bind: plain, threads });
  timed("float32", () => float.run(feedsOf(ids)));
  for (const [name, scheme] of Object.entries(schemes)) {
    const path = join(folder, `${name}.onnx`);
    writeFileSync(path, exportOnnx(model, weights, storedModel(model, weights, scheme, seen).bind));
    sizes[name] = statSync(path).size / whole;
    const session = await openOnnx(path, { threads });
    timed(name, () => session.run(feedsOf(ids)));
  }
  const dynamic = join(folder, "dynamic.onnx");
  const bound = storedModel(model, weights, uncalibratedInt8).bind;
  const perTensor = Object.entries(bound).map(([name, b]) => [
    name,
    b.kind === "int8" && seen.has(name) ? { ...b, scales: "tensor" as const } : b,
  ]);
  writeFileSync(dynamic, exportOnnx(model, weights, Object.fromEntries(perTensor)));
  const stop = await addPeers(asks, [folder, dynamic, JSON.stringify(ids), `${threads}`]);
  const times = Object.fromEntries(Object.keys(asks).map((name) => [name, [] as number[]]));
  // In bursts, with a pause between: after a run, Python's threads spin for tens of milliseconds on cores that the next one needs.
  for (let round = 0; round < repeats / burst; round++)
    for (const [name, ask] of Object.entries(asks)) {
      await setTimeout(300);
      for (let i = -3; i < burst; i++) {
        const ms = await ask();
        if (i >= 0) times[name]!.push(ms);
      }
    }
  stop();
  return [...sizeRows(sizes), ...latencyRows(times)];
}

/** Adds PyTorch eager and Python's onnxruntime. @returns what ends their process */
async function addPeers(asks: Record<string, Ask>, args: readonly string[]): Promise<() => void> {
  const child = spawn(peer.python!, [resolve("bench/compress.py"), ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next(); // ready
  for (const [name, word] of [
    ["PyTorch eager", "torch"],
    ["Python onnxruntime int8, dynamic", "ort"],
  ] as const)
    asks[name] = async () => {
      child.stdin.write(`${word}\n`);
      return (JSON.parse((await lines.next()).value as string) as { ms: number }).ms;
    };
  return () => void child.stdin.end();
}

/** Most that a file may be, as a share of model.safetensors. */
const largest: Readonly<Record<string, number>> = { "int8, static": 0.27, "int8, row": 0.27, int4: 0.2 };

const sizeRows = (sizes: Readonly<Record<string, number>>) =>
  Object.entries(largest).map(([name, most]) => ({
    what: `size of ${name}`,
    unit: "× float32",
    ours: round(sizes[name]!),
    target: `≤ ${most}`,
    met: sizes[name]! <= most ? "yes" : "no",
  }));

/** Pairs that the targets compare, and at least which factor. */
const targets: readonly (readonly [ours: string, theirs: string, atLeast: number])[] = [
  ["int8, static", "float32", 1.8],
  ["int8, row", "float32", 1.8],
  ["int8, static", "Python onnxruntime int8, dynamic", 1],
  ["int8, static", "PyTorch eager", 3],
  ["int4", "float32", 0],
];

const latencyRows = (times: Readonly<Record<string, readonly number[]>>) =>
  targets.map(([ours, theirs, atLeast]) => {
    const [a, b] = [median(times[ours]!), median(times[theirs]!)];
    return {
      what: `${ours} vs ${theirs}, one request of ${tokens} tokens`,
      unit: "ms, p50",
      ours: round(a),
      theirs: round(b),
      ratio: round(b / a),
      target: `≥ ${atLeast}`,
      met: b / a >= atLeast ? "yes" : "no",
    };
  });

const round = (x: number): number => Math.round(x * 1000) / 1000;
