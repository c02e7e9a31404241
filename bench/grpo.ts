// GRPO on a task whose answers can be checked: three digits are sorted. A tiny decoder from random weights learns the form from 250 rows,
// few of its answers are right; then it learns from rewards of its own answers. Five seeds.
// node dist/bench/run.js grpo (about ten minutes on two cores)
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../src/base/index.ts";
import { readRecipe } from "../src/recipe/read-recipe.ts";
import { runRecipe } from "../src/runs/run.ts";

/** Rows that teach the form, and other rows whose answers are only checked. */
export function writeSorting(folder: string, seed: number): void {
  const rng = random(seed).split("sorting");
  const rows = new Map<string, string>();
  while (rows.size < 1000) {
    const digits = Array.from({ length: 3 }, () => rng.int(10));
    rows.set(`${digits.join("")}=`, [...digits].sort((a, b) => a - b).join(""));
  }
  const all = [...rows];
  const lines = (list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeFileSync(
    join(folder, "start.jsonl"),
    lines(all.slice(0, 250).map(([prompt, answer]) => ({ text: prompt + answer }))),
  );
  writeFileSync(join(folder, "prompts.jsonl"), lines(all.slice(250).map(([prompt, answer]) => ({ prompt, answer }))));
}

const startRecipe = `
version: 1
name: start
task: text-generation
data: { file: start.jsonl, similarity: 1, split: { dev: 0, test: 0.2 } }
model:
  scratch: { decoder: llama, vocabulary: 257, width: 64, layers: 2, heads: 4, inner: 128, dropout: 0 }
  maxLength: 16
adapt: { epochs: 14, batchSize: 16, learningRate: 3e-3 }
evaluate: { resamples: 100 }
export: { onnx: false }
`;

const rewardRecipe = `
version: 1
name: sorting
task: text-generation
data: { file: prompts.jsonl, text: prompt, answer: answer, similarity: 1, split: { dev: 0, test: 0.2 } }
model: { from: start/model, maxLength: 16 }
adapt:
  objective: grpo
  rewards: [{ kind: exact }]
  rollouts: { group: 8, maxTokens: 5, kl: 0.01, updates: 4 }
  epochs: 14
  batchSize: 16
  learningRate: 1.5e-3
evaluate: { resamples: 500 }
export: { onnx: false }
`;

interface Scored {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Shares of right answers to prompts that were not trained on: before, and after. */
export async function sortingRun(seed: number): Promise<{ before: number; after: Scored; seconds: number }> {
  const folder = mkdtempSync(join(tmpdir(), "concord-grpo-"));
  try {
    writeSorting(folder, seed);
    const run = async (recipe: string, name: string) =>
      await runRecipe(readRecipe(recipe, `${name}.yaml`, [`seed=${seed}`]), {
        home: folder,
        folder: join(folder, name),
      });
    await run(startRecipe, "start");
    const start = performance.now();
    await run(rewardRecipe, "sorting");
    const seconds = (performance.now() - start) / 1000;
    const { reward, baselines } = JSON.parse(readFileSync(join(folder, "sorting", "metrics.json"), "utf8"));
    return { before: baselines.models.start.reward.value, after: reward, seconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One row a seed. */
export async function grpoBench(): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const seed of [1, 2, 3, 4, 5]) {
    const { before, after, seconds } = await sortingRun(seed);
    const shown = `${after.value.toFixed(3)} [${after.low.toFixed(3)}, ${after.high.toFixed(3)}]`;
    const row = { seed, before: before.toFixed(3), after: shown, seconds: Math.round(seconds) };
    console.log(JSON.stringify(row));
    rows.push(row);
  }
  return rows;
}
