// Minimises a smooth function of many variables: L-BFGS (Liu & Nocedal 1989). Knows no model.

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** a ← a + step·b */
function add(a: Float64Array, step: number, b: Float64Array): Float64Array {
  for (let i = 0; i < a.length; i++) a[i]! += step * b[i]!;
  return a;
}

/** a + step·b */
const plus = (a: Float64Array, step: number, b: Float64Array) => add(a.slice(), step, b);

/** a ← factor·a */
function scale(a: Float64Array, factor: number): Float64Array {
  for (let i = 0; i < a.length; i++) a[i]! *= factor;
  return a;
}

const largest = (x: Float64Array): number => {
  let most = 0;
  for (let i = 0; i < x.length; i++) most = Math.max(most, Math.abs(x[i]!));
  return most;
};

export interface MinimiseOptions {
  /** Most steps. Default 200. */
  readonly iterations?: number;
  /** Largest part of the gradient at which it is done. Default 1e-6. */
  readonly tolerance?: number;
  /** Pairs of steps that are remembered: memory is twice as many copies of x. Default 12. */
  readonly pairs?: number;
}

/**
 * A minimum of a smooth convex function by L-BFGS, steps halved until the value falls as Armijo asks (Nocedal & Wright 2006, algorithm 7.5).
 * @param f gives the value at x and writes the gradient
 * @param start not changed
 */
export function minimise(
  f: (x: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  { iterations = 200, tolerance = 1e-6, pairs: most = 12 }: MinimiseOptions = {},
): Float64Array {
  let x: Float64Array = start;
  let gradient: Float64Array = new Float64Array(x.length);
  let value = f(x, gradient);
  const pairs: { s: Float64Array; y: Float64Array; sy: number }[] = [];
  for (let n = 0; n < iterations; n++) {
    if (largest(gradient) <= tolerance) break;
    const direction = directionOf(gradient, pairs);
    const slope = dot(direction, gradient);
    let step = pairs.length ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
    let moved: { x: Float64Array; gradient: Float64Array; value: number } | undefined;
    for (let tries = 0; tries < 30 && !moved; tries++, step /= 2) {
      const next = plus(x, step, direction);
      const position = new Float64Array(x.length);
      const there = f(next, position);
      if (there <= value + 1e-4 * step * slope) moved = { x: next, gradient: position, value: there };
    }
    if (!moved) break; // at the end of what float64 tells apart
    const s = plus(moved.x, -1, x);
    const y = plus(moved.gradient, -1, gradient);
    const sy = dot(s, y);
    if (sy > 1e-14 * dot(y, y)) pairs.push({ s, y, sy });
    if (pairs.length > most) pairs.shift();
    ({ x, gradient, value } = moved);
  }
  return x;
}

/** −H·g by the two loops. */
function directionOf(
  gradient: Float64Array,
  pairs: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly sy: number }[],
): Float64Array {
  const q = scale(gradient.slice(), -1);
  const shares = pairs.map(() => 0);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, sy } = pairs[i]!;
    shares[i] = dot(s, q) / sy;
    add(q, -shares[i]!, y);
  }
  const last = pairs.at(-1);
  if (last) scale(q, last.sy / dot(last.y, last.y));
  for (const [i, { s, y, sy }] of pairs.entries()) add(q, shares[i]! - dot(y, q) / sy, s);
  return q;
}
