// How well membership inference works on both models: the attack without reference models, on the same rows. Compressing can make a
// model give away less of its training rows, or more.
import { matched, surenessOf } from "../../audit/index.ts";
import { random } from "../../base/index.ts";
import type { TextRow } from "../../data/index.ts";
import { bootstrap, onRows, rocAuc } from "../../eval/index.ts";
import { targetScale } from "../../stages/index.ts";
import type { StepContext } from "../step.ts";
import type { Change, PairedDraws, Side } from "./sides.ts";

/** Most rows on each side: an area under the curve of 400 and 400 has an interval of about ±0.04. */
const mostRows = 400;
const fewestRows = 20;

/**
 * Area under the ROC curve of the threshold attack (Yeom 2018, arXiv:1709.01604), before and after: 0.5 is chance.
 * @returns undefined with too few rows on a side
 */
export async function membershipChange(
  { recipe, rows }: StepContext,
  before: Side,
  after: Side,
  { seed, resamples }: PairedDraws,
): Promise<Change | undefined> {
  const outside = [...rows.dev, ...rows.test].filter((row) => !row.inTraining) as TextRow[]; // only labels and attributes are read
  const { members, others } = matched(rows.train as readonly TextRow[], outside, mostRows, seed);
  if (members.length < fewestRows) return undefined;
  const all = [...members, ...others];
  const scale = targetScale(recipe, before.predictor.model, rows.train);
  const signals = (side: Side) => surenessOf(recipe, side, all, scale?.std);
  const [x, y] = [await signals(before), await signals(after)];
  const truth = all.map((_, i) => Number(i < members.length));
  const [a, b] = [x, y].map((scores) => onRows((t: number[], s: number[]) => rocAuc(t, s), truth, scores));
  const units = all.some((row) => row.group !== undefined) ? all.map((row, i) => row.group ?? `row ${i}`) : undefined;
  const interval = (of: (picked: Int32Array) => number, name: string) => {
    const { estimate, low, high } = bootstrap(of, all.length, {
      random: random(`compression membership ${seed} ${name}`),
      resamples: Math.min(resamples, 300),
      method: "percentile",
      ...(units ? { clusters: units } : { strata: truth }),
    });
    return { value: estimate, low, high };
  };
  return {
    before: interval(a!, "before"),
    after: interval(b!, "after"),
    change: interval((picked) => b!(picked) - a!(picked), "change"),
  };
}
