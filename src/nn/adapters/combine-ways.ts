// The ways of combining low-rank adapters at one layer, as PEFT defines them. Knows no model and no file.
// Shapes: A [r, in], B [out, r], R the sum of ranks.
import { type Random, symmetricEigen } from "../../base/index.ts";
import type { AdaptedShape } from "./kind.ts";

/** Ways to combine adapters, as PEFT names them. */
export const combinations = ["cat", "svd", "linear", "ties", "dare_linear", "dare_ties", "magnitude_prune"] as const;
export type Combination = (typeof combinations)[number];

/** A and B of one adapter at one layer, with the weight times the scale. */
export interface Part {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly rank: number;
  readonly factor: number;
}

export type Product = Pick<Part, "a" | "b">;

/** What a way needs beside the adapters. */
export interface WayOptions {
  readonly density: number;
  readonly rng: Random;
}
export type Way = (parts: readonly Part[], layer: AdaptedShape, options: WayOptions) => Product;

/** A below each other with the factors in it, B beside each other; zeros where fewer ranks are than the layout's. */
function joined(parts: readonly Part[], { outs, ins, rank }: Pick<AdaptedShape, "outs" | "ins" | "rank">): Product {
  const [a, b] = [new Float32Array(rank * ins), new Float32Array(outs * rank)];
  let at = 0;
  for (const part of parts) {
    a.set(
      part.a.map((x) => part.factor * x),
      at * ins,
    );
    for (let o = 0; o < outs; o++) b.set(part.b.subarray(o * part.rank, (o + 1) * part.rank), o * rank + at);
    at += part.rank;
  }
  return { a, b };
}

/**
 * The largest singular values of Δ = B·A [out, in], all ranks together, by matrices [R, R] alone: with BᵀB = V·D·Vᵀ and
 * D^½·Vᵀ·(A·Aᵀ)·V·D^½ = W·Σ²·Wᵀ the left vectors are B·V·D^-½·W, and the right ones Σ⁻¹·Wᵀ·D^½·Vᵀ·A. B has U·Σ and A the right vectors.
 */
const svd: Way = (parts, { outs, ins, rank }) => {
  const total = parts.reduce((sum, part) => sum + part.rank, 0);
  const { a, b } = joined(parts, { outs, ins, rank: total });
  const left = symmetricEigen(
    gram(total, outs, (r, o) => b[o * total + r]!),
    total,
  );
  const roots = left.values.map((d) => Math.sqrt(Math.max(0, d)));
  const turned = new Float64Array(total * ins); // D^½·Vᵀ·A
  for (let k = 0; k < total; k++)
    for (let r = 0; r < total; r++) {
      const by = roots[k]! * left.vectors[k * total + r]!;
      for (let i = 0; i < ins; i++) turned[k * ins + i]! += by * a[r * ins + i]!;
    }
  const right = symmetricEigen(
    gram(total, ins, (k, i) => turned[k * ins + i]!),
    total,
  );
  const values = right.values.map((s) => Math.sqrt(Math.max(0, s)));
  const [outA, outB] = [new Float32Array(rank * ins), new Float32Array(outs * rank)];
  for (let k = 0; k < Math.min(rank, total); k++) {
    if (values[k]! <= 1e-7 * values[0]!) break; // below what squared float32 numbers can tell
    const vector = new Float64Array(ins);
    for (let j = 0; j < total; j++) {
      const by = right.vectors[k * total + j]! / values[k]!;
      for (let i = 0; i < ins; i++) vector[i]! += by * turned[j * ins + i]!;
    }
    outA.set(vector, k * ins);
    const along = new Float64Array(total); // A·v, so that U·σ = B·(A·v)
    for (let r = 0; r < total; r++) for (let i = 0; i < ins; i++) along[r]! += a[r * ins + i]! * vector[i]!;
    for (let o = 0; o < outs; o++) {
      let sum = 0;
      for (let r = 0; r < total; r++) sum += b[o * total + r]! * along[r]!;
      outB[o * rank + k] = sum;
    }
  }
  return { a: outA, b: outB };
};

/** Products of all pairs of rows, [n, n]. */
function gram(n: number, length: number, at: (row: number, i: number) => number): Float64Array {
  const out = new Float64Array(n * n);
  for (let r = 0; r < n; r++)
    for (let s = 0; s <= r; s++) {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += at(r, i) * at(s, i);
      out[r * n + s] = out[s * n + r] = sum;
    }
  return out;
}

/** A and B by themselves, each with the root of its factor; A has the sign. */
const eachAlone =
  (join: (tensors: readonly Float32Array[], factors: readonly number[], options: WayOptions) => Float32Array): Way =>
  (parts, _layer, options) => {
    const roots = parts.map(({ factor }) => Math.sqrt(Math.abs(factor)));
    const signed = roots.map((root, i) => (parts[i]!.factor < 0 ? -root : root));
    return {
      a: join(
        parts.map((p) => p.a),
        signed,
        { ...options, rng: options.rng.split("A") },
      ),
      b: join(
        parts.map((p) => p.b),
        roots,
        { ...options, rng: options.rng.split("B") },
      ),
    };
  };

function weightedSum(tensors: readonly Float32Array[], factors: readonly number[]): Float32Array {
  return tensors[0]!.map((_, i) => tensors.reduce((sum, t, m) => sum + factors[m]! * t[i]!, 0));
}

/** Sums of entries that have the sign of the sum of all, over their number. */
function electedSum(tensors: readonly Float32Array[], factors: readonly number[]): Float32Array {
  return tensors[0]!.map((_, i) => {
    const sign = tensors.reduce((sum, t) => sum + t[i]!, 0) >= 0 ? 1 : -1;
    let [sum, count] = [0, 0];
    for (const [m, t] of tensors.entries())
      if (Math.sign(t[i]!) === sign) {
        sum += factors[m]! * t[i]!;
        count++;
      }
    return sum / Math.max(1, count);
  });
}

/** The largest entries, ⌊density·n⌋ of them; zeros for the others. */
function largest(tensor: Float32Array, density: number): Float32Array {
  const order = [...tensor.keys()].sort((i, j) => Math.abs(tensor[j]!) - Math.abs(tensor[i]!) || i - j);
  const kept = new Float32Array(tensor.length);
  for (const i of order.slice(0, Math.floor(density * tensor.length))) kept[i] = tensor[i]!;
  return kept;
}

/** Random entries over the density; zeros for the others. */
const someOf = (tensor: Float32Array, density: number, rng: Random): Float32Array =>
  tensor.map((x) => (rng.float() < density ? x / density : 0));

const trimmed = (join: typeof weightedSum) =>
  eachAlone((tensors, factors, { density }) =>
    join(
      tensors.map((t) => largest(t, density)),
      factors,
    ),
  );
const dropped = (join: typeof weightedSum) =>
  eachAlone((tensors, factors, { density, rng }) =>
    join(
      tensors.map((t, m) => someOf(t, density, rng.split(`${m}`))),
      factors,
    ),
  );

/** By the names of PEFT. */
export const ways: Readonly<Record<Combination, Way>> = {
  cat: joined,
  svd,
  linear: eachAlone(weightedSum),
  ties: trimmed(electedSum),
  magnitude_prune: trimmed(weightedSum),
  dare_linear: dropped(weightedSum),
  dare_ties: dropped(electedSum),
};
