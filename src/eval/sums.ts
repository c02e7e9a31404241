// Sums and means in the order in which NumPy adds, so that a printed digit never differs by a rounding of the last place.

/** Σ of float64 values by pairwise summation with NumPy's blocks (8 running sums up to 128 values, halves above). */
export function pairwiseSum(values: ArrayLike<number>, start = 0, end = values.length): number {
  const n = end - start;
  if (n < 8) {
    let sum = 0;
    for (let i = start; i < end; i++) sum += values[i]!;
    return sum;
  }
  if (n > 128) {
    const half = Math.floor(n / 2) - (Math.floor(n / 2) % 8);
    return pairwiseSum(values, start, start + half) + pairwiseSum(values, start + half, end);
  }
  const r = Array.from({ length: 8 }, (_, k) => values[start + k]!) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const whole = start + n - (n % 8);
  for (let i = start + 8; i < whole; i += 8) for (let k = 0; k < 8; k++) r[k]! += values[i + k]!;
  let sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
  for (let i = whole; i < end; i++) sum += values[i]!;
  return sum;
}

/** Mean, or mean weighted by `weights`; NaN for no values. */
export function mean(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  if (!weights) return pairwiseSum(values) / values.length;
  const products = Float64Array.from(values, (value, i) => value * weights[i]!);
  return pairwiseSum(products) / pairwiseSum(weights);
}

/** Mean of the values that are not NaN; weights that are all zero are ignored; NaN when nothing is left. */
export function meanOfDefined(values: readonly number[], weights?: ArrayLike<number>): number {
  const kept = values.map((value, i) => [value, weights?.[i] ?? 1] as const).filter(([value]) => !Number.isNaN(value));
  if (kept.length === 0) return Number.NaN;
  const ownWeights = kept.map(([, weight]) => weight);
  if (weights && ownWeights.some((weight) => weight !== 0))
    return mean(
      kept.map(([value]) => value),
      ownWeights,
    );
  // The undefined ones are added as zeros: NumPy's order.
  return pairwiseSum(values.map((value) => (Number.isNaN(value) ? 0 : value))) / kept.length;
}
