// Several tasks on one encoder from a table to answers: rows that lack labels, each task's scores beside its own baselines, answers on the
// command line and over HTTP, a release that is recomputed; and what several heads cannot do is refused by name.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/index.ts";
import { startServer } from "../../src/serve/index.ts";
import { concord } from "../command-line.ts";
import { ticketRows, ticketTable } from "../ticket-rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-tasks-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const text = `version: 1
name: tickets
task: multi-task
tasks:
  topic: { task: single-label }
  mood: { task: multi-label, label: tags, weight: 0.5 }
  days: { task: regression }
data: { file: tickets.csv }
model: { scratch: { width: 32, layers: 1, heads: 2, inner: 64, dropout: 0, scale: 0.2 }, maxLength: 24 }
adapt: { epochs: 8, learningRate: 3.0e-3, batchSize: 16 }
evaluate: { resamples: 100 }
`;
const recipe = (...changes: string[]) => readRecipe(text, "recipe.yaml", changes);
const folder = join(home, "run");

beforeAll(async () => {
  writeFileSync(join(home, "tickets.csv"), ticketTable(ticketRows(600)));
  await runRecipe(recipe(), { home, folder });
}, 120_000);

test("each task is scored on the rows that have its label, beside its own baselines", () => {
  const { meanScore, tasks } = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
  console.log(JSON.stringify(tasks, null, 1).slice(0, 6000), meanScore);
});
