// The demo's promise, checked by training: a plain fine-tune serves the islands worse, by 8 points or more, beyond chance.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, groupGap, groupTable, readAnswers } from "../../examples/disease/gap.ts";
import { writeDiseaseData } from "../../examples/disease/generate/write.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-disease-"));
let answers: Answer[] = [];
/** Random weights want a smaller rate and more passes than pretrained ones. */
const plain = ["adapt.learningRate=1e-3", "adapt.batchSize=32", "adapt.epochs=12"];

beforeAll(async () => {
  await writeDiseaseData(folder, 7);
  const yaml = readFileSync("examples/disease/recipe.yaml", "utf8").replace(/^pretrain:[\s\S]*?^(?=adapt:)/m, "");
  const recipe = readRecipe(yaml, "recipe.yaml", [
    `data.file=${join(folder, "messages.csv")}`,
    "export.onnx=false",
    ...plain,
  ]);
  expect(recipe.pretrain).toBeUndefined();
  await runRecipe(recipe, { home: folder, folder: join(folder, "run") });
  answers = await readAnswers(join(folder, "run"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a plain fine-tune does at least 8 points worse on the islands, with the interval above 0", () => {
  console.log(groupTable(answers, "region", "islands"));
  const { estimate, low } = groupGap(answers, "region", "islands");
  expect(estimate).toBeGreaterThanOrEqual(0.08);
  expect(low).toBeGreaterThan(0);
});

test("no other region is worse than the rest by as much", () => {
  for (const region of ["capital", "north", "south"]) {
    const others = answers.filter((a) => a.attributes.region !== "islands");
    expect(groupGap(others, "region", region).estimate, region).toBeLessThan(0.08);
  }
});

test("outside the islands the model has learned: over 65 % where guessing gives 4", () => {
  const others = answers.filter((a) => a.attributes.region !== "islands");
  expect(others.filter((a) => a.truth === a.predicted).length / others.length).toBeGreaterThan(0.65);
});
