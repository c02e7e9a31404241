// Sums, fills and y += a·x over flat float32 buffers.

/** Σ x² in float64: eight running sums (element i goes to sum i mod 8), added as ((0+1)+(2+3))+((4+5)+(6+7)), then the tail. */
export function sumSquares(x: usize, count: i32): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  const vectors = count & ~7;
  const end = x + ((<usize>vectors) << 2);
  while (x < end) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const lo0 = f64x2.promote_low_f32x4(x0);
    const hi0 = f64x2.promote_low_f32x4(v128.shuffle<i32>(x0, x0, 2, 3, 2, 3));
    const lo1 = f64x2.promote_low_f32x4(x1);
    const hi1 = f64x2.promote_low_f32x4(v128.shuffle<i32>(x1, x1, 2, 3, 2, 3));
    a = f64x2.add(a, f64x2.mul(lo0, lo0));
    b = f64x2.add(b, f64x2.mul(hi0, hi0));
    c = f64x2.add(c, f64x2.mul(lo1, lo1));
    d = f64x2.add(d, f64x2.mul(hi1, hi1));
    x += 32;
  }
  let sum =
    f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1) + (f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1)) +
    (f64x2.extract_lane(c, 0) + f64x2.extract_lane(c, 1) + (f64x2.extract_lane(d, 0) + f64x2.extract_lane(d, 1)));
  for (let i = vectors; i < count; i++) {
    const value = <f64>load<f32>(x);
    sum += value * value;
    x += 4;
  }
  return sum;
}

/** max |x|, 0 for none; NaN if any entry is NaN. */
export function largestMagnitude(x: usize, count: i32): f32 {
  let top = f32x4.splat(0);
  const vectors = count & ~3;
  const end = x + ((<usize>vectors) << 2);
  while (x < end) {
    top = f32x4.max(top, f32x4.abs(v128.load(x)));
    x += 16;
  }
  let most = max<f32>(
    max<f32>(f32x4.extract_lane(top, 0), f32x4.extract_lane(top, 1)),
    max<f32>(f32x4.extract_lane(top, 2), f32x4.extract_lane(top, 3)),
  );
  for (let i = vectors; i < count; i++) {
    most = max<f32>(most, abs<f32>(load<f32>(x)));
    x += 4;
  }
  return most;
}

/** y ← y + a·x */
export function axpy(y: usize, x: usize, count: i32, a: f32): void {
  const A = f32x4.splat(a);
  const vectors = count & ~3;
  const end = y + ((<usize>vectors) << 2);
  while (y < end) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(A, v128.load(x))));
    y += 16; x += 16;
  }
  for (let i = vectors; i < count; i++) {
    store<f32>(y, load<f32>(y) + a * load<f32>(x));
    y += 4; x += 4;
  }
}

/** x ← a·x */
export function scale(x: usize, count: i32, a: f32): void {
  const A = f32x4.splat(a);
  const vectors = count & ~3;
  const end = x + ((<usize>vectors) << 2);
  while (x < end) {
    v128.store(x, f32x4.mul(v128.load(x), A));
    x += 16;
  }
  for (let i = vectors; i < count; i++) {
    store<f32>(x, load<f32>(x) * a);
    x += 4;
  }
}

/** x ← value */
export function fill(x: usize, count: i32, value: f32): void {
  const V = f32x4.splat(value);
  const vectors = count & ~3;
  const end = x + ((<usize>vectors) << 2);
  while (x < end) {
    v128.store(x, V);
    x += 16;
  }
  for (let i = vectors; i < count; i++) {
    store<f32>(x, value);
    x += 4;
  }
}
