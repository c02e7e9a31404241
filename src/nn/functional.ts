// Functions of arrays that models and losses are written with, by their usual names and PyTorch's conventions at ties, zeros
// and masks. Pure functions over values; no parameters, no files.
import { hostArray } from "../base/index.ts";
import {
  abs,
  add,
  constant,
  type Dim,
  div,
  equal,
  exp,
  less,
  linear as linearOp,
  log,
  matmul,
  max,
  maximum,
  mean,
  mul,
  neg,
  or,
  type Reduce,
  reshape,
  scalar,
  sigmoid,
  softmax,
  softplus,
  sqrt,
  stopGradient,
  sub,
  sum,
  type Value,
  where,
} from "../graph/index.ts";
import { lowest } from "./layout.ts";

// activations

/** x·σ(x). */
export const silu = (x: Value): Value => mul(x, sigmoid(x));
/** x·σ(1.702·x). */
export const quickGelu = (x: Value): Value => mul(x, sigmoid(mul(x, 1.702)));
/** x above 0, slope·x elsewhere; the gradient at 0 is the slope. */
export const leakyRelu = (x: Value, slope = 0.01): Value => where(less(scalar(0, x.dtype), x), x, mul(x, slope));
/** ln σ(x). */
export const logSigmoid = (x: Value): Value => neg(softplus(neg(x)));
/** x kept within low … high. NaN stays NaN; the gradient is 0 at the bounds themselves, as PyTorch 2.15 computes it. */
export function clamp(x: Value, low: number, high: number): Value {
  const [a, b] = [scalar(low, x.dtype), scalar(high, x.dtype)];
  const below = or(less(x, a), equal(x, a));
  const above = or(less(b, x), equal(b, x));
  return where(below, a, where(above, b, x));
}
/** silu(x·W₁ᵀ) ∘ x·W₃ᵀ (Shazeer 2020, arXiv:2002.05202). @param gate W₁ [out, in] @param up W₃ [out, in] */
export const swiglu = (x: Value, gate: Value, up: Value): Value => mul(silu(linearOp(x, gate)), linearOp(x, up));

// folding

/** Σ(x − mean)² / (n − correction) over axes; correction 1 is the unbiased estimate (default). */
export function variance(x: Value, { axes, keepDims, correction = 1 }: Reduce & { correction?: number } = {}): Value {
  const d = sub(x, mean(x, { axes, keepDims: true }));
  const biased = mean(mul(d, d), { axes, keepDims });
  if (correction === 0) return biased;
  const count = (axes ?? x.shape.map((_, i) => i)).reduce((n, a) => n * (x.shape.at(a) as number), 1);
  return mul(biased, count / (count - correction));
}
/** √{@link variance}. */
export const standardDeviation = (x: Value, options?: Reduce & { correction?: number }): Value =>
  sqrt(variance(x, options));

/** ln Σeˣ over axes; −∞ where all are −∞. */
export function logSumExp(x: Value, { axes, keepDims = false }: Reduce = {}): Value {
  const top = stopGradient(max(x, { axes, keepDims: true }));
  const shift = where(equal(abs(top), scalar(Infinity, x.dtype)), 0, top);
  const total = add(log(sum(exp(sub(x, shift)), { axes, keepDims: true })), shift);
  return keepDims ? total : reshape(total, sum(x, { axes }).shape);
}

/** √Σx² over axes; its gradient at 0 is 0. */
export function norm(x: Value, options: Reduce = {}): Value {
  const squares = sum(mul(x, x), options);
  const zero = equal(squares, scalar(0, x.dtype));
  return where(zero, 0, sqrt(where(zero, 1, squares)));
}

/** x / max(‖x‖, epsilon) along an axis. */
export const normalize = (x: Value, axis = -1, epsilon = 1e-12): Value =>
  div(x, maximum(norm(x, { axes: [axis], keepDims: true }), epsilon));

/** x·y / (max(‖x‖, epsilon)·max(‖y‖, epsilon)) along an axis, which is dropped. */
export function cosineSimilarity(x: Value, y: Value, axis = -1, epsilon = 1e-8): Value {
  const size = (v: Value) => maximum(norm(v, { axes: [axis] }), epsilon);
  return div(sum(mul(x, y), { axes: [axis] }), mul(size(x), size(y)));
}

// products

/** a · b where a vector counts as a row on the left and as a column on the right, its axis then dropped (torch.matmul). */
export function matrixProduct(a: Value, b: Value): Value {
  const [vectorA, vectorB] = [a.shape.length === 1, b.shape.length === 1];
  const left = vectorA ? reshape(a, [1, a.shape[0]!]) : a;
  const right = vectorB ? reshape(b, [b.shape[0]!, 1]) : b;
  const full = matmul(left, right);
  const lead = full.shape.slice(0, -2);
  const [rows, columns] = full.shape.slice(-2) as [Dim, Dim];
  return reshape(full, [...lead, ...(vectorA ? [] : [rows]), ...(vectorB ? [] : [columns])]);
}

export interface AttentionOptions {
  /** True where a query may look; broadcasts to [.., Sq, S]. A query that may look nowhere looks everywhere alike. */
  readonly mask?: Value;
  /** A query looks at its own position and before. Default false. */
  readonly causal?: boolean;
  /** Factor of the scores. Default 1/√D. */
  readonly scale?: number;
}

/** softmax(scale·q·kᵀ)·v: q [.., Sq, D], k [.., S, D], v [.., S, Dv] → [.., Sq, Dv]. */
export function scaledDotProduct(q: Value, k: Value, v: Value, o: AttentionOptions = {}): Value {
  const scores = matmul(q, k, { transposeB: true, alpha: o.scale ?? 1 / Math.sqrt(q.shape.at(-1) as number) });
  const [rows, columns] = scores.shape.slice(-2) as [number, number];
  const masks = [...(o.mask ? [o.mask] : []), ...(o.causal ? [triangle(rows, columns, 0, true)] : [])];
  return matmul(softmax(masks.reduce((s, m) => where(m, s, lowest), scores)), v);
}

/** True on and below (or on and above) the k-th diagonal of [rows, columns]. */
function triangle(rows: number, columns: number, k: number, lower: boolean): Value {
  const data = Uint8Array.from({ length: rows * columns }, (_, at) => {
    const offset = (at % columns) - Math.floor(at / columns);
    return Number(lower ? offset <= k : offset >= k);
  });
  return constant(hostArray("bool", [rows, columns], data));
}

/** The last two axes with everything above the k-th diagonal set to 0. */
export const lowerTriangle = (x: Value, k = 0): Value =>
  where(triangle(x.shape.at(-2) as number, x.shape.at(-1) as number, k, true), x, 0);
/** The last two axes with everything below the k-th diagonal set to 0. */
export const upperTriangle = (x: Value, k = 0): Value =>
  where(triangle(x.shape.at(-2) as number, x.shape.at(-1) as number, k, false), x, 0);
