// What a batch costs: a part for every batch and a part for every token, learned from the batches that ran. Knows no job and no clock.

/** Estimates of work, in milliseconds. */
export interface CostModel {
  /** @param batches in which the tokens are answered. Default 1 */
  ms(tokens: number, batches?: number): number;
  /** Tells what a batch took. A pause of the machine is no speed: more than ten times the estimate counts as ten times. */
  learn(tokens: number, ms: number): void;
}

/**
 * Least squares over the batches so far, of which the last count most (each batch leaves earlier ones 90 % of their weight). Both parts stay
 * at or above 0; while all batches were of about one size, everything is counted by tokens.
 * @param msPerToken first estimate, from a warm-up
 * @example
 * const cost = costModel(0.1);
 * for (let i = 0; i < 100; i++) cost.learn(10 + (i % 20), 2 + 0.05 * (10 + (i % 20)));
 * cost.ms(100); // about 7
 */
export function costModel(msPerToken: number): CostModel {
  const keep = 0.9;
  const sum = { n: 0, x: 0, xx: 0, y: 0, xy: 0 };
  let [perBatch, perToken] = [0, Math.max(msPerToken, 1e-6)];
  const ms = (tokens: number, batches = 1) => batches * perBatch + tokens * perToken;
  return {
    ms,
    learn(tokens, took) {
      const y = sum.n === 0 ? took : Math.min(took, 10 * ms(tokens)); // the first estimate is only a guess
      for (const key of ["n", "x", "xx", "y", "xy"] as const) sum[key] *= keep;
      sum.n += 1;
      sum.x += tokens;
      sum.xx += tokens * tokens;
      sum.y += y;
      sum.xy += tokens * y;
      const spread = sum.n * sum.xx - sum.x * sum.x;
      const steepest = sum.y / sum.x;
      const slope = spread > 0.01 * sum.x * sum.x ? (sum.n * sum.xy - sum.x * sum.y) / spread : steepest;
      perToken = Math.max(Math.min(slope, steepest), 1e-6);
      perBatch = Math.max(0, (sum.y - perToken * sum.x) / sum.n);
    },
  };
}
