// Eigenvectors of a symmetric matrix: Householder's reduction to three diagonals, then QR steps with Wilkinson's shift (Golub & Van Loan
// 2013, 8.3). Float64. Knows nothing of models.

/** Values from the largest down, and their vectors as rows [n, n], each of length 1. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * @param matrix [n, n] symmetric; it is overwritten
 * @example symmetricEigen(Float64Array.of(2, 1, 1, 2), 2).values // 3, 1
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const rows = new Float64Array(n * n); // Qᵀ of A = Q·T·Qᵀ
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  const { diagonal, beside } = threeDiagonals(matrix, n, rows);
  let high = n - 1;
  for (let round = 0; high > 0 && round < 60 * n; round++) {
    const isSmall = (i: number) =>
      Math.abs(beside[i]!) <= Number.EPSILON * (Math.abs(diagonal[i]!) + Math.abs(diagonal[i + 1]!));
    if (isSmall(high - 1)) {
      high--;
      continue;
    }
    let low = high - 1;
    while (low > 0 && !isSmall(low - 1)) low--;
    step(diagonal, beside, low, high, rows, n);
  }
  const order = [...diagonal.keys()].sort((a, b) => diagonal[b]! - diagonal[a]!);
  const vectors = new Float64Array(n * n);
  for (const [to, from] of order.entries()) vectors.set(rows.subarray(from * n, (from + 1) * n), to * n);
  return { values: Float64Array.from(order, (i) => diagonal[i]!), vectors };
}

/** Reflects column by column; `rows` takes the same reflections. */
function threeDiagonals(a: Float64Array, n: number, rows: Float64Array) {
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm += a[i * n + k]! ** 2;
    norm = Math.sqrt(norm);
    if (norm === 0) continue;
    v.fill(0);
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!;
    v[k + 1]! += v[k + 1]! < 0 ? -norm : norm;
    let size = 0;
    for (let i = k + 1; i < n; i++) size += v[i]! ** 2;
    const beta = 2 / size;
    let along = 0; // vᵀ·(β·A·v)
    for (let i = k; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      w[i] = beta * sum;
      along += v[i]! * w[i]!;
    }
    for (let i = k; i < n; i++) w[i]! -= (beta / 2) * along * v[i]!;
    for (let i = k; i < n; i++) for (let j = k; j < n; j++) a[i * n + j]! -= v[i]! * w[j]! + w[i]! * v[j]!;
    reflect(rows, n, v, beta, k + 1);
  }
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!),
    beside: Float64Array.from({ length: Math.max(0, n - 1) }, (_, i) => a[(i + 1) * n + i]!),
  };
}

/** rows ← (I − β·v·vᵀ)·rows. */
function reflect(rows: Float64Array, n: number, v: Float64Array, beta: number, from: number): void {
  const sums = new Float64Array(n);
  for (let i = from; i < n; i++) for (let j = 0; j < n; j++) sums[j]! += v[i]! * rows[i * n + j]!;
  for (let i = from; i < n; i++) {
    const by = beta * v[i]!;
    for (let j = 0; j < n; j++) rows[i * n + j]! -= by * sums[j]!;
  }
}

/** One QR step of the part from `low` to `high`. */
function step(d: Float64Array, e: Float64Array, low: number, high: number, rows: Float64Array, n: number): void {
  const half = (d[high - 1]! - d[high]!) / 2;
  const last = e[high - 1]!;
  const shift = d[high]! - last ** 2 / (half + (half < 0 ? -1 : 1) * Math.hypot(half, last));
  let [x, z] = [d[low]! - shift, e[low]!];
  for (let k = low; k < high; k++) {
    const r = Math.hypot(x, z);
    const [c, s] = r === 0 ? [1, 0] : [x / r, z / r];
    if (k > low) e[k - 1] = r;
    const [first, second, between] = [d[k]!, d[k + 1]!, e[k]!];
    d[k] = c * c * first + 2 * c * s * between + s * s * second;
    d[k + 1] = s * s * first - 2 * c * s * between + c * c * second;
    e[k] = c * s * (second - first) + (c * c - s * s) * between;
    if (k < high - 1) {
      x = e[k]!;
      z = s * e[k + 1]!;
      e[k + 1] = c * e[k + 1]!;
    }
    for (let i = k * n, j = (k + 1) * n; i < (k + 1) * n; i++, j++) {
      const [a, b] = [rows[i]!, rows[j]!];
      rows[i] = c * a + s * b;
      rows[j] = c * b - s * a;
    }
  }
}
