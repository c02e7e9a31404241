// Areas under ROC curves of groups from rows in the order of their scores: pairs in the right order, ties half (Borkan 2019).
import type { Which } from "./panel.ts";

/** Of a group: AUC within, with positives from outside (BPSN), and with negatives from outside (BNSP). */
export type Areas = readonly [auc: number, bpsn: number, bnsp: number];

/**
 * Areas of every group in one pass.
 * @param order rows by rising score [N]
 * @param truth 0 or 1 [N]
 */
export function groupAreas(
  order: Int32Array,
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  groupOf: Int32Array,
  groups: number,
): (which: Which, g: number) => Areas {
  const columns = () => new Float64Array(groups);
  const [below, within, overNegatives, underPositives] = [columns(), columns(), columns(), columns()];
  const [positives, negatives, blockPositive, blockNegative] = [columns(), columns(), columns(), columns()];
  const allPositives = order.reduce((n, row) => n + truth[row]!, 0);
  const allNegatives = order.length - allPositives;
  let [seenPositive, seenNegative, total] = [0, 0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start;
    let [positive, negative] = [0, 0];
    for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end++) {
      const row = order[end]!;
      if (truth[row]) {
        positive++;
        blockPositive[groupOf[row]!]!++;
      } else {
        negative++;
        blockNegative[groupOf[row]!]!++;
      }
    }
    total += positive * (seenNegative + negative / 2);
    for (let k = start; k < end; k++) {
      const g = groupOf[order[k]!]!;
      const [p, n] = [blockPositive[g]!, blockNegative[g]!];
      if (p + n === 0) continue; // done with the group's first row of the block
      within[g]! += p * (below[g]! + n / 2);
      overNegatives[g]! += n * (allPositives - seenPositive - positive / 2);
      underPositives[g]! += p * (seenNegative + negative / 2);
      below[g]! += n;
      positives[g]! += p;
      negatives[g]! += n;
      blockPositive[g] = 0;
      blockNegative[g] = 0;
    }
    seenPositive += positive;
    seenNegative += negative;
    start = end;
  }
  return (which, g) => {
    if (which === "all") return [total / (allPositives * allNegatives), Number.NaN, Number.NaN];
    const [p, n, withinArea] = [positives[g]!, negatives[g]!, within[g]!];
    const [restP, restN] = [allPositives - p, allNegatives - n];
    const [over, under] = [overNegatives[g]! - withinArea, underPositives[g]! - withinArea]; // pairs across the border
    if (which === "own") return [withinArea / (p * n), over / (restP * n), under / (p * restN)];
    return [(total - withinArea - over - under) / (restP * restN), under / (p * restN), over / (restP * n)];
  };
}
