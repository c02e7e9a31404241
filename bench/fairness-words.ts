// The fine-tuned demo model (no pretraining) with and without the islands' words learned, on seeds named as arguments: the gap of the
// islands, macro F1, seconds. node dist/bench/fairness-words.js 7 8 9 10 11
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groupGap, readAnswers } from "../examples/disease/gap.ts";
import { symptoms } from "../examples/disease/generate/symptoms.ts";
import { writeDiseaseData } from "../examples/disease/generate/write.ts";
import { readRecipe } from "../src/recipe/read-recipe.ts";
import { runRecipe } from "../src/runs/run.ts";

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const pairs = (from: readonly string[], to: readonly string[]) =>
  from.flatMap((one) => to.map((other) => `${quoted(one)},${quoted(other)}`));
const lines = [...symptoms.values()].flatMap((s) => [...pairs(s.en, s.isle), ...pairs(s.zh, s.岛)]);
const yaml = readFileSync("examples/disease/recipe.yaml", "utf8");
for (const seed of process.argv.slice(2)) {
  const folder = mkdtempSync(join(tmpdir(), "concord-words-"));
  await writeDiseaseData(folder, Number(seed));
  writeFileSync(join(folder, "words.csv"), `from,to\n${lines.join("\n")}\n`);
  for (const [name, own] of [
    ["plain", ["adapt.epochs=12"]],
    ["words", ["adapt.epochs=8", "adapt.mitigation.words=words.csv"]],
  ] as const) {
    const start = performance.now();
    const recipe = readRecipe(yaml.replace(/^pretrain:[\s\S]*?^(?=adapt:)/m, ""), "recipe.yaml", [
      `data.file=${join(folder, "messages.csv")}`,
      `seed=${seed}`,
      "export.onnx=false",
      "adapt.learningRate=1e-3",
      "adapt.batchSize=32",
      ...own,
    ]);
    const run = join(folder, "run");
    await runRecipe({ ...recipe, audit: undefined }, { home: folder, folder: run });
    const { macroF1 } = JSON.parse(readFileSync(join(run, "metrics.json"), "utf8")) as { macroF1: { value: number } };
    const { estimate, low, high } = groupGap(await readAnswers(run), "region", "islands");
    const seconds = (performance.now() - start) / 1000;
    console.log(
      JSON.stringify({ seed: Number(seed), name, gap: estimate, low, high, macroF1: macroF1.value, seconds }),
    );
  }
  rmSync(folder, { recursive: true });
}
