// Pruning, trimming and distilling a small run by compress, alone and before int8, with the real runtime; what a step cannot do is refused.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { symptomRows } from "../../test/compress/symptom-rows.ts";
import { compressionRecord } from "../artifacts/index.ts";
import { isConcordError } from "../base/index.ts";
import { embeddedFolder } from "../models/node/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import { openAnyModel } from "../stages/open-model.ts";
import { compressRun } from "./compress-run.ts";
import { runRecipe } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-shrink-"));
const run = join(home, "run");
afterAll(() => rmSync(home, { recursive: true, force: true }));

const recipeOf = (adapt: string) =>
  readRecipe(
    `
version: 1
name: symptoms
data: { file: rows.csv, label: disease, split: { dev: 0.2, test: 0.3 } }
model: { scratch: { vocabulary: 300, width: 32, layers: 2, heads: 4, inner: 64 }, maxLength: 24 }
adapt: { epochs: 4, batchSize: 16, learningRate: 3e-3, threads: 1${adapt} }
evaluate: { resamples: 20 }
export: { onnx: false }
`,
    "recipe.yaml",
    [],
  );

beforeAll(async () => {
  writeFileSync(join(home, "rows.csv"), symptomRows());
  await runRecipe(recipeOf(""), { home, folder: run });
}, 60_000);

const steps = (...all: unknown[]) => ({ settings: { steps: all, resamples: 20, explained: 3 } });
const configIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as Record<string, unknown>;

test("pruned, trimmed and distilled, the folder has a smaller model.safetensors and config, and answers as well", async () => {
  const { folder, values } = await compressRun(
    run,
    steps(
      {
        prune: {
          ...{ method: "movement", heads: 0.5, width: 0.5 },
          training: { epochs: 2, learningRate: 3e-3, end: 0.5 },
          recovery: { epochs: 1, learningRate: 3e-3 },
        },
      },
      { trim: {} },
      { distil: { layers: 1, epochs: 4, learningRate: 3e-3, hidden: 0.1 } },
      { prune: { method: "magnitude", weights: 0.5, training: { epochs: 1, learningRate: 1e-3, logits: 0 } } },
    ),
  );
  const [before, after] = [configIn(join(run, "model")), configIn(folder)];
  expect(after).toMatchObject({ intermediate_size: 32, num_hidden_layers: 1 });
  expect(after.vocab_size as number).toBeLessThan(before.vocab_size as number);
  expect(Object.values(after.pruned_heads as Record<string, number[]>)[0]).toHaveLength(2);
  expect(existsSync(join(folder, "model.safetensors"))).toBe(true);
  const record = await compressionRecord.read(folder);
  const trained = { trainingRows: expect.any(Number) };
  expect(record.steps[0]).toMatchObject({ training: trained, recovery: trained });
  expect(record.steps.map(({ step }) => step)).toEqual(["prune", "trim", "distil", "prune"]);
  const { zeros, zipped } = record.steps[3] as unknown as { zeros: number; zipped: Record<"before" | "after", number> };
  expect(zeros).toBeGreaterThan(0.1); // tables of words and positions stay
  expect(zipped.after).toBeLessThan(0.95 * zipped.before);
  expect(record.size.after).toBeLessThan(0.7 * record.size.before);
  expect(values["compression.accuracy.after"]!.value).toBeGreaterThan(0.9);
  const opened = await openAnyModel(folder);
  expect(await opened.predictor.answers(["fever and shivers", "sneezing at work"])).toMatchObject([
    { label: "flu" },
    { label: "cold" },
  ]);
  await opened.predictor.dispose();
});

test("what was distilled is factored and quantised in the same go, and trained for it", async () => {
  const { folder } = await compressRun(
    run,
    steps(
      { prune: { width: 0.25 } },
      { distil: { layers: 1, epochs: 2 } },
      { factorise: { keeps: 0.9, recovery: { epochs: 1 } } },
      { quantise: { to: "int8", training: { epochs: 1 } } },
    ),
  );
  expect(configIn(folder).num_hidden_layers).toBe(1);
  const { steps: done } = await compressionRecord.read(folder);
  expect(Object.keys(done[2]!.ranks as object).length).toBeGreaterThan(1);
  expect(configIn(folder).low_rank_factors).toEqual(done[2]!.ranks);
  expect(done[3]).toMatchObject({ step: "quantise", training: { trainingRows: expect.any(Number) } });
  expect(existsSync(join(folder, "onnx/model_quantized.onnx"))).toBe(true);
  expect(existsSync(join(folder, "model.safetensors"))).toBe(false);
});

test.each<[string, unknown, string]>([
  ["weights by importance", { prune: { weights: 0.5 } }, "importance prunes heads and width"],
  ["heads by magnitude", { prune: { method: "magnitude", heads: 0.5 } }, "magnitude prunes weights"],
  ["weights and width at once", { prune: { method: "movement", weights: 0.5, width: 0.5 } }, "not both in one step"],
  ["training by importance", { prune: { width: 0.5, training: {} } }, "importance prunes at once"],
  ["recovery of zeros", { prune: { method: "movement", weights: 0.5, recovery: {} } }, "fill the zeros again"],
  [
    "an end before the start",
    { prune: { method: "movement", width: 0.5, training: { start: 0.5, end: 0.2 } } },
    "ends before it starts",
  ],
  ["nothing to prune", { prune: {} }, "say what to prune"],
  ["training for 16-bit floats", { quantise: { to: "fp16", training: {} } }, "fp16 rounds too little"],
  ["factors that would be larger", { factorise: { keeps: 1 } }, "no matrix becomes smaller"],
  ["more layers than there are", { distil: { layers: 3 } }, "distil.layers does not fit the model"],
])("%s is refused", async (_, step, problem) => {
  const fault: unknown = await compressRun(run, steps(step)).catch((error: unknown) => error);
  expect(isConcordError(fault) && fault.facts.problem).toContain(problem);
});

test("the embedded encoder is a start by its name, and a name that there is not is refused", async () => {
  expect(existsSync(join(embeddedFolder("concord/encoder-en")!, "model.safetensors"))).toBe(true);
  expect(embeddedFolder("models/minilm-l6")).toBeUndefined();
  expect(() => embeddedFolder("concord/encoder-xx")).toThrow("no such model in this package");
});
