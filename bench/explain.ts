// Integrated gradients beside Captum: MiniLM, one text of 128 tokens, 50 steps, Gauss–Legendre, both ends' logits included; in turn.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { random } from "../src/base/index.ts";
import { gradientProgram, integratedGradients } from "../src/explanation/index.ts";
import { loadModel, saveModel } from "../src/models/node/index.ts";
import { cpuRuntime } from "../src/runtime/node/ort.ts";
import { median, peer } from "./peers.ts";

const [tokens, steps, threads] = [128, 50, 2];
const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 7);

export async function explainBench(): Promise<Record<string, string | number>[]> {
  const head = { task: "single-label" as const, labels: ["ham", "spam"] };
  const { model, weights } = await loadModel(join(peer.tokenizer, ".."), { head, seed: 3 });
  const folder = mkdtempSync(join(tmpdir(), "concord-explain-bench-"));
  try {
    await saveModel(folder, model, weights);
    const rng = random(1);
    const [cls, sep, pad] = [101, 102, 0];
    const ids = Array.from({ length: tokens }, (_, i) =>
      i === 0 ? cls : i === tokens - 1 ? sep : 1000 + rng.int(20_000),
    );
    const baseline = ids.map((id, i) => (i === 0 || i === tokens - 1 ? id : pad));
    const program = await gradientProgram(model, weights, cpuRuntime, { threads });
    const text = { ids, typeIds: ids.map(() => 0) };
    const ours = async () => {
      const start = performance.now();
      const found = await integratedGradients(program, { text, baseline, target: 1, steps });
      return { ms: performance.now() - start, attributions: Array.from(found.tokens) };
    };
    const child = spawn(
      peer.python!,
      [
        resolve("bench/explain.py"),
        folder,
        JSON.stringify(ids),
        JSON.stringify(baseline),
        "1",
        `${steps}`,
        `${threads}`,
      ],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const theirs = async (atOnce: number) => {
      child.stdin.write(`${atOnce}\n`);
      return JSON.parse((await lines.next()).value as string) as { ms: number; attributions: number[] };
    };
    await lines.next(); // ready
    const sizes = [0, 8]; // Captum all at once as by default, and in parts that fit the cache: the faster one counts
    await ours();
    for (const size of sizes) await theirs(size);
    const times: [ours: number, theirs: number[]][] = [];
    let apart = 0;
    for (let i = 0; i < repeats; i++) {
      const own = await ours();
      const other: Awaited<ReturnType<typeof theirs>>[] = [];
      for (const size of sizes) other.push(await theirs(size));
      const scale = Math.max(...other[0]!.attributions.map(Math.abs));
      apart = Math.max(apart, ...own.attributions.map((a, t) => Math.abs(a - other[0]!.attributions[t]!) / scale));
      times.push([own.ms, other.map((o) => o.ms)]);
    }
    child.stdin.end();
    await program.dispose();
    return [
      {
        what: `integrated gradients, ${steps} steps, ${tokens} tokens, MiniLM`,
        "ours ms": Math.round(median(times.map(([a]) => a))),
        "Captum ms": Math.round(median(times.map(([, b]) => b[0]!))),
        "Captum in parts ms": Math.round(median(times.map(([, b]) => b[1]!))),
        "largest difference": apart.toExponential(1),
        ratio: Math.round(100 * median(times.map(([a, b]) => Math.min(...b) / a))) / 100,
        target: 1.5,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
