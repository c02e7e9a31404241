// Does training here end where PyTorch's ends? Test macro-F1 after five epochs over five seeds, full and LoRA, paired by seed.
// npm run build && CONCORD_PEER_PYTHON=… node dist/bench/quality.js
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { random } from "../src/base/index.ts";
import { bootstrap } from "../src/eval/index.ts";
import { machine, missing, runOurs, runPeer } from "./peers.ts";

const absent = missing();
if (absent) {
  console.log(`quality bench skipped: ${absent}`);
  process.exit(0);
}
const seeds = [0, 1, 2, 3, 4];
const cases = {
  full: { peer: ["--lr", "1e-4"], ours: ["--lr", "1e-4"] },
  "LoRA r=8, int8 base": { peer: ["--lr", "1e-3", "--lora", "8"], ours: ["--lr", "1e-3", "--lora", "8", "--int8"] },
};
const path = "bench/results/quality.json";
interface Pair {
  readonly seed: number;
  readonly peer: number;
  readonly ours: number;
}
interface Quality {
  readonly results: readonly { readonly name: string; readonly runs: readonly Pair[] }[];
}
// Pairs that are on file are kept: the whole takes half an hour, and a seed's result does not change.
const known: Quality = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { results: [] };
const mean = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0) / x.length;
mkdirSync("bench/results", { recursive: true });
const results: (Quality["results"][number] & { meanDifference: number; interval95: number[] })[] = [];
for (const [name, args] of Object.entries(cases)) {
  const runs = [...(known.results.find((r) => r.name === name)?.runs ?? [])];
  for (const seed of seeds.filter((s) => !runs.some((r) => r.seed === s))) {
    const peer = runPeer([...args.peer, "--pad", "group", "--epochs", "5", "--seed", `${seed}`]).test_macro_f1;
    const ours = runOurs([...args.ours, "--epochs", "5", "--seed", `${seed}`]).test_macro_f1;
    console.log(`${name}  seed ${seed}  PyTorch ${peer.toFixed(4)}  Concord ${ours.toFixed(4)}`);
    runs.push({ seed, peer, ours });
  }
  const differences = runs.map((r) => r.ours - r.peer);
  const { low, high } = bootstrap((rows) => mean(Array.from(rows, (i) => differences[i]!)), runs.length, {
    random: random(0),
    method: "percentile",
  });
  results.push({ name, runs, meanDifference: mean(differences), interval95: [low, high] });
  const content = { measured: new Date().toISOString().slice(0, 10), machine: machine(), results };
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}
for (const { name, meanDifference, interval95 } of results)
  console.log(
    `${name}: mean difference ${meanDifference.toFixed(4)} [${interval95.map((x) => x.toFixed(4)).join(", ")}]`,
  );
