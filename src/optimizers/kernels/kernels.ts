// The host loops of training as one interface with two makers: WebAssembly SIMD (fast) and plain TypeScript (its oracle).
// Every offset is in bytes into one memory, a multiple of 4. Knows no parameter names, no optimizer and no schedule.
import { ConcordError } from "../../base/index.ts";
import { kernelsBase64 } from "./kernels.gen.ts";

/** Float32 scalars of one Adam step; bias correction is folded in by the caller (`stepSize` = lr·√c₂/c₁, `epsilon` = ε·√c₂). */
export type AdamScalars = readonly [
  gradientScale: number,
  decay: number,
  coupled: number,
  mix1: number,
  beta2: number,
  mix2: number,
  stepSize: number,
  epsilon: number,
];

/** What a maker of kernels offers. Counts are in elements; buffers of one call do not overlap. */
export interface Kernels {
  /** g ← scale·g + coupled·p; m ← m + mix1·(g−m); v ← beta2·v + mix2·g²; p ← decay·p − stepSize·m/(√v + epsilon). */
  adam(p: number, g: number, m: number, v: number, count: number, ...scalars: AdamScalars): void;
  /** The same with `top` ← max(top, v) under the root (AMSGrad). */
  adamMaximum(p: number, g: number, m: number, v: number, top: number, count: number, ...scalars: AdamScalars): void;
  /** p ← p − learningRate·(scale·g + coupled·p). */
  sgd(p: number, g: number, count: number, gradientScale: number, coupled: number, learningRate: number): void;
  /** g ← scale·g + coupled·p; b ← momentum·b + mix·g; p ← p − learningRate·(direct·g + buffered·b). */
  sgdMomentum(
    p: number,
    g: number,
    b: number,
    count: number,
    gradientScale: number,
    coupled: number,
    momentum: number,
    mix: number,
    direct: number,
    buffered: number,
    learningRate: number,
  ): void;
  /** g ← scale·g; p ← decay·p − learningRate·sign(beta1·m + mix1·g); m ← beta2·m + mix2·g. */
  lion(
    p: number,
    g: number,
    m: number,
    count: number,
    gradientScale: number,
    decay: number,
    beta1: number,
    mix1: number,
    beta2: number,
    mix2: number,
    learningRate: number,
  ): void;
  /** Σ x² in float64. */
  sumSquares(x: number, count: number): number;
  /** max |x|; NaN if any entry is NaN. */
  largestMagnitude(x: number, count: number): number;
  /** y ← y + a·x. */
  axpy(y: number, x: number, count: number, a: number): void;
  /** x ← a·x. */
  scale(x: number, count: number, a: number): void;
  /** x ← value. */
  fill(x: number, count: number, value: number): void;
  /** table[indices[i]] ← table[indices[i]] + a·rows[i], i ascending; uint32 indices that the caller has checked. */
  addRows(table: number, indices: number, rows: number, rowCount: number, width: number, a: number): void;
  /** x ← x + deviation·N(0, 1) from as many random words; count is a multiple of 8, so a last few floats of padding may change too. */
  addGaussian(x: number, words: number, count: number, deviation: number): void;
  /** Fills a multiple of 4 floats with 0 (next 32-bit word below `threshold`) or `kept`; 16 state words advance. */
  dropoutMask(x: number, count: number, threshold: number, kept: number, state: number): void;
}

let compiled: WebAssembly.Module | undefined;

/**
 * The WebAssembly SIMD kernels over a memory. Compiled once per process, a few KB.
 * @param memory a plain (not shared) memory that already has its final size
 * @throws E_RUNTIME where WebAssembly SIMD is missing
 * @example
 * const memory = new WebAssembly.Memory({ initial: 1 });
 * new Float32Array(memory.buffer, 0, 2).set([3, 4]);
 * wasmKernels(memory).sumSquares(0, 2); // 25
 */
export function wasmKernels(memory: WebAssembly.Memory): Kernels {
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelsBase64), (letter) => letter.charCodeAt(0)));
  } catch (cause) {
    throw new ConcordError("E_RUNTIME", {
      operation: "load training kernels",
      problem: "this JavaScript engine cannot compile WebAssembly SIMD",
      hint: "use Node 20 or newer, or a browser of 2023 or newer",
      cause,
    });
  }
  // exports carry no types; the kernels' own tests check each one
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
}
