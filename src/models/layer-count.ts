// How many layers a model has, by its config. Knows no architecture.
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
