// factorise: matrices become two factors of a lower rank where that takes fewer numbers; what is left may be trained again.
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { factorable, factorise as factorised, secondMoments } from "../../shrink/index.ts";
import type { Compressing, CompressStep, StepContext } from "../step.ts";
import { learned } from "./learn.ts";
import { observeRows } from "./observe.ts";

export const factorise: CompressStep<"factorise"> = {
  name: "factorise",
  notAfterPrivacy: ({ recovery }) =>
    recovery && {
      problem: "recovery reads training rows without noise: the guarantee of private training would end",
      without: "factorise.recovery",
    },
  async apply(given, { keeps, rows: most, recovery }, context) {
    const { moments, rows } = await measured(given, most, context);
    const { ranks, ...start } = factorised(given.model, given.weights, moments, keeps);
    const facts = { ranks, rows };
    if (!recovery) return { result: { ...given, ...start }, facts };
    const trained = await learned({ given, start }, recovery, context);
    const result = { ...given, model: start.model, weights: trained.weights };
    return { result, facts: { ...facts, recovery: trained.facts } };
  },
};

/** Σ x·xᵀ of what each matrix multiplies on validation rows. */
async function measured(given: Compressing, most: number, context: StepContext) {
  const { moments, observe, add, dispose } = secondMoments(cpuRuntime);
  const asked = {
    names: factorable(given.model),
    most,
    word: "factorise",
    observe,
    pause: add,
    problem: "there are too few validation rows to measure what matrices multiply",
    hint: "set data.split.dev higher, or prune instead",
  };
  try {
    return { rows: await observeRows(given, asked, context), moments };
  } finally {
    await dispose();
  }
}
