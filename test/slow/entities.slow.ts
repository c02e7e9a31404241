// examples/entities on CLUENER, shortened: on files that are not part of the project, skipped, and said so, where they are absent.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";

const [train, dev] = ["train", "dev"].map((part) => resolve(`../shared/data/cluener.${part}.jsonl`)) as [
  string,
  string,
];
const absent = !existsSync(train) || !existsSync(dev);
if (absent) console.log("examples/entities is skipped: ../shared has no CLUENER");

/** Measured (docs/development/log.md), minus three standard errors. */
const floor = 0.3;

test.skipIf(absent)(`a BERT made anew finds entities in CLUENER with an F1 of ${floor} after four epochs`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-cluener-"));
  const yaml = readFileSync("examples/entities/cluener.yaml", "utf8");
  const given = [`data.file=${train}`, `data.split.files.test=${dev}`];
  const shorter = [
    "pretrain=null",
    "adapt.epochs=4",
    "model.scratch.width=128",
    "model.scratch.layers=2",
    "model.scratch.heads=4",
    "model.scratch.inner=512",
    "adapt.learningRate=1e-3",
  ];
  const recipe = readRecipe(yaml, "recipe.yaml", [...given, ...shorter]);
  const records = await runRecipe(recipe, { home: folder, folder: join(folder, "run") });
  const report = JSON.parse(readFileSync(join(folder, "run/data/data-report.json"), "utf8"));
  console.log("cluener: rows", report.rows, "parts", report.parts, "entities", report.entities);
  expect(report.rows.in).toBe(report.rows.kept + report.rows.dropped + report.rows.quarantined);
  const { f1 } = records.evaluate!.summary as { f1: { value: number; low: number; high: number } };
  console.log(`cluener: F1 of entities ${f1.value.toFixed(4)} [${f1.low.toFixed(4)}, ${f1.high.toFixed(4)}]`);
  expect(f1.value).toBeGreaterThan(floor);
  rmSync(folder, { recursive: true });
});

test("the recipe for CoNLL-2003 is one that runs", () => {
  const recipe = readRecipe(readFileSync("examples/entities/conll2003.yaml", "utf8"), "recipe.yaml");
  expect([recipe.task, recipe.data.format, recipe.data.split.files]).toEqual([
    "entities",
    "conll",
    { dev: "valid.txt", test: "test.txt" },
  ]);
});
