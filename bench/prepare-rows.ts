// One side of bench/prepare.ts: the stage prepare of a real run, in a process of its own. TABLE FOLDER OUT
import { readFileSync, writeFileSync } from "node:fs";
import { isConcordError } from "../src/base/index.ts";
import { readRecipe } from "../src/recipe/read-recipe.ts";
import { runRecipe } from "../src/runs/run.ts";

const [table, folder, out] = process.argv.slice(2) as [string, string, string];
const recipe = readRecipe(
  `
version: 1
name: rows
data: { file: ${JSON.stringify(table)}, label: label, group: patient, split: { dev: 0.1, test: 0.2 } }
model: { scratch: {} }
`,
  "recipe.yaml",
);
const stop = new AbortController(); // the run ends where the next stage would begin
const start = performance.now();
let seconds = 0;
try {
  await runRecipe(recipe, {
    home: folder,
    folder,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === "stage" && event.stage === "prepare" && event.state !== "started") {
        seconds = (performance.now() - start) / 1000;
        stop.abort();
      }
    },
  });
} catch (error) {
  if (!isConcordError(error, "E_INTERRUPTED")) throw error;
}
const report = JSON.parse(readFileSync(`${folder}/data/data-report.json`, "utf8"));
const figures = {
  seconds,
  peak_rss_mb: process.resourceUsage().maxRSS / 1024,
  near_rows: report.duplicates.nearRows,
  parts: report.parts,
};
writeFileSync(out, JSON.stringify(figures));
