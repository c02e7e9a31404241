// Decisions that treat groups alike, in the exported model that a page opens: the same answers as on Node.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { exportRun } from "../../src/runs/export-run.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { openModel } from "../../src/stages/open-model.ts";
import { openTextPredictor } from "../../src/web.ts";
import { serveFolder } from "./served.ts";

const home = mkdtempSync(join(tmpdir(), "concord-served-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => vi.unstubAllGlobals());
const lines = Array.from(
  { length: 160 },
  (_, i) =>
    `${i % 2 ? "knee" : "cough"} ${i % 3 ? "train" : "boat"} ${i},${i % 2 ? "joint" : "airways"},${i % 3 ? "main" : "isle"}`,
);
writeFileSync(join(home, "rows.csv"), `text,label,region\n${lines.join("\n")}\n`);
const recipe = readRecipe(
  `
version: 1
name: small
data: { file: rows.csv, attributes: [region], split: { dev: 0.4, test: 0.2 } }
model: { scratch: { vocabulary: 100, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 12 }
adapt: { epochs: 1, threads: 1, mitigation: { attribute: region, decisions: linear-post } }
evaluate: { resamples: 10 }
`,
  "recipe.yaml",
);

test("a page answers by the rule as Node does, from the exported file", async () => {
  const folder = join(home, "run");
  await runRecipe(recipe, { home, folder });
  const path = join(folder, "model/decisions.json");
  const rule = JSON.parse(readFileSync(path, "utf8"));
  const texts = ["knee train", "cough boat", "knee boat 7"];
  const page = async () => {
    await exportRun(folder, { to: "web" });
    serveFolder(join(folder, "web"));
    const predictor = await openTextPredictor("http://here/model/", { threads: 1 });
    const answers = await predictor.answers(texts);
    await predictor.dispose();
    return answers.map((a) => (a.kind === "label" ? a.ranked.map((r) => [r.label, r.probability]) : []));
  };
  const labels: unknown[] = [];
  for (const sign of [1, -1]) {
    writeFileSync(
      path,
      JSON.stringify({
        ...rule,
        shift: [
          [0.9 * sign, 0],
          [0.9 * sign, 0],
        ],
      }),
    );
    const own = await openModel(folder);
    const answers = await own.predictor.answers(texts, { temperature: own.temperature });
    await own.predictor.dispose();
    const shown = await page();
    for (const [i, a] of answers.entries())
      for (const [k, { label, probability }] of (a.kind === "label" ? a.ranked : []).entries()) {
        expect(shown[i]![k]![0]).toBe(label);
        expect(shown[i]![k]![1]).toBeCloseTo(probability, 4);
      }
    labels.push(shown.map((a) => a[0]![0]));
  }
  expect(labels[0]).not.toEqual(labels[1]);
  const exported = JSON.parse(readFileSync(join(folder, "web/decisions.json"), "utf8"));
  expect(exported.fitted).toEqual({}); // what was reached on groups stays with the run
  expect(rule.fitted).not.toEqual({});
}, 60_000);
