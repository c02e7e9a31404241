// prune: heads and inner units that matter least on validation rows are cut out; what is left may be trained again.
import { ConcordError, random, shuffle } from "../../base/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { importanceOf, pruneBlocks } from "../../shrink/index.ts";
import { examplesOf } from "../../stages/index.ts";
import type { CompressStep } from "../step.ts";
import { learned } from "./learn.ts";

export const prune: CompressStep<"prune"> = {
  name: "prune",
  notAfterPrivacy: ({ recovery }) =>
    recovery && {
      problem: "recovery reads training rows without noise: the guarantee of private training would end",
      without: "prune.recovery",
    },
  async apply(given, { heads, width, rows: most, recovery }, context) {
    const { recipe, rows } = context;
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
    const start = pruneBlocks(model, weights, importance, { heads, width });
    const facts = { importanceRows: examples.length };
    if (!recovery) return { result: { ...given, ...start }, facts };
    const trained = await learned({ given, start }, recovery, context);
    return {
      result: { ...given, model: start.model, weights: trained.weights },
      facts: { ...facts, recovery: trained.facts },
    };
  },
};
