// Trials of a search as data, and their order from best to worst. A cost is what is made small: callers negate scores. Knows no run.
import { crowding, ranksOf } from "./pareto.ts";
import type { Point } from "./space.ts";

/** A setting that is tried. */
export interface Trial {
  /** Counted from 0; the order in which settings were asked for. */
  readonly number: number;
  readonly point: Point;
  /** `pruned`: stopped early, for it looked worse than others. `failed`: it has no cost, such as training that diverged. */
  readonly state: "running" | "finished" | "pruned" | "failed";
  /** One for each objective, lower is better; of finished trials. */
  readonly costs?: readonly number[];
  /** First cost on the way, by step; ascending. */
  readonly curve: readonly { readonly step: number; readonly cost: number }[];
}

/** Whether a trial ended with numbers. */
export const hasCosts = (trial: Trial): trial is Trial & { readonly costs: readonly number[] } =>
  trial.state === "finished" && trial.costs !== undefined && trial.costs.every((cost) => !Number.isNaN(cost));

/** The finished trial of the lowest first cost; the earlier one of equals. */
export function bestOf(trials: readonly Trial[]): (Trial & { readonly costs: readonly number[] }) | undefined {
  let best: (Trial & { readonly costs: readonly number[] }) | undefined;
  for (const trial of trials) if (hasCosts(trial) && (!best || trial.costs[0]! < best.costs[0]!)) best = trial;
  return best;
}

/**
 * Trials from best to worst: finished ones by cost (several costs: by ranks of non-domination, within a rank those in sparse parts of the
 * front first), then pruned ones (those that came further first), then failed and running ones, of which nothing good is known.
 */
export function bestFirst(trials: readonly Trial[]): Trial[] {
  const finished = trials.filter(hasCosts);
  const several = (finished[0]?.costs.length ?? 1) > 1;
  const costs = finished.map((trial) => trial.costs);
  const [ranks, sparse] = several ? [ranksOf(costs), crowding(costs)] : [costs.map(([first]) => first!), undefined];
  const order = [...finished.keys()].sort((a, b) => ranks[a]! - ranks[b]! || (sparse ? sparse[b]! - sparse[a]! : 0));
  const pruned = trials
    .filter(({ state }) => state === "pruned")
    .sort((a, b) => lastOf(b).step - lastOf(a).step || lastOf(a).cost - lastOf(b).cost);
  const rest = trials.filter((trial) => trial.state !== "pruned" && !hasCosts(trial));
  return [...order.map((i) => finished[i]!), ...pruned, ...rest];
}

const lastOf = ({ curve }: Trial) => curve.at(-1) ?? { step: 0, cost: Number.POSITIVE_INFINITY };
