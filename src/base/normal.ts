// The standard normal distribution in float64: distribution function and quantile. Knows no data.

/**
 * Φ(x) = P(Z ≤ x): a series near 0, a continued fraction in the tails (Abramowitz & Stegun 26.2.11, 26.2.14).
 * Relative error about 1e-15, in the lower tail too.
 * @example normalCdf(1.959963984540054) // 0.975
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const z = Math.abs(x);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  let upper: number; // P(Z > z)
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let k = 1; Math.abs(term) > 1e-18 * sum; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    upper = 0.5 - density * sum;
  } else {
    upper = density / millsDenominator(z);
  }
  return x < 0 ? upper : 1 - upper;
}

/** The z + 1/(z + 2/(z + …)) with P(Z > z) = density / it, for z ≥ 2.5: more terms change no bit but the last. */
function millsDenominator(z: number): number {
  let fraction = 0;
  for (let k = Math.ceil(10 + 450 / (z * z)); k >= 1; k--) fraction = k / (z + fraction);
  return z + fraction;
}

/**
 * The x with Φ(x) = p, by bisection and Newton steps on {@link normalCdf}; ±Infinity at 0 and 1, NaN outside.
 * @example normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  if (p > 0.5) return -normalQuantile(1 - p); // the lower tail keeps its digits
  let [low, high] = [-39, 0];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  let x = (low + high) / 2;
  for (let i = 0; i < 3; i++) {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    if (density === 0) break;
    x -= (normalCdf(x) - p) / density;
  }
  return x;
}

/**
 * ln Φ(x), also where Φ(x) itself is too small for a number (x below −38).
 * @example logNormalCdf(-100) // -5005.52…
 */
export function logNormalCdf(x: number): number {
  if (x > -10) return Math.log(normalCdf(x));
  return (-x * x) / 2 - Math.log(Math.sqrt(2 * Math.PI) * millsDenominator(-x));
}
