// The two products of a linear fit over one sparse row, in AssemblyScript, float64. Every offset is in bytes into the one imported
// memory. Sums run over a row's entries in their order, as a plain loop's would: equal bits.

/** scores[c] += Σ values[k]·weight[columns[k]][c] over the row's entries; weight is [F, outputs]. */
export function scoreRow(scores: usize, weight: usize, columns: usize, values: usize, count: i32, outputs: i32): void {
  const stride = (<usize>outputs) << 3;
  const endOfRow = values + ((<usize>count) << 3);
  let c: i32 = 0;
  for (; c + 8 <= outputs; c += 8) {
    const at = (<usize>c) << 3;
    let s0 = v128.load(scores + at);
    let s1 = v128.load(scores + at, 16);
    let s2 = v128.load(scores + at, 32);
    let s3 = v128.load(scores + at, 48);
    for (let v = values, k = columns; v < endOfRow; v += 8, k += 4) {
      const value = v128.load64_splat(v);
      const w = weight + (<usize>load<i32>(k)) * stride + at;
      s0 = f64x2.add(s0, f64x2.mul(value, v128.load(w)));
      s1 = f64x2.add(s1, f64x2.mul(value, v128.load(w, 16)));
      s2 = f64x2.add(s2, f64x2.mul(value, v128.load(w, 32)));
      s3 = f64x2.add(s3, f64x2.mul(value, v128.load(w, 48)));
    }
    v128.store(scores + at, s0);
    v128.store(scores + at, s1, 16);
    v128.store(scores + at, s2, 32);
    v128.store(scores + at, s3, 48);
  }
  for (; c < outputs; c++) {
    const at = (<usize>c) << 3;
    let sum = load<f64>(scores + at);
    for (let v = values, k = columns; v < endOfRow; v += 8, k += 4)
      sum += load<f64>(v) * load<f64>(weight + (<usize>load<i32>(k)) * stride + at);
    store<f64>(scores + at, sum);
  }
}

/** gradient[columns[k]][c] += (scale·values[k])·slopes[c] over the row's entries; gradient is [F, outputs]. */
export function addRow(
  gradient: usize, slopes: usize, columns: usize, values: usize, count: i32, outputs: i32, scale: f64,
): void {
  const stride = (<usize>outputs) << 3;
  const endOfRow = values + ((<usize>count) << 3);
  const pairs = outputs & ~1;
  const endOfPairs = slopes + ((<usize>pairs) << 3);
  for (let v = values, k = columns; v < endOfRow; v += 8, k += 4) {
    const value = scale * load<f64>(v);
    const both = f64x2.splat(value);
    let g = gradient + (<usize>load<i32>(k)) * stride;
    for (let s = slopes; s < endOfPairs; s += 16, g += 16)
      v128.store(g, f64x2.add(v128.load(g), f64x2.mul(both, v128.load(s))));
    if (pairs < outputs) store<f64>(g, load<f64>(g) + value * load<f64>(endOfPairs));
  }
}
