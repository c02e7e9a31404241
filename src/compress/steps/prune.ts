// prune: heads and inner units that matter least on validation rows are cut out.
import { ConcordError, random, shuffle } from "../../base/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { importanceOf, pruneBlocks } from "../../shrink/index.ts";
import { examplesOf } from "../../stages/index.ts";
import type { CompressStep } from "../step.ts";

export const prune: CompressStep<"prune"> = {
  name: "prune",
  async apply(given, { heads, width, rows: most }, { recipe, rows }) {
    const { model, weights, processor } = given;
    const order = shuffle([...rows.dev.keys()], random(`prune ${recipe.seed}`)).slice(0, most);
    if (order.length === 0)
      throw new ConcordError("E_DATA", {
        operation: "prune",
        problem: "there are no validation rows to measure importance on",
        expected: "at least one row",
        got: "0",
        path: "compress.steps",
      });
    const chosen = order.map((i) => rows.dev[i]!);
    const { examples } = await examplesOf(recipe, processor, model.labels?.names ?? [], chosen);
    const importance = await importanceOf(model, weights, examples, cpuRuntime);
    const smaller = pruneBlocks(model, weights, importance, { heads, width });
    return { result: { ...given, ...smaller }, facts: { importanceRows: examples.length } };
  },
};
