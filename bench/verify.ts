// `concord verify` as somebody runs it: whole processes, start-up included, on the release of a small model and of one of MiniLM's size (22.6 million
// weights, where its folder is there), with its policy and log. The release is made by the command line before.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCsv } from "./csv.ts";
import { median, peer, shared } from "./peers.ts";

const main = join(import.meta.dirname, "../bundle/cli/start.cjs");
const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 7);
const limitMs = 2000;
const minilm = join(shared, "models/minilm-l6");
const models = [
  {
    what: "small model",
    model: "{ scratch: { vocabulary: 400, width: 32, layers: 1, heads: 2, inner: 32 }, maxLength: 32 }",
  },
  ...(existsSync(minilm) ? [{ what: "MiniLM", model: `{ from: ${minilm}, maxLength: 32 }` }] : []),
];

export async function verifyBench(): Promise<Record<string, string | number | boolean>[]> {
  return models.map(({ what, model }) => {
    const home = mkdtempSync(join(tmpdir(), "concord-bench-"));
    try {
      const release = releaseOf(home, model);
      const args = ["verify", release, "--policy", "policy.yaml", "--log", "log"];
      const times: number[] = [];
      for (let round = 0; round <= repeats; round++) {
        const start = performance.now();
        const printed = concord(home, args);
        if (!/VALID/.test(printed)) throw new Error(printed);
        if (round > 0) times.push(performance.now() - start); // the first round fills the disk's cache
      }
      const medianMs = Math.round(median(times));
      return {
        what: `concord verify, ${what}`,
        "release MiB": Math.round(sizeOf(join(home, release)) / 2 ** 20),
        medianMs,
        slowestMs: Math.round(Math.max(...times)),
        limitMs,
        within: medianMs < limitMs,
        rounds: repeats,
      };
    } finally {
      rmSync(home, { recursive: true });
    }
  });
}

/** Trains for seconds, signs, releases. @returns the release's folder from home */
function releaseOf(home: string, model: string): string {
  const rows = readCsv(readFileSync(peer.data, "utf8"))
    .filter((_, i) => i % 5 === 0)
    .map(({ text, label }) => `"${text!.replaceAll('"', '""')}",${label}`);
  writeFileSync(join(home, "messages.csv"), `text,label\n${rows.join("\n")}\n`);
  writeFileSync(
    join(home, "recipe.yaml"),
    `version: 1
name: bench
data: { file: messages.csv, similarity: 1, split: { dev: 0.1, test: 0.3 } }
model: ${model}
adapt: { epochs: 1, batchSize: 16, learningRate: 1e-3 }
evaluate: { resamples: 50 }
`,
  );
  writeFileSync(
    join(home, "policy.yaml"),
    "version: 1\nsigners: { builder: [builder.pub.json] }\nrequire: [builder]\ngates: [{ value: metrics.accuracy, atLeast: 0 }]\n",
  );
  concord(home, ["run", "recipe.yaml", "--out", "run"]);
  concord(home, ["keys", "builder", "--name", "Builder"]);
  concord(home, [
    "release",
    "run",
    "--policy",
    "policy.yaml",
    "--key",
    "builder.key",
    "--out",
    "release",
    "--log",
    "log",
  ]);
  return "release";
}

function concord(home: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: home, encoding: "utf8" });
  if (status !== 0) throw new Error(`concord ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce(
    (sum, name) => sum + statSync(join(folder, name)).size,
    0,
  );
