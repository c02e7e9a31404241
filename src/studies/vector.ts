// The model as members send it: parameters that a study trains, one after the other in a flat vector. Pure.
import { ConcordError, type HostArray, sizeOf } from "../base/index.ts";
import type { Proposal } from "../federated/index.ts";
import { firstLayers, type Model } from "../models/index.ts";
import type { AdapterLayout } from "../nn/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { recipeAdapter } from "../stages/index.ts";

type Weights = ReadonlyMap<string, HostArray<"float32">>;

/** The adapter that a member trains, of whatever rank; none where the whole model is trained. */
export const adapterOf = (recipe: Recipe, model: Model, rank?: number): AdapterLayout | undefined =>
  recipeAdapter(recipe, model, { rank });

/** Parameters that a study changes, in the model's order: of adapters the matrices that they stand beside. */
export function sharedParameters(recipe: Recipe, model: Model): { name: string; shape: readonly number[] }[] {
  const layout = adapterOf(recipe, model);
  const adapted = new Set(layout?.modules.map((module) => `${module}.weight`));
  const kept = new Set(recipe.adapt.privacy?.tables === "freeze" ? Object.values(model.tokens?.tableNames ?? {}) : []);
  const isFrozen = firstLayers(model, recipe.adapt.freezeLayers ?? 0);
  return model.parameters
    .filter(({ name }) => !kept.has(name) && !isFrozen(name) && (!layout || adapted.has(name) || layout.trains(name)))
    .map(({ name, shape }) => ({ name, shape: [...shape] }));
}

/** The shared parameters as one vector. */
export function flatVector({ update }: Pick<Proposal, "update">, weights: Weights): Float32Array {
  const out = new Float32Array(update.reduce((n, part) => n + part.size, 0));
  let at = 0;
  for (const { name, size } of update) {
    out.set(weights.get(name)!.data, at);
    at += size;
  }
  return out;
}

/**
 * All weights, where the shared ones are the vector's.
 * @throws E_MODEL where the start model does not have the proposal's parameters
 */
export function withVector(
  { update }: Pick<Proposal, "update">,
  start: Weights,
  vector: Float32Array,
): Map<string, HostArray<"float32">> {
  const out = new Map(start);
  let at = 0;
  for (const { name, size } of update) {
    const shape = start.get(name)?.shape;
    if (!shape || sizeOf(shape) !== size)
      throw new ConcordError("E_MODEL", {
        operation: "take part in a study",
        problem: `the start model has no parameter ${name} of this size`,
        expected: `${size} numbers`,
        got: shape ? `[${shape}]` : "nothing",
      });
    out.set(name, { dtype: "float32", shape, data: vector.slice(at, at + size) });
    at += size;
  }
  return out;
}

/** Differences of the shared parameters, by name. */
export const differences = (
  { update }: Pick<Proposal, "update">,
  before: Weights,
  after: Weights,
): Record<string, Float32Array> =>
  Object.fromEntries(
    update.map(({ name }) => {
      const [from, out] = [before.get(name)!.data, after.get(name)!.data.slice()];
      for (let i = 0; i < out.length; i++) out[i]! -= from[i]!; // Float32Array.from with a function takes 50 times as long
      return [name, out];
    }),
  );
