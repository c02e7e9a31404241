// What a search tries: the recipe's lists of steps, or where it names none ways that train, and after each of them the ways to store its
// weights. Measures nothing.
import { layerCount, type Model } from "../models/index.ts";
import { type CompressSettings, type CompressStepSettings, compressSchema } from "../recipe/index.ts";
import { cutsHeads } from "../shrink/index.ts";
import { askedStep } from "./steps/index.ts";

/** A name and the steps that it stands for. */
export interface Candidate {
  readonly name: string;
  readonly steps: readonly CompressStepSettings[];
}

const quantised = (name: string, quantise: unknown): Candidate => ({
  name,
  steps: compressSchema.parse({ steps: [{ quantise }] }).steps,
});

/** Weights as they are: a candidate where steps before have made the model smaller. */
export const unstored: Candidate = { name: "float32", steps: [] };

/** Ways to store weights that need no ranges of activations. */
const unranged: readonly Candidate[] = [
  quantised("fp16", "fp16"),
  quantised("int8-weights", "int8-weights"),
  quantised("int8, row", { to: "int8", activations: "row" }),
  quantised("int4", "int4"),
  quantised("int4, asymmetric", { to: "int4", symmetric: false }),
];

const ranged: readonly Candidate[] = [
  quantised("int8, static", "int8"),
  quantised("int8, static, smooth 0.7", { to: "int8", smooth: 0.7 }),
];

/** @param isRanged whether there are rows enough for ranges of activations */
export const storingCandidates = (isRanged: boolean): readonly Candidate[] => [
  ...unranged,
  ...(isRanged ? ranged : []),
];

/** The same way with the most sensitive matrices kept. @param drop that is accepted */
export function mixedOf({ name, steps }: Candidate, drop: number): Candidate | undefined {
  const given = steps[0]?.quantise;
  if (!given || given.to === "fp16") return undefined;
  return quantised(`${name}, mixed`, { ...given, sensitivity: { drop } });
}

/** The recipe's lists. Lists of the same steps are numbered. */
export function variantsOf(candidates: NonNullable<CompressSettings["candidates"]>): Candidate[] {
  const names = candidates.map((steps) => steps.map((step) => askedStep(step).name).join(" + "));
  return candidates.map((steps, i) => {
    const alike = names.flatMap((name, k) => (name === names[i] ? [k] : []));
    return { name: alike.length > 1 ? `${names[i]} ${alike.indexOf(i) + 1}` : names[i]!, steps };
  });
}

/** A way that trains, tried where a recipe names none. */
export interface TrainedCandidate extends Candidate {
  /** Passes over the training rows. */
  readonly epochs: number;
}

const trained = (name: string, ...steps: unknown[]): TrainedCandidate => {
  const parsed = compressSchema.parse({ steps }).steps;
  const epochs = parsed.map(
    ({ prune, distil, quantise }) => (prune?.recovery ?? distil ?? quantise?.training)?.epochs ?? 0,
  );
  return { name, steps: parsed, epochs: epochs.reduce((sum, n) => sum + n, 0) };
};

/**
 * Ways that train, in the order in which they are tried: the first paid most where they were measured. Factors cost more of the score than
 * these, and finding them takes minutes that nothing foretells: a recipe names them.
 * @param layers of the model
 */
export const trainedCandidates = (model: Model): readonly TrainedCandidate[] => {
  const layers = layerCount(model) ?? 1;
  const heads = cutsHeads(model) ? 0.5 : 0;
  return [
    trained("prune", { prune: { heads, width: 0.5, recovery: {} } }),
    ...(layers > 1 ? [trained("distil", { distil: { layers: Math.ceil(layers / 2) } })] : []),
    trained("int8, static, trained", { quantise: { to: "int8", training: {} } }),
  ];
};
