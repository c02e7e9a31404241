// One graph on identical batches: forward and backward of 4 layers × 768 on 16 × 128 tokens, fp32, no dropout, beside PyTorch eager.
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { type HostArray, random } from "../src/base/index.ts";
import { configOf } from "../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../src/models/index.ts";
import { cpuRuntime } from "../src/runtime/node/ort.ts";
import { batchFeeds, trainingProgram } from "../src/train/index.ts";
import { median, peer } from "./peers.ts";

const [layers, width, heads, inner, threads] = [4, 768, 12, 3072, 2];
const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 9);

/** Multiply-adds of the products ×2, forward once and backward twice; attention included. */
function flopsPerRun(): number {
  const tokens = 16 * 128;
  const perLayer = tokens * (4 * width * width + 2 * width * inner) + 2 * 16 * 128 * 128 * width;
  return 2 * 3 * layers * perLayer;
}

export async function graphBench(): Promise<Record<string, string | number>[]> {
  const config = withHead(
    {
      model_type: "bert",
      vocab_size: 1000,
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      intermediate_size: inner,
      max_position_embeddings: 128,
      type_vocab_size: 2,
    },
    "Bert",
    "single-label",
    ["a", "b"],
  );
  const model = modelOf(configOf(config, "bench"));
  const weights = initialise(model, random(0));
  const rng = random(1);
  const examples = Array.from({ length: 16 }, () => ({
    ids: Int32Array.from({ length: 128 }, () => 5 + rng.int(995)),
    label: rng.int(2),
  }));
  // the last block on all rows, as PyTorch computes it: the same work on both sides
  const everyRow = {
    ...model,
    forward: ((p, i, l, o) => model.forward(p, i, l, { ...o, allRows: true })) as typeof model.forward,
  };
  const program = trainingProgram(everyRow, { dropout: false });
  const exe = await cpuRuntime.compile(program.graph, { threads });
  const feeds: Record<string, HostArray> = { ...Object.fromEntries(weights), ...batchFeeds(model, examples, {}) };
  const child = spawn(
    peer.python!,
    [resolve("bench/graph.py"), `${layers}`, `${width}`, `${heads}`, `${inner}`, `${threads}`],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const theirs = async () => {
    child.stdin.write("\n");
    return Number((await lines.next()).value);
  };
  const ours = async () => {
    const start = performance.now();
    await exe.run(feeds);
    return performance.now() - start;
  };
  await lines.next();
  for (let i = 0; i < 2; i++) await Promise.all([ours()]).then(theirs);
  const pairs: [number, number][] = [];
  for (let i = 0; i < repeats; i++) pairs.push([await ours(), await theirs()]);
  child.stdin.end();
  await exe.dispose();
  const [a, b] = [median(pairs.map((p) => p[0])), median(pairs.map((p) => p[1]))];
  const rate = (ms: number) => Math.round(flopsPerRun() / ms / 1e6);
  return [
    {
      what: "forward + backward, 4 × 768, 16 × 128, fp32",
      "ours ms": Math.round(a),
      "PyTorch ms": Math.round(b),
      "ours GFLOP/s": rate(a),
      "PyTorch GFLOP/s": rate(b),
      ratio: Math.round(100 * median(pairs.map(([x, y]) => y / x))) / 100,
      target: 1,
    },
  ];
}
