// GRPO on a task whose answers can be checked: four digits are sorted. A tiny decoder from random weights first reads 4,500 rows of which
// 27 % are sorted upwards, the others downwards or not at all, so that it can sort and seldom does. Then it learns from rewards of its own
// answers to other prompts. Five seeds.
// node dist/bench/run.js grpo (about eight minutes on two cores)
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../src/base/index.ts";
import { readRecipe } from "../src/recipe/read-recipe.ts";
import { runRecipe } from "../src/runs/run.ts";

const startRows = 5000;
const prompts = 2500;
/** Of the rows that the start reads, the share that is sorted as the reward wants it. */
const right = 0.27;

/** Rows in three orders for the start, and other rows whose answers are only checked. */
export function writeSorting(folder: string, seed: number): void {
  const rng = random(seed).split("sorting");
  const found = new Map<string, readonly number[]>();
  while (found.size < startRows + prompts) {
    const digits = Array.from({ length: 4 }, () => rng.int(10));
    found.set(`${digits.join("")}=`, digits);
  }
  const sorted = (digits: readonly number[]) => [...digits].sort((a, b) => a - b);
  const shown = (digits: readonly number[]) => {
    const draw = rng.float();
    if (draw < right) return sorted(digits);
    return draw < (1 + right) / 2 ? sorted(digits).reverse() : digits;
  };
  const rows = [...found];
  const write = (name: string, list: readonly object[]) =>
    writeFileSync(join(folder, name), list.map((row) => `${JSON.stringify(row)}\n`).join(""));
  write(
    "start.jsonl",
    rows.slice(0, startRows).map(([prompt, digits]) => ({ text: prompt + shown(digits).join("") })),
  );
  write(
    "prompts.jsonl",
    rows.slice(startRows).map(([prompt, digits]) => ({ prompt, answer: sorted(digits).join("") })),
  );
}

const startRecipe = `
version: 1
name: start
task: text-generation
data: { file: start.jsonl, similarity: 1, split: { dev: 0, test: 0.1 } }
model:
  scratch: { decoder: llama, vocabulary: 257, width: 64, layers: 2, heads: 4, inner: 128, dropout: 0 }
  maxLength: 16
adapt: { epochs: 12, batchSize: 16, learningRate: 3e-3 }
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
  rollouts: { group: 8, maxTokens: 6, kl: 0.01, updates: 2 }
  epochs: 1
  batchSize: 32
  learningRate: 1e-3
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
