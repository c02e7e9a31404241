// (A + penalty · I) x = b for a symmetric positive matrix, by Cholesky's decomposition.

/**
 * Decomposes once and solves often.
 * @param lower A, row by row; only its lower half is read @param size rows of A
 * @example positiveSolve(Float64Array.of(4), 1, 0)(Float64Array.of(2))[0] // 0.5
 */
export function positiveSolve(lower: Float64Array, size: number, penalty: number): (b: Float64Array) => Float64Array {
  const l = Float64Array.from(lower);
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = l[i * size + j]! + (i === j ? penalty : 0);
      for (let k = 0; k < j; k++) sum -= l[i * size + k]! * l[j * size + k]!;
      l[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / l[j * size + j]!;
    }
  }
  return (b) => {
    const x = Float64Array.from(b);
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < i; k++) x[i]! -= l[i * size + k]! * x[k]!;
      x[i]! /= l[i * size + i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      for (let k = i + 1; k < size; k++) x[i]! -= l[k * size + i]! * x[k]!;
      x[i]! /= l[i * size + i]!;
    }
    return x;
  };
}
