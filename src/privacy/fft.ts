// Fast Fourier transform of complex float64 arrays in place, for sizes that are powers of two. Knows no probabilities.

/** Parts of at most this many points are transformed level by level: they stay in a processor's own cache. */
const partPoints = 2 ** 13;

/**
 * Σ x_k e^{∓2πi jk/n} in place (not divided by n). Decimation in frequency without reordering: `forward` leaves the spectrum in
 * bit-reversed order and `inverse` takes it so, which is all that a convolution needs. Two levels at once (radix 4), large parts
 * depth first.
 * @param re real parts, length n = 2^k @param im imaginary parts, length n
 */
export function forward(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  prepareTwiddles(n);
  const visit = (start: number, size: number): void => {
    if (size >= 4) forwardLevel(re, im, start, start + size, size);
    if (size > partPoints) for (let i = 0; i < 4; i++) visit(start + (i * size) / 4, size / 4);
    else {
      let part = size >> 2;
      for (; part >= 4; part >>= 2) forwardLevel(re, im, start, start + size, part);
      if (size === 2 || part === 2) pairs(re, im, start, start + size);
    }
  };
  visit(0, n);
}

/** Undoes {@link forward} but for the factor n. */
export function inverse(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  prepareTwiddles(n);
  const visit = (start: number, size: number): void => {
    if (size > partPoints) for (let i = 0; i < 4; i++) visit(start + (i * size) / 4, size / 4);
    else {
      const odd = Math.log2(size) % 2 === 1;
      if (odd) pairs(re, im, start, start + size);
      for (let part = odd ? 8 : 4; part < size; part <<= 2) inverseLevel(re, im, start, start + size, part);
    }
    if (size >= 4) inverseLevel(re, im, start, start + size, size);
  };
  visit(0, n);
}

/** Sums and differences of neighbours: the level of parts of 2. */
function pairs(re: Float64Array, im: Float64Array, from: number, end: number): void {
  for (let a = from; a < end; a += 2) {
    const [xr, xi] = [re[a + 1]!, im[a + 1]!];
    re[a + 1] = re[a]! - xr;
    im[a + 1] = im[a]! - xi;
    re[a] = re[a]! + xr;
    im[a] = im[a]! + xi;
  }
}

// of parts of m points a, b, c, d a quarter apart, w = e^{−2πi/m}: a + b + c + d, (a − b + c − d)·w^2k, (a − ib − c + id)·w^k, (a + ib − c − id)·w^3k
function forwardLevel(re: Float64Array, im: Float64Array, from: number, end: number, m: number): void {
  const q = m >> 2;
  const t = twiddles.get(m)!;
  for (let start = from; start < end; start += m)
    for (let a = start, w = 0; a < start + q; a++, w += 6) {
      const b = a + q;
      const c = b + q;
      const d = c + q;
      const pr = re[a]! + re[c]!;
      const pi = im[a]! + im[c]!;
      const sr = re[a]! - re[c]!;
      const si = im[a]! - im[c]!;
      const qr = re[b]! + re[d]!;
      const qi = im[b]! + im[d]!;
      const tr = re[b]! - re[d]!;
      const ti = im[b]! - im[d]!;
      re[a] = pr + qr;
      im[a] = pi + qi;
      const [yr, yi, ur, ui, vr, vi] = [pr - qr, pi - qi, sr + ti, si - tr, sr - ti, si + tr];
      re[b] = yr * t[w + 2]! + yi * t[w + 3]!;
      im[b] = yi * t[w + 2]! - yr * t[w + 3]!;
      re[c] = ur * t[w]! + ui * t[w + 1]!;
      im[c] = ui * t[w]! - ur * t[w + 1]!;
      re[d] = vr * t[w + 4]! + vi * t[w + 5]!;
      im[d] = vi * t[w + 4]! - vr * t[w + 5]!;
    }
}

function inverseLevel(re: Float64Array, im: Float64Array, from: number, end: number, m: number): void {
  const q = m >> 2;
  const t = twiddles.get(m)!;
  for (let start = from; start < end; start += m)
    for (let a = start, w = 0; a < start + q; a++, w += 6) {
      const b = a + q;
      const c = b + q;
      const d = c + q;
      const yr = re[b]! * t[w + 2]! - im[b]! * t[w + 3]!;
      const yi = im[b]! * t[w + 2]! + re[b]! * t[w + 3]!;
      const ur = re[c]! * t[w]! - im[c]! * t[w + 1]!;
      const ui = im[c]! * t[w]! + re[c]! * t[w + 1]!;
      const vr = re[d]! * t[w + 4]! - im[d]! * t[w + 5]!;
      const vi = im[d]! * t[w + 4]! + re[d]! * t[w + 5]!;
      const [pr, pi, sr, si] = [re[a]! + yr, im[a]! + yi, re[a]! - yr, im[a]! - yi];
      const [qr, qi, tr, ti] = [ur + vr, ui + vi, ur - vr, ui - vi];
      re[a] = pr + qr;
      im[a] = pi + qi;
      re[c] = pr - qr;
      im[c] = pi - qi;
      re[b] = sr - ti;
      im[b] = si + tr;
      re[d] = sr + ti;
      im[d] = si - tr;
    }
}

/** By size m of a part: cosine and sine of 2πk/m, 4πk/m, 6πk/m for k below m/4, six numbers each. */
const twiddles = new Map<number, Float64Array>();
let prepared = 0;

/** Tables for all levels of n points; those of another size are dropped, for the largest takes 12 n bytes. */
function prepareTwiddles(n: number): void {
  if (prepared === n) return;
  twiddles.clear();
  prepared = n;
  for (let m = n; m >= 4; m >>= 2) {
    const table = new Float64Array((6 * m) / 4);
    for (let k = 0, at = 0; k < m / 4; k++)
      for (let i = 1; i <= 3; i++) {
        const angle = (2 * Math.PI * i * k) / m;
        table[at++] = Math.cos(angle);
        table[at++] = Math.sin(angle);
      }
    twiddles.set(m, table);
  }
}
