// Private training of the architectures beside the reference set: norms of example gradients are those of one example alone, or the
// weight that stands in the way is named.
import { expect, test } from "vitest";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import { batchFeeds, type Example, stepGradients, trainingProgram } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { coverageExamples } from "./coverage.ts";
import { gradientCases, type SavedCase, savedCases } from "./saved.ts";

const clipping = { clip: 1, clipping: "flat" } as const;
/** Weights that enter where example norms are not known; an adapter beside frozen weights is trained instead. */
const refused: Readonly<Record<string, RegExp>> = {
  "deberta-v2-single-label": /query_proj\.weight enters where rows belong to no example/,
  "mpnet-single-label": /encoder\.relative_attention_bias\.weight enters through gather/,
  "dinov2-single-label": /layer_scale1\.lambda1 enters through mul|mask_token does not enter the loss/,
};

async function results({ model, weights }: SavedCase, examples: readonly Example[], isPrivate: boolean) {
  const program = trainingProgram(model, { dropout: false, ...(isPrivate && { clipping }) });
  const exe = await cpuRuntime.compile(program.graph);
  const feeds = batchFeeds(model, examples, {});
  const got = await exe.run({ ...Object.fromEntries(weights), ...feeds });
  await exe.dispose();
  return { program, feeds, got };
}

async function normAlone(one: SavedCase, example: Example): Promise<number> {
  const { program, feeds, got } = await results(one, [example], false);
  const found = stepGradients(program, got, feeds, new Set(), (name) => one.weights.get(name)!.data.length);
  return Math.hypot(...found.map(([, g]) => Math.hypot(...(g as Float32Array))));
}

test.each(gradientCases)("%s", async (name) => {
  const one = savedCases().find((each) => each.name === name)!;
  const examples = coverageExamples(one.model);
  if (refused[name]) {
    const { facts } = fault("E_GRADIENT", () => trainingProgram(one.model, { dropout: false, clipping }));
    expect(facts.problem).toMatch(refused[name]);
    return;
  }
  const { got } = await results(one, examples, true);
  for (const [i, example] of examples.entries()) {
    const alone = (await normAlone(one, example)) / examples.length; // each counts a half of the mean
    expect(Math.abs((got.norms!.data[i] as number) - alone) / alone, `example ${i}`).toBeLessThan(1e-4);
  }
});
