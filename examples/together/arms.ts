// What the study is compared with: each site alone, and all rows in one table (possible only because this is a demonstration), each trained the
// ordinary way (concord run) from the same start model; and what every model answers on the test rows of all sites.
import { join } from "node:path";
import { openModel } from "../../src/stages/open-model.ts";
import { readRows } from "../../src/tables/node/index.ts";
import type { Answers } from "./compare.ts";
import { run } from "./concord.ts";
import { labels, sites } from "./sites.ts";

const members = Object.keys(sites);
export const pooled = "pooled";

/** Trains the models to compare with, two at a time. @param recipe path of their recipe */
export async function trainAlone(folder: string, recipe: string, set: readonly string[]): Promise<void> {
  const waiting = [pooled, ...members]; // the longest first
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const own = [`data.file=${join(folder, "data", `${name}.csv`)}`, `model.from=${join(folder, "start")}`];
      const options = [...own, ...set].flatMap((value) => ["--set", value]);
      await run(name, "run", recipe, "--out", join(folder, name), ...options);
    }
  };
  await Promise.all([worker(), worker()]);
}

/** Labels that each model gives to the test rows of all sites, in the order of the sites. */
export async function answersOf(folder: string, study: string, seed: number): Promise<Answers> {
  const rows: { readonly text: string; readonly truth: number; readonly patient: string }[] = [];
  for (const name of members)
    for await (const { fields } of readRows(join(folder, "data", `${name}.csv`)))
      if (fields.part === "test")
        rows.push({
          text: String(fields.text),
          truth: labels.indexOf(String(fields.disease)),
          patient: String(fields.patient),
        });
  const texts = rows.map((r) => r.text);
  const given = async (model: string) => {
    const { predictor } = await openModel(model);
    const logits = await predictor.logits(texts);
    await predictor.dispose();
    return logits.map((row) => row.indexOf(Math.max(...row)));
  };
  const alone: Record<string, number[]> = {};
  for (const name of members) alone[name] = await given(join(folder, name));
  return {
    seed,
    truth: rows.map((r) => r.truth),
    patients: rows.map((r) => r.patient),
    alone,
    together: await given(join(study, "model")),
    pooled: await given(join(folder, pooled)),
  };
}
