// One AdamW step on MiniLM's parameters, as fine-tuning takes it (look-up rows touched by real batches) and dense, beside torch's fused AdamW.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { random } from "../src/base/index.ts";
import { loadModel } from "../src/models/node/index.ts";
import { adamw, parameterStore, updater } from "../src/optimizers/index.ts";
import { median, peer } from "./peers.ts";

const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 15);
/** Distinct word pieces of the symptom texts: rows of the word table that fine-tuning on them ever touches. */
const touchedRows = 1500;

export async function optimizerBench(): Promise<Record<string, string | number>[]> {
  const { model } = await loadModel(peer.inputs[1]!);
  const shapes = model.parameters.map((p) => p.shape);
  const count = shapes.reduce((n, s) => n + s.reduce((a, b) => a * b, 1), 0);
  const folder = mkdtempSync(join(tmpdir(), "concord-bench-"));
  writeFileSync(join(folder, "shapes.json"), JSON.stringify(shapes));
  const torch = (threads: number) => {
    const child = spawn(peer.python!, [resolve("bench/optimizer.py"), `${threads}`, join(folder, "shapes.json")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const step = async () => {
      child.stdin.write("\n");
      return Number((await lines.next()).value);
    };
    return { step, ready: lines.next(), end: () => child.stdin.end() };
  };
  const peers = { "torch fused, 1 thread": torch(1), "torch fused, 2 threads": torch(2) };
  const sides: Record<string, () => Promise<number>> = {
    "Concord, as fine-tuning runs it": ours(model.parameters, true),
    "Concord, every row": ours(model.parameters, false),
  };
  for (const [name, side] of Object.entries(peers)) {
    await side.ready;
    sides[name] = side.step;
  }
  const times = Object.fromEntries(Object.keys(sides).map((name) => [name, [] as number[]]));
  for (let i = -2; i < repeats; i++)
    for (const [name, step] of Object.entries(sides)) {
      const ms = await step();
      if (i >= 0) times[name]!.push(ms);
    }
  for (const side of Object.values(peers)) side.end();
  rmSync(folder, { recursive: true });
  const best = Object.keys(peers).sort((a, b) => median(times[a]!) - median(times[b]!))[0]!; // the peer at its best
  const reference = times[best]!;
  return Object.entries(times).map(([name, t]) => ({
    what: name,
    parameters: count,
    "median ms": Math.round(median(t) * 10) / 10,
    "least ms": Math.round(Math.min(...t) * 10) / 10,
    ratio: Math.round(100 * median(t.map((x, i) => reference[i]! / x))) / 100,
    against: best,
  }));
}

function ours(
  parameters: readonly { readonly name: string; readonly shape: readonly number[] }[],
  lazy: boolean,
): () => Promise<number> {
  const optimizer = adamw({ learningRate: 1e-4 });
  const isTable = (name: string) => lazy && name.includes("word_embeddings");
  const store = parameterStore(
    parameters.map((p) => ({ name: p.name, shape: p.shape, rows: isTable(p.name) })),
    { slots: optimizer.stateSlots },
  );
  const rng = random(0);
  for (const p of store.parameters) store.view(p.name).set(Float32Array.from({ length: p.size }, () => rng.float()));
  const dense = parameters
    .filter((p) => !isTable(p.name))
    .map((p): [string, Float32Array] => [p.name, Float32Array.from(store.view(p.name), (x) => x * 1e-3)]);
  const updates = updater(store, optimizer);
  const tables = parameters.filter((p) => isTable(p.name));
  return async () => {
    for (const { name, shape } of tables) {
      const indices = Int32Array.from({ length: 700 }, () => rng.int(touchedRows));
      updates.add([[name, { indices, rows: new Float32Array(indices.length * shape[1]!).fill(1e-3) }]]);
    }
    updates.add(dense);
    const start = performance.now();
    updates.step();
    return performance.now() - start;
  };
}
