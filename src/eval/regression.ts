// Errors and correlations of predicted numbers, by scikit-learn's and SciPy's definitions.
import { checkColumns, checkFinite } from "./labels.ts";
import { mean } from "./sums.ts";

type Numbers = ArrayLike<number>;
interface Weighted {
  /** [N] Default 1 each. */
  readonly sampleWeight?: Numbers;
}

function differences(operation: string, truth: Numbers, predicted: Numbers, sampleWeight?: Numbers): number[] {
  checkColumns(operation, { truth, predicted, sampleWeight });
  checkFinite(operation, "truth", truth);
  checkFinite(operation, "predicted", predicted);
  return Array.from(truth, (y, i) => y - predicted[i]!);
}

/** Mean |y − ŷ|. @throws E_SHAPE, E_DATA for columns that do not fit @example meanAbsoluteError([1, 2], [1, 4]) // 1 */
export const meanAbsoluteError = (truth: Numbers, predicted: Numbers, { sampleWeight }: Weighted = {}): number =>
  mean(differences("meanAbsoluteError", truth, predicted, sampleWeight).map(Math.abs), sampleWeight);

/** Mean (y − ŷ)². @throws E_SHAPE, E_DATA for columns that do not fit @example meanSquaredError([1, 2], [1, 4]) // 2 */
export const meanSquaredError = (truth: Numbers, predicted: Numbers, { sampleWeight }: Weighted = {}): number =>
  mean(
    differences("meanSquaredError", truth, predicted, sampleWeight).map((d) => d * d),
    sampleWeight,
  );

/** √ of {@link meanSquaredError}. */
export const rootMeanSquaredError = (truth: Numbers, predicted: Numbers, options: Weighted = {}): number =>
  Math.sqrt(meanSquaredError(truth, predicted, options));

/** Median |y − ŷ|. @throws E_SHAPE, E_DATA for columns that do not fit */
export function medianAbsoluteError(truth: Numbers, predicted: Numbers): number {
  const sorted = differences("medianAbsoluteError", truth, predicted)
    .map(Math.abs)
    .sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Largest |y − ŷ|. @throws E_SHAPE, E_DATA for columns that do not fit */
export const maximumError = (truth: Numbers, predicted: Numbers): number =>
  differences("maximumError", truth, predicted).reduce((most, d) => Math.max(most, Math.abs(d)), 0);

/** 1 − residual / total, where a constant truth gives 1 (no residual) or 0. */
const explained = (residual: number, total: number) => (total !== 0 ? 1 - residual / total : residual === 0 ? 1 : 0);

/**
 * Coefficient of determination R²; for a constant truth 1 when all are right, else 0.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 * @example r2([1, 2, 3], [1, 2, 4]) // 0.5
 */
export function r2(truth: Numbers, predicted: Numbers, { sampleWeight }: Weighted = {}): number {
  const residuals = differences("r2", truth, predicted, sampleWeight);
  const center = mean(truth, sampleWeight);
  const total = mean(
    Array.from(truth, (y) => (y - center) ** 2),
    sampleWeight,
  );
  return explained(
    mean(
      residuals.map((d) => d * d),
      sampleWeight,
    ),
    total,
  );
}

/** Share of the variance that is explained, blind to a constant offset; edge cases as {@link r2}. */
export function explainedVariance(truth: Numbers, predicted: Numbers, { sampleWeight }: Weighted = {}): number {
  const residuals = differences("explainedVariance", truth, predicted, sampleWeight);
  const variance = (values: Numbers) => {
    const center = mean(values, sampleWeight);
    return mean(
      Array.from(values, (v) => (v - center) ** 2),
      sampleWeight,
    );
  };
  return explained(variance(residuals), variance(truth));
}

/** Pearson correlation; NaN for a constant column. @throws E_SHAPE, E_DATA for columns that do not fit */
export function pearson(x: Numbers, y: Numbers): number {
  differences("pearson", x, y);
  const constant = (values: Numbers) => Array.from(values).every((v) => v === values[0]);
  if (constant(x) || constant(y)) return Number.NaN;
  const centred = (values: Numbers) => {
    const center = mean(values);
    const moved = Array.from(values, (v) => v - center);
    const norm = Math.hypot(...chunkNorms(moved));
    return moved.map((v) => v / norm);
  };
  const [a, b] = [centred(x), centred(y)];
  return Math.max(
    -1,
    Math.min(
      1,
      a.reduce((sum, v, i) => sum + v * b[i]!, 0),
    ),
  );
}

/** Norms of short pieces: keeps argument lists small and sums free of overflow. */
function chunkNorms(values: readonly number[]): number[] {
  const size = 4096;
  if (values.length <= size) return [Math.hypot(...values)];
  const pieces = Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    values.slice(i * size, (i + 1) * size),
  );
  return chunkNorms(pieces.map((piece) => Math.hypot(...piece)));
}

/** Spearman rank correlation; ties get their mean rank. NaN for a constant column. */
export const spearman = (x: Numbers, y: Numbers): number => pearson(ranks(x), ranks(y));

/** Ranks from 1, ties get their mean rank. @example ranks([10, 30, 10]) // [1.5, 3, 1.5] */
export function ranks(values: Numbers): number[] {
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const out = new Array<number>(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    for (let k = first; k < end; k++) out[order[k]!] = (first + 1 + end) / 2;
    first = end;
  }
  return out;
}

/**
 * Kendall's τ-b: (concordant − discordant) / √((pairs − ties in x)(pairs − ties in y)), in O(n log n) (Knight 1966).
 * NaN for a constant column.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 * @example kendallTau([1, 2, 3], [1, 3, 2]) // 0.333…
 */
export function kendallTau(x: Numbers, y: Numbers): number {
  differences("kendallTau", x, y);
  const order = Array.from(x, (_, i) => i).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const pairs = (n: number) => (n * (n - 1)) / 2;
  const tied = (same: (a: number, b: number) => boolean, by: readonly number[]) => {
    let sum = 0;
    for (let first = 0, k = 1; k <= by.length; k++)
      if (k === by.length || !same(by[k]!, by[first]!)) {
        sum += pairs(k - first);
        first = k;
      }
    return sum;
  };
  const tiesX = tied((a, b) => x[a] === x[b], order);
  const tiesBoth = tied((a, b) => x[a] === x[b] && y[a] === y[b], order);
  const byY = order.map((i) => y[i]!);
  const swaps = sortCountingSwaps(byY);
  const tiesY = tied(
    (a, b) => byY[a] === byY[b],
    byY.map((_, i) => i),
  );
  const all = pairs(x.length);
  const excess = all - tiesX - tiesY + tiesBoth - 2 * swaps;
  const spread = Math.sqrt(all - tiesX) * Math.sqrt(all - tiesY);
  return spread === 0 ? Number.NaN : Math.max(-1, Math.min(1, excess / spread));
}

/** Merge sort in place; the number of pairs that were out of order. */
function sortCountingSwaps(values: number[]): number {
  let swaps = 0;
  let from = Float64Array.from(values);
  let to = new Float64Array(values.length);
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      for (let left = start, right = middle, k = start; k < end; k++)
        if (left < middle && (right >= end || from[left]! <= from[right]!)) to[k] = from[left++]!;
        else {
          swaps += middle - left;
          to[k] = from[right++]!;
        }
    }
    [from, to] = [to, from];
  }
  for (const [i, value] of from.entries()) values[i] = value;
  return swaps;
}
