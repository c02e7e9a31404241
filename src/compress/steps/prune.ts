// prune: heads and inner units that matter least are cut out, or single weights become zero; what is left may be trained again.
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { ConcordError, random, shuffle } from "../../base/index.ts";
import type { PruneSettings, PruningSettings } from "../../recipe/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { importanceOf, learnedImportance, pruneBlocks, prunedBlocks, prunedNumbers } from "../../shrink/index.ts";
import { examplesOf } from "../../stages/index.ts";
import { type PrunedMatrix, type PruningPlan, pruningLayout } from "../../train/index.ts";
import type { Compressing, CompressStep, StepContext } from "../step.ts";
import { learned } from "./learn.ts";

type Weights = Compressing["weights"];

export const prune: CompressStep<"prune"> = {
  name: "prune",
  notAfterPrivacy: ({ method, recovery }) =>
    method === "importance" && !recovery
      ? undefined
      : {
          problem: "pruning that trains reads training rows without noise: the guarantee of private training would end",
          without: method === "importance" ? "prune.recovery" : `prune.method: ${method}`,
        },
  async apply(given, settings, context) {
    if (settings.weights > 0) return await zeroed(given, settings, context);
    const { heads, width, recovery } = settings;
    const { importance, weights, facts } =
      settings.method === "importance"
        ? await measured(given, settings, context)
        : await scored(given, settings, context);
    const start = pruneBlocks(given.model, weights, importance, { heads, width });
    if (!recovery) return { result: { ...given, ...start }, facts };
    const trained = await learned({ given, start, folder: "recovery" }, recovery, context);
    const result = { ...given, model: start.model, weights: trained.weights };
    return { result, facts: { ...facts, recovery: trained.facts } };
  },
};

/** Importance on validation rows. @throws E_DATA without any */
async function measured(
  { model, weights, processor }: Compressing,
  { rows: most }: PruneSettings,
  { recipe, rows }: StepContext,
) {
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
  return { importance, weights, facts: { importanceRows: examples.length } };
}

/** Importance that is learned, and the weights that learned with it. */
async function scored(given: Compressing, { heads, width, training }: PruneSettings, context: StepContext) {
  const { model, weights } = given;
  const trained = await removing(given, prunedBlocks(model, weights, { heads, width }), "movement", training!, context);
  return {
    importance: learnedImportance(model, trained.weights),
    weights: withoutScores(given, trained.weights),
    facts: { training: trained.facts },
  };
}

/** Single weights become zero. */
async function zeroed(given: Compressing, { method, weights: share, training }: PruneSettings, context: StepContext) {
  const by = method === "magnitude" ? "magnitude" : "movement";
  const trained = await removing(given, prunedNumbers(given.model, share), by, training!, context);
  const weights = withoutScores(given, trained.layout.applied(trained.weights));
  const zipped = { before: await zippedBytes(given.weights), after: await zippedBytes(weights) };
  return {
    result: { ...given, weights },
    facts: { training: trained.facts, zeros: Number(zerosIn(weights).toFixed(4)), zipped },
  };
}

/** Trains while parts of matrices are removed. */
async function removing(
  given: Compressing,
  matrices: readonly PrunedMatrix[],
  by: PruningPlan["by"],
  { start, end, ...settings }: PruningSettings,
  context: StepContext,
) {
  const plan: PruningPlan = { by, matrices, start, end };
  const layout = pruningLayout(given.model, plan);
  const scores = layout.startScores(given.weights);
  const learner = { model: given.model, weights: new Map([...given.weights, ...scores]) };
  const trained = await learned({ given, start: learner, job: { pruning: plan } }, settings, context);
  return { ...trained, layout };
}

const withoutScores = ({ model }: Compressing, weights: Weights): Weights =>
  new Map(model.parameters.map(({ name }) => [name, weights.get(name)!]));

/** Share of zeros among all weights. */
function zerosIn(weights: Weights): number {
  let [zeros, all] = [0, 0];
  for (const { data } of weights.values()) {
    all += data.length;
    for (const x of data) if (x === 0) zeros++;
  }
  return zeros / all;
}

const zip = promisify(deflate);

/** Bytes of the weights once they are zipped (deflate). */
async function zippedBytes(weights: Weights): Promise<number> {
  let bytes = 0;
  for (const { data } of weights.values())
    bytes += (await zip(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))).length;
  return bytes;
}
