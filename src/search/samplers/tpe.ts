// The tree-structured Parzen estimator (Bergstra 2011, NeurIPS; multivariate as Falkner 2018): where good points are dense and others are not.
import { bestFirst } from "../trials.ts";
import { parzen } from "./parzen.ts";
import { randomPoint } from "./random.ts";
import type { Sampler } from "./sampler.ts";

export interface TpeOptions {
  /** Trials at random before the first that is modelled. Default 10. */
  readonly startup?: number;
  /** Points drawn from the good ones' density, of which the best is tried. Default 24. */
  readonly candidates?: number;
  /** Share of the trials that count as good. Default 0.15. */
  readonly good?: number;
  /** Most trials that count as good. Default 25. */
  readonly mostGood?: number;
}

/**
 * Tries the candidate with the largest ratio l(x) / g(x) of the density of good points to that of the others. Trials that run, failed or
 * were pruned are among the others. With several costs good means of a low rank of non-domination.
 */
export const tpeSampler =
  ({ startup = 10, candidates = 24, good = 0.15, mostGood = 25 }: TpeOptions = {}): Sampler =>
  (space, history, random) => {
    const known = history.filter(({ state }) => state !== "running");
    if (known.length < startup) return randomPoint(space, random);
    const order = bestFirst(history).map(({ point }) => point);
    const count = Math.min(mostGood, Math.ceil(good * known.length));
    const near = parzen(space, order.slice(0, count));
    const far = parzen(space, order.slice(count));
    let best = near.sample(random);
    let most = near.logDensity(best) - far.logDensity(best);
    for (let i = 1; i < candidates; i++) {
      const point = near.sample(random);
      const ratio = near.logDensity(point) - far.logDensity(point);
      if (ratio > most) [best, most] = [point, ratio];
    }
    return best;
  };
