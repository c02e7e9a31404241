// The demo's scores beside its baselines on three seeds of pretraining, adapting and drawing labels; the data stays the demo's.
// node dist/bench/run.js disease-seeds (about ten minutes)
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fewLabels } from "../examples/disease/few-labels.ts";
import { writeDiseaseData } from "../examples/disease/generate/write.ts";
import { readRecipe } from "../src/recipe/read-recipe.ts";
import { runRecipe } from "../src/runs/run.ts";

const seeds = [7, 8, 9];

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
interface Metrics {
  readonly macroF1: Interval;
  readonly baselines: { readonly difference: Interval };
}

const shown = ({ value, low, high }: Interval) => `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;

/** One row a seed: macro F1 on the test part with all labels, then with 400. Intervals are paired, over patients. */
export async function diseaseSeedsBench(): Promise<Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), "concord-seeds-"));
  try {
    await writeDiseaseData(folder, 7);
    const yaml = readFileSync("examples/disease/recipe.yaml", "utf8").replace(/^audit: .*$/m, "");
    const rows: Record<string, unknown>[] = [];
    for (const seed of seeds) {
      const run = join(folder, `run-${seed}`);
      const files = [`data.file=${join(folder, "messages.csv")}`, `pretrain.file=${join(folder, "unlabelled.csv")}`];
      const asked = [...files, `seed=${seed}`, "export.onnx=false"];
      await runRecipe(readRecipe(yaml, "recipe.yaml", asked), { home: folder, folder: run });
      const { macroF1, baselines } = JSON.parse(readFileSync(join(run, "metrics.json"), "utf8")) as Metrics;
      const few = await fewLabels(run, { seed });
      const difference = ({ estimate: value, low, high }: (typeof few)["difference"]) => shown({ value, low, high });
      const row = {
        seed,
        all: macroF1.value.toFixed(3),
        "all − linear": shown(baselines.difference),
        "400": few.pretrained.macroF1.toFixed(3),
        "400 − linear": difference(few.beyondLinear),
        "400 − random weights": difference(few.difference),
      };
      console.log(JSON.stringify(row));
      rows.push(row);
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
