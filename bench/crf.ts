// A CRF over the tags against a linear head on CLUENER: the same encoder, start, windows and settings, three seeds each, in turn.
// F1 of entities on its dev file, and milliseconds a step.
import { existsSync } from "node:fs";
import { examplesOf, headLabels, textsToRead } from "../src/stages/examples.ts";
import { makeStart } from "../src/stages/model.ts";
import { entitiesRecipe, ours, rowsOf, table } from "./entities.ts";
import { median } from "./peers.ts";

const seeds = [0, 1, 2];
const heads = ["linear", "crf"] as const;

/** One row a seed, and one of the means. */
export async function crfBench(): Promise<Record<string, unknown>[]> {
  if (!existsSync(table("train"))) return [{ skipped: "../shared has no CLUENER" }];
  const [own, test] = [await rowsOf("train"), await rowsOf("dev")];
  const types = [...new Set(own.flatMap((r) => r.labels))].sort();
  const rows: Record<string, number>[] = [];
  for (const seed of seeds) {
    const row: Record<string, number> = { seed };
    for (const head of heads) {
      const recipe = entitiesRecipe(seed, head);
      const labels = headLabels(recipe, types)!;
      const start = await makeStart(recipe, textsToRead(recipe, own), "token", labels);
      const learned = await examplesOf(recipe, start.processor, labels, own);
      const held = await examplesOf(recipe, start.processor, labels, test);
      const { f1, seconds } = await ours(seed, start, learned, held);
      const steps = Math.ceil(learned.examples.length / recipe.adapt.batchSize);
      row[`${head}F1`] = f1;
      row[`${head}StepMs`] = (median(seconds) / steps) * 1000;
    }
    rows.push(row);
    console.log(row);
  }
  const mean = (name: string) => rows.reduce((sum, row) => sum + row[name]!, 0) / rows.length;
  const [linearF1, crfF1] = [mean("linearF1"), mean("crfF1")];
  const ratios = rows.map((row) => row.crfStepMs! / row.linearStepMs!);
  return [...rows, { mean: seeds.length, linearF1, crfF1, difference: crfF1 - linearF1, stepRatio: median(ratios) }];
}
