// The audit's promise with the demo's own model: on twenty variants of the disease data, ten with a planted gap and ten without, does
// it call the gap? Each variant trains the recipe's transformer as it stands, without pretraining; the verdict is the audit's own.
// node dist/bench/run.js variants
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeDiseaseData } from "../examples/disease/generate/write.ts";
import { readRecipe } from "../src/recipe/read-recipe.ts";
import { runRecipe } from "../src/runs/run.ts";

const seeds = Array.from({ length: 20 }, (_, i) => 100 + i);
/** What a model without pretraining wants, as in test/slow/disease.slow.ts: the same for every variant. */
const settings = ["adapt.learningRate=1e-3", "adapt.batchSize=32", "adapt.epochs=12", "export.onnx=false"];
/** Of the audit only fairness by the attribute that the variants are about; everything else as the recipe has it. */
const asked = "{ fairness: { counterfactuals: 0 }, privacy: false, explanation: false, robustness: false }";

type Row = Record<string, string | number>;

interface Fairness {
  readonly groupings: readonly {
    readonly gaps: readonly { group: string; value: number; low: number; high: number }[];
  }[];
  readonly called: readonly { readonly group: string }[];
}

async function variant(seed: number, gap: boolean) {
  const folder = mkdtempSync(join(tmpdir(), "concord-variants-"));
  try {
    await writeDiseaseData(folder, seed, { gap });
    const yaml = readFileSync("examples/disease/recipe.yaml", "utf8").replace(/^pretrain:[\s\S]*?^(?=adapt:)/m, "");
    const set = [
      `data.file=${join(folder, "messages.csv")}`,
      "data.attributes=[region]",
      `seed=${seed}`,
      `audit=${asked}`,
    ];
    const run = join(folder, "run");
    await runRecipe(readRecipe(yaml, "recipe.yaml", [...set, ...settings]), { home: folder, folder: run });
    const read = (name: string) => JSON.parse(readFileSync(join(run, name), "utf8")) as unknown;
    const fairness = read("audit/fairness.json") as Fairness;
    const { macroF1 } = read("metrics.json") as { macroF1: { value: number } };
    return { fairness, macroF1: macroF1.value };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function variantsBench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const seed of seeds) {
    const planted = seed % 2 === 0;
    const start = performance.now();
    const { fairness, macroF1 } = await variant(seed, planted);
    const worst = fairness.groupings[0]!.gaps[0]!;
    const right = planted ? fairness.called.some((c) => c.group === "islands") : fairness.called.length === 0;
    const row = {
      seed,
      planted: planted ? "yes" : "no",
      group: worst.group,
      gap: worst.value,
      low: worst.low,
      high: worst.high,
      called: fairness.called.map((c) => c.group).join(" ") || "none",
      right: right ? "yes" : "NO",
      macroF1,
      seconds: (performance.now() - start) / 1000,
    };
    console.log(JSON.stringify(row));
    rows.push(row);
  }
  console.log(`${rows.filter((row) => row.right === "yes").length} of ${rows.length} variants are called rightly`);
  return rows;
}
