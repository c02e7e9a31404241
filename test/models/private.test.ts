// Private training of the architectures beside the reference set: norms of example gradients are those of one example alone, or the
// weight that stands in the way is named.
import { expect, test } from "vitest";
import { trainingProgram } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { coverageExamples } from "./coverage.ts";
import { expectNorms } from "./norms.ts";
import { gradientCases, savedCase } from "./saved.ts";

const clipping = { clip: 1, clipping: "flat" } as const;
/** Weights that enter where example norms are not known; an adapter beside frozen weights is trained instead. */
const refused: Readonly<Record<string, RegExp>> = {
  "deberta-v2-single-label": /query_proj\.weight enters where rows belong to no example/,
  "mpnet-single-label": /encoder\.relative_attention_bias\.weight enters through gather/,
  "dinov2-single-label": /layer_scale1\.lambda1 enters through mul|mask_token does not enter the loss/,
};

test.each(gradientCases)("%s", async (name) => {
  const one = savedCase(name);
  const examples = coverageExamples(one.model);
  if (refused[name]) {
    const { facts } = fault("E_GRADIENT", () => trainingProgram(one.model, { dropout: false, clipping }));
    expect(facts.problem).toMatch(refused[name]);
    return;
  }
  await expectNorms(one, examples);
});
