// How many layers a model has, by its config. Knows no architecture.
import { ConcordError } from "../base/index.ts";
import type { Model } from "./model.ts";

const entries = ["num_hidden_layers", "n_layers", "n_layer"] as const;
type WithConfig = Pick<Model, "config">;

/** The entry of config.json that counts layers; undefined where there is none. */
export const layerEntry = ({ config }: WithConfig): (typeof entries)[number] | undefined =>
  entries.find((name) => typeof config[name] === "number");

/** Layers of a model; undefined where its config does not count them. @example layerCount(model) // 12 */
export function layerCount(model: WithConfig): number | undefined {
  const entry = layerEntry(model);
  return entry && (model.config[entry] as number);
}

/** Number of the layer that a parameter lies in, from 0; undefined outside of layers. @example layerOf("bert.encoder.layer.3.output.dense.bias") // 3 */
export function layerOf(name: string): number | undefined {
  const found = /(?:^|\.)(?:layers?|h)\.(\d+)\./.exec(name);
  return found ? Number(found[1]) : undefined;
}

/**
 * How far below the head each parameter lies: 0 for the head and what follows the last layer, 1 for the last layer, and one more for each
 * below it; the embeddings are the deepest.
 */
export function layerDepths(model: Pick<Model, "config" | "parameters">): (name: string) => number {
  const layers = layerCount(model) ?? 0;
  const first = model.parameters.findIndex(({ name }) => layerOf(name) !== undefined);
  const below = new Set(model.parameters.slice(0, Math.max(first, 0)).flatMap((p) => (p.head ? [] : [p.name])));
  return (name) => {
    const layer = layerOf(name);
    if (layer !== undefined) return layers - layer;
    return below.has(name) ? layers + 1 : 0;
  };
}

/**
 * Parameters of the embeddings and of the first layers.
 * @throws E_CONFIG for more layers than the model has
 */
export function firstLayers(model: Pick<Model, "config" | "parameters">, count: number): (name: string) => boolean {
  const layers = layerCount(model) ?? 0;
  if (count > layers)
    throw new ConcordError("E_CONFIG", {
      operation: "freeze layers",
      problem: "the model has fewer layers",
      expected: `0 … ${layers}`,
      got: String(count),
      path: "adapt.freezeLayers",
    });
  const depthOf = layerDepths(model);
  return (name) => count > 0 && depthOf(name) > layers - count;
}
