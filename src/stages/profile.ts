// profile: what inputs and answers look like on test rows, as counts: a served model is watched against it.
import { facts, model, profile, rows, rowsFolder } from "../artifacts/index.ts";
import { random, shuffle } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import type { Processor } from "../modalities/index.ts";
import { modalities } from "../modalities/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import type { Predictor } from "../predict/index.ts";
import { hasTestSplit } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { isAnswering, taskOf } from "../tasks/index.ts";
import { type Measurement, measuredAnswers, profileOf } from "../watch/index.ts";
import { groupsOfRows, withDecisions } from "./read-decisions.ts";
import { defineStage } from "./stage.ts";

/** Most rows of a profile: more tell no more. */
const mostRows = 5000;

export const profileStage = defineStage({
  name: "profile",
  version: 2,
  reads: [rows.test, model, facts.evaluate],
  makes: [profile],
  evidence: profile,
  facts: facts.profile,
  supports: (recipe) => {
    return hasTestSplit(recipe) && isAnswering(taskOf(recipe.task));
  },
  settings: async ({ task, model: { maxLength }, evaluate: { smallestCell } }) => ({ task, maxLength, smallestCell }),
  async work({ recipe, home, read, find, write }) {
    const folder = await read(model);
    const { model: loaded, weights } = await loadModel(folder);
    const options = { home: rowsFolder(recipe, home), maxLength: recipe.model.maxLength };
    const processor = await modalities[recipe.modality].open(folder, loaded, options);
    const own = await processor.predictor(loaded, weights, cpuRuntime);
    const predictor = await withDecisions<unknown, Predictor<unknown>>(folder, own);
    try {
      const test = drawnRows(await read(rows.test), recipe.seed);
      const { temperature } = (await find(facts.evaluate)) ?? {};
      const measured = await measurements({ predictor, processor, temperature }, test);
      await write(profile, {
        ...profileOf(measured, { smallest: recipe.evaluate.smallestCell, seed: recipe.seed }),
        values: {},
      });
      return { rows: test.length };
    } finally {
      await predictor.dispose();
    }
  },
});

const drawnRows = (all: readonly Row[], seed: number): readonly Row[] =>
  all.length <= mostRows ? all : shuffle([...all], random(seed).split("profile")).slice(0, mostRows);

/** A model, and what makes its inputs of rows. */
interface Profiled {
  readonly predictor: Predictor<unknown>;
  readonly processor: Processor;
  readonly temperature?: number;
}

/** Measurements of the answers to rows, a bounded number at a time. */
async function measurements(
  { predictor, processor, temperature }: Profiled,
  all: readonly Row[],
): Promise<Measurement[]> {
  const { atOnce = 256 } = processor;
  const out: Measurement[] = [];
  for (let start = 0; start < all.length; start += atOnce) {
    const part = all.slice(start, start + atOnce);
    const inputs = await processor.inputs(part);
    const groups = groupsOfRows(predictor, part);
    const found = await measuredAnswers(predictor, inputs, { temperature, ...(groups && { groups }) });
    for (const { measurement } of found) out.push(measurement);
  }
  return out;
}
