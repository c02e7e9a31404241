// Matrices as two factors of a lower rank, chosen so that what they put out on real inputs changes least (data-aware low rank: Chen 2021,
// "DRONE", NeurIPS; Wang 2024, arXiv:2403.07378). Only where the factors hold fewer numbers than the matrix. Pure.
// Shapes: W [m, n] of y = W·x; C [n, n] = Σ x·xᵀ.
import { ConcordError, type HostArray, symmetricEigen } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { factorNames, factorsEntry, type Model, modelOf } from "../models/index.ts";
import type { SmallerModel } from "./smaller-model.ts";

type Weights = ReadonlyMap<string, HostArray<"float32">>;

/** A model with factors, and the rank of each module that has them. */
export interface Factored extends SmallerModel {
  readonly ranks: Readonly<Record<string, number>>;
}

/** Weights that may have factors: of linear layers outside the head. */
export const factorable = ({ parameters, transposedWeights }: Model): string[] =>
  transposedWeights ? [] : parameters.flatMap((p) => (p.linear && !p.head && p.shape.length === 2 ? [p.name] : []));

/**
 * Replaces matrices by factors. Each keeps the fewest directions of its outputs that hold a share of their second moment.
 * @param moments Σ x·xᵀ [n, n] of what each matrix multiplies, by the name of its weight; matrices without one stay
 * @param keeps share of the outputs' second moment, above 0 and up to 1
 * @throws E_ARGUMENT for a share out of range; E_MODEL where no matrix becomes smaller
 * @example const { model: smaller, weights: factors } = factorise(model, weights, moments, 0.95);
 */
export function factorise(
  model: Model,
  weights: Weights,
  moments: ReadonlyMap<string, Float64Array>,
  keeps: number,
): Factored {
  if (!(keeps > 0 && keeps <= 1))
    throw new ConcordError("E_ARGUMENT", {
      operation: "factorise",
      problem: "factorise.keeps is wrong",
      expected: "a share above 0, up to 1",
      got: String(keeps),
    });
  const ranks: Record<string, number> = {};
  const out = new Map(weights);
  for (const name of factorable(model)) {
    const moment = moments.get(name);
    const factors = moment && factorsOf(weights.get(name)!, moment, keeps);
    if (!factors) continue;
    const module = name.replace(/\.weight$/, "");
    const names = factorNames(module);
    ranks[module] = factors.inner.shape[0]!;
    out.delete(name);
    out.set(names.outer, factors.outer);
    out.set(names.inner, factors.inner);
  }
  if (Object.keys(ranks).length === 0)
    throw new ConcordError("E_MODEL", {
      operation: "factorise",
      problem: "no matrix becomes smaller: its factors would hold more numbers than it does",
      expected: "a lower factorise.keeps, or another way to compress",
      got: String(keeps),
      path: "compress.steps",
    });
  const before = (model.config[factorsEntry] ?? {}) as Record<string, number>;
  const config = { ...model.config, [factorsEntry]: { ...before, ...ranks } };
  return { model: modelOf(configOf(config, "factored")), weights: out, ranks };
}

/** W ≈ P·Pᵀ·W, P the leading eigenvectors of W·C·Wᵀ; undefined where that holds no fewer numbers. */
function factorsOf({ data, shape }: HostArray<"float32">, moment: Float64Array, keeps: number) {
  const [m, n] = shape as readonly [number, number];
  const w = Float64Array.from(data);
  const { values, vectors } = m <= n ? ofOutputs(w, moment, m, n) : ofInputs(w, moment, m, n);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const size = Math.min(m, n);
  let [rank, held] = [0, 0];
  while (rank < size && held < keeps * total) held += Math.max(0, values[rank++]!);
  if (rank === 0 || rank * (m + n) >= m * n) return undefined;
  const leading = vectors.subarray(0, rank * m); // rows [rank, m]
  const inner = product(leading, w, rank, m, n);
  const outer = new Float32Array(m * rank);
  for (let r = 0; r < rank; r++) for (let i = 0; i < m; i++) outer[i * rank + r] = leading[r * m + i]!;
  const array = (of: readonly number[], numbers: Float32Array): HostArray<"float32"> => ({
    dtype: "float32",
    shape: of,
    data: numbers,
  });
  return { outer: array([m, rank], outer), inner: array([rank, n], Float32Array.from(inner)) };
}

/** Of W·C·Wᵀ [m, m]. */
function ofOutputs(w: Float64Array, moment: Float64Array, m: number, n: number) {
  const half = product(w, moment, m, n, n);
  return symmetricEigen(product(half, turned(w, m, n), m, n, m), m);
}

/** The same vectors by way of the smaller Lᵀ·WᵀW·L [n, n] with C = L·Lᵀ: u = W·L·q / √λ. */
function ofInputs(w: Float64Array, moment: Float64Array, m: number, n: number) {
  const seen = product(w, lower(moment, n), m, n, n); // W·L
  const { values, vectors } = symmetricEigen(product(turned(seen, m, n), seen, n, m, n), n);
  const out = product(vectors, turned(seen, m, n), n, n, m); // rows q·(W·L)ᵀ
  for (let r = 0; r < n; r++) {
    const length = Math.sqrt(Math.max(values[r]!, Number.MIN_VALUE));
    for (let i = 0; i < m; i++) out[r * m + i]! /= length;
  }
  return { values, vectors: out };
}

/** Cholesky's L of C with a little added to the diagonal: C of few rows has no full rank. */
function lower(moment: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += moment[i * n + i]!;
  const ridge = (1e-10 * trace) / n + Number.MIN_VALUE;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = moment[i * n + j]! + (i === j ? ridge : 0);
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, ridge)) : sum / l[j * n + j]!;
    }
  return l;
}

/** A [m, k] · B [k, n]. */
function product(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++) {
      const by = a[i * k + p]!;
      for (let j = 0, at = p * n, to = i * n; j < n; j++) out[to++]! += by * b[at++]!;
    }
  return out;
}

function turned(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!;
  return out;
}
