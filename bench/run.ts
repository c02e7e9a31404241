// All benches against their peers, interleaved; prints tables and writes bench/results/. Each part may be named: node dist/bench/run.js text graph …
// npm run bench  (CONCORD_PEER_PYTHON names the Python with the peers; parts without their peer say so)
import { mkdirSync, writeFileSync } from "node:fs";
import { adaptersBench } from "./adapters.ts";
import { beforeBench } from "./before.ts";
import { compressBench } from "./compress.ts";
import { crfBench } from "./crf.ts";
import { checkpointingBench, deepBench } from "./deep.ts";
import { demoBench, installBench } from "./demo.ts";
import { diseaseSeedsBench } from "./disease-seeds.ts";
import { entitiesBench } from "./entities.ts";
import { explainBench } from "./explain.ts";
import { fairnessBench } from "./fairness.ts";
import { firstAnswerBench } from "./first-answer.ts";
import { docsBench, firstHourBench } from "./first-hour.ts";
import { generateBench } from "./generate.ts";
import { graphBench } from "./graph.ts";
import { grpoBench } from "./grpo.ts";
import { imagesBench } from "./images.ts";
import { normBench } from "./norm.ts";
import { optimizerBench } from "./optimizer.ts";
import { machine, missing } from "./peers.ts";
import { prepareBench } from "./prepare.ts";
import { privateBench, privateMailsBench } from "./private.ts";
import { searchBench } from "./search.ts";
import { serveBench } from "./serve.ts";
import { startBench } from "./start.ts";
import { textBench } from "./text.ts";
import { togetherBench } from "./together.ts";
import { togetherRobustBench } from "./together-robust.ts";
import { togetherSimulationBench } from "./together-simulation.ts";
import { togetherSumsBench } from "./together-sums.ts";
import { tokenizerBench } from "./tokenizing.ts";
import { variantsBench } from "./variants.ts";
import { verifyBench } from "./verify.ts";
import { wasmBench } from "./wasm.ts";

const parts = {
  text: textBench,
  images: imagesBench,
  entities: entitiesBench,
  crf: crfBench,
  prepare: prepareBench,
  explain: explainBench,
  compress: compressBench,
  fairness: fairnessBench,
  graph: graphBench,
  deep: deepBench,
  checkpointing: checkpointingBench,
  optimizer: optimizerBench,
  private: privateBench,
  "private-mails": privateMailsBench,
  tokenizing: tokenizerBench,
  together: togetherBench,
  "together-robust": togetherRobustBench,
  "together-sums": async () => [...(await togetherSumsBench()), await togetherSimulationBench()],
  norm: normBench,
  before: beforeBench,
  verify: verifyBench,
  wasm: wasmBench,
  variants: variantsBench,
  "disease-seeds": diseaseSeedsBench,
  grpo: grpoBench,
  generate: generateBench,
  adapters: adaptersBench,
  search: searchBench,
  serve: serveBench,
  start: startBench,
  "first-answer": firstAnswerBench,
  demo: demoBench,
  install: installBench,
  "first-hour": firstHourBench,
  docs: docsBench,
} as const;
/** Parts that need nothing from outside. */
const alone = new Set([
  "adapters",
  "before",
  "norm",
  "verify",
  "crf",
  "checkpointing",
  "variants",
  "disease-seeds",
  "grpo",
  "together",
  "together-robust",
  "together-sums",
  "wasm",
  "search",
  "serve",
  "start",
  "first-answer",
  "demo",
  "install",
  "first-hour",
  "docs",
]);
/** Parts that train for ten minutes to an hour: only where they are named. */
const long = new Set(["grpo", "crf", "deep", "private-mails", "together", "variants", "disease-seeds"]);
const asked = process.argv.slice(2);
const chosen = asked.length ? asked : Object.keys(parts).filter((name) => !long.has(name));
const absent = missing();
const about = machine();
console.log(
  Object.entries(about)
    .map(([k, v]) => `${k} ${v}`)
    .join(" · "),
);
mkdirSync("bench/results", { recursive: true });
for (const name of chosen) {
  if (!Object.hasOwn(parts, name))
    throw new Error(`no bench called ${name}; there are ${Object.keys(parts).join(", ")}`);
  console.log(`\n== ${name}`);
  if (absent && !alone.has(name)) {
    console.log(`skipped: ${absent}`);
    continue;
  }
  const rows = await parts[name as keyof typeof parts]();
  console.table(rows);
  writeFileSync(
    `bench/results/${name}.json`,
    `${JSON.stringify({ measured: new Date().toISOString().slice(0, 10), machine: about, rows }, null, 2)}\n`,
  );
}
process.exit(0); // thread pools of WebAssembly would keep it alive
