// Random projections of an update: enough of them, drawn after it is fixed, tell its length (Johnson & Lindenstrauss 1984; with coefficients
// 0, +1 and −1 Achlioptas 2003, doi:10.1016/S0022-0000(03)00025-4).
import type { Primitives } from "../primitives.ts";

/** How many: whoever can try 2⁶⁴ seeds gets 3.2 times an honest length through (docs/rounds.md). */
export const projectionCount = 128;

/** Words of keystream for eight numbers: of each projection a byte that says which count, and one that says which are subtracted. */
const perBlock = projectionCount / 2;

/**
 * Projections Σ r·word modulo 2³², r being 0 (chance ½), +1 or −1 (¼ each), the same for all vectors.
 * @param seed 32 bytes
 * @param vectors of one length, of any number of words
 * @returns of each vector {@link projectionCount} words
 */
export function project(primitives: Primitives, seed: Uint8Array, vectors: readonly Uint32Array[]): Uint32Array[] {
  const out = vectors.map(() => new Int32Array(projectionCount));
  const size = vectors[0]?.length ?? 0;
  const blocks = Math.ceil(size / 8);
  const sums = new Int32Array(256);
  const coefficients = new Uint32Array(perBlock);
  let [filled, block] = [0, 0];
  for (const piece of primitives.keystream(seed, blocks * perBlock))
    for (let at = 0; at < piece.length; ) {
      const some = piece.subarray(at, at + perBlock - filled);
      coefficients.set(some, filled);
      at += some.length;
      filled += some.length;
      if (filled < perBlock) continue;
      for (const [v, vector] of vectors.entries()) {
        subsetSums(vector, 8 * block, sums);
        addBlock(out[v]!, coefficients, sums);
      }
      filled = 0;
      block++;
    }
  return out.map((v) => new Uint32Array(v.buffer));
}

/** Sums of all subsets of eight words, zeros behind the end. */
function subsetSums(vector: Uint32Array, from: number, sums: Int32Array): void {
  for (let i = 0; i < 8; i++) {
    const [bit, word] = [1 << i, vector[from + i] ?? 0];
    for (let rest = 0; rest < bit; rest++) sums[bit | rest] = (sums[rest]! + word) | 0;
  }
}

function addBlock(out: Int32Array, coefficients: Uint32Array, sums: Int32Array): void {
  for (let k = 0; k < projectionCount; k++) {
    const two = coefficients[k >>> 1]! >>> ((k & 1) << 4);
    const counts = two & 255;
    out[k] = (out[k]! + sums[counts]! - 2 * sums[counts & (two >>> 8)]!) | 0;
  }
}
