// Fast Fourier transform of complex float64 arrays in place, for sizes that are powers of two. Knows no probabilities.

/**
 * Σ x_k e^{∓2πi jk/n} in place (not divided by n). Decimation in frequency without reordering: `forward` leaves the spectrum in
 * bit-reversed order and `inverse` takes it so, which is all that a convolution needs.
 * @param re real parts, length n = 2^k @param im imaginary parts, length n
 */
export function forward(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  const { cos, sin } = twiddles(n);
  for (let half = n >> 1, stride = 1; half >= 1; half >>= 1, stride <<= 1)
    for (let start = 0; start < n; start += 2 * half)
      for (let k = 0, w = 0; k < half; k++, w += stride) {
        const [a, b] = [start + k, start + k + half];
        const [xr, xi] = [re[a]! - re[b]!, im[a]! - im[b]!];
        re[a] = re[a]! + re[b]!;
        im[a] = im[a]! + im[b]!;
        re[b] = xr * cos[w]! + xi * sin[w]!;
        im[b] = xi * cos[w]! - xr * sin[w]!;
      }
}

/** Undoes {@link forward} but for the factor n. */
export function inverse(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  const { cos, sin } = twiddles(n);
  for (let half = 1, stride = n >> 1; half < n; half <<= 1, stride >>= 1)
    for (let start = 0; start < n; start += 2 * half)
      for (let k = 0, w = 0; k < half; k++, w += stride) {
        const [a, b] = [start + k, start + k + half];
        const xr = re[b]! * cos[w]! - im[b]! * sin[w]!;
        const xi = im[b]! * cos[w]! + re[b]! * sin[w]!;
        re[b] = re[a]! - xr;
        im[b] = im[a]! - xi;
        re[a] = re[a]! + xr;
        im[a] = im[a]! + xi;
      }
}

let last: { readonly n: number; readonly cos: Float64Array; readonly sin: Float64Array } | undefined;

function twiddles(n: number) {
  if (last?.n !== n) {
    const [cos, sin] = [new Float64Array(n >> 1), new Float64Array(n >> 1)];
    for (let k = 0; k < n >> 1; k++)
      [cos[k], sin[k]] = [Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)];
    last = { n, cos, sin };
  }
  return last;
}
