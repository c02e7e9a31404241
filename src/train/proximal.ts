// FedProx's term (Li 2020, arXiv:1812.06127): what leaving the weights that a run started from costs, as a gradient.

import type { Updater } from "../optimizers/index.ts";
import type { TrainedParameters } from "./trained-parameters.ts";

/**
 * Adds μ·(w − w₀), the gradient of μ/2·‖w − w₀‖², to every gradient of a step; call it after the loss's gradients were added.
 * w₀ are the parameters at the time of this call. The store must accumulate gradients.
 * @example const pull = proximalTerm(held, updates, 0.1); updates.add(gradients); pull(); updates.step();
 */
export function proximalTerm(
  { store, trained }: Pick<TrainedParameters, "store" | "trained">,
  updates: Updater,
  mu: number,
): () => void {
  const start = new Map(trained.map((name) => [name, store.view(name).slice()]));
  const largest = Math.max(0, ...[...start.values()].map((a) => a.length));
  const difference = new Float32Array(largest);
  return () => {
    for (const [name, from] of start) {
      const now = store.view(name);
      const distance = difference.subarray(0, from.length);
      for (let i = 0; i < distance.length; i++) distance[i] = now[i]! - from[i]!;
      updates.add([[name, distance]], mu);
    }
  };
}
