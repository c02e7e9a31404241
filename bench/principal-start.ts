// Starts of LoRA that take their matrices out of the base, measured beside the plain start: PiSSA (Meng 2024, arXiv:2404.02948) and LoftQ (Li
// 2023, arXiv:2310.08659, one round).
import type { HostArray, Random } from "../src/base/index.ts";
import type { AdapterLayout } from "../src/nn/index.ts";
import { fromNf4, quantiseNf4 } from "../src/onnx/index.ts";

type Floats = HostArray<"float32">;

/** Changes base and adapter: W stays what Q + s·B·A is, but for rounding. */
export function principalStart(
  how: "pissa" | "loftq",
  layout: AdapterLayout,
  weights: Map<string, HostArray>,
  rng: Random,
): void {
  for (const { module, outs, ins, rank, scale } of layout.layers) {
    const name = `${module}.weight`;
    const w = weights.get(name) as Floats;
    const rounded = how === "loftq" ? fromNf4(quantiseNf4(w)).data : undefined;
    const target = rounded ? w.data.map((x, i) => x - rounded[i]!) : w.data;
    const { a, b } = leading(target, outs, ins, rank, rng);
    const root = 1 / Math.sqrt(scale);
    weights.set(`${module}.lora.A`, {
      dtype: "float32",
      shape: [rank, ins],
      data: a.map((x) => x * root) as Floats["data"],
    });
    weights.set(`${module}.lora.B`, {
      dtype: "float32",
      shape: [outs, rank],
      data: b.map((x) => x * root) as Floats["data"],
    });
    const rest = rounded ?? w.data.map((x, i) => x - productAt(a, b, Math.floor(i / ins), i % ins, rank, ins));
    weights.set(name, { ...w, data: rest as Floats["data"] });
  }
}

function productAt(a: Float32Array, b: Float32Array, o: number, i: number, rank: number, ins: number): number {
  let sum = 0;
  for (let r = 0; r < rank; r++) sum += b[o * rank + r]! * a[r * ins + i]!;
  return sum;
}

/** The leading r singular parts of W [out, in] as U·Σ^½ and Σ^½·Vᵀ, by 16 rounds of subspace iteration. */
function leading(w: Float32Array, outs: number, ins: number, rank: number, rng: Random) {
  const v = Array.from({ length: rank }, () => Float64Array.from({ length: ins }, () => rng.normal()));
  let u: Float64Array<ArrayBuffer>[] = [];
  for (let round = 0; round < 16; round++) {
    u = orthogonal(v.map((row) => times(w, row, outs, ins)));
    for (const [k, column] of u.entries()) v[k] = turnedTimes(w, column, outs, ins);
    if (round < 15) orthogonal(v);
  }
  // v = Wᵀ·u: its rows are Σ·Vᵀ up to a rotation inside the space, which B·A does not see
  const norms = v.map((row) => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)) || 1);
  const a = new Float32Array(rank * ins);
  const b = new Float32Array(outs * rank);
  for (let k = 0; k < rank; k++) {
    const root = Math.sqrt(norms[k]!);
    a.set(
      v[k]!.map((x) => x / root),
      k * ins,
    );
    for (let o = 0; o < outs; o++) b[o * rank + k] = u[k]![o]! * root;
  }
  return { a, b };
}

function times(w: Float32Array, x: Float64Array, outs: number, ins: number): Float64Array<ArrayBuffer> {
  const y = new Float64Array(outs);
  for (let o = 0; o < outs; o++) for (let i = 0; i < ins; i++) y[o]! += w[o * ins + i]! * x[i]!;
  return y;
}

function turnedTimes(w: Float32Array, x: Float64Array, outs: number, ins: number): Float64Array<ArrayBuffer> {
  const y = new Float64Array(ins);
  for (let o = 0; o < outs; o++) for (let i = 0; i < ins; i++) y[i]! += w[o * ins + i]! * x[o]!;
  return y;
}

/** Gram–Schmidt, in place. */
function orthogonal(rows: Float64Array<ArrayBuffer>[]): Float64Array<ArrayBuffer>[] {
  for (const [k, row] of rows.entries()) {
    for (const before of rows.slice(0, k)) {
      const along = row.reduce((sum, x, i) => sum + x * before[i]!, 0);
      for (let i = 0; i < row.length; i++) row[i]! -= along * before[i]!;
    }
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)) || 1;
    for (let i = 0; i < row.length; i++) row[i]! /= norm;
  }
  return rows;
}
