// The twin of addGaussian in plain TypeScript: the same roundings in the same order. Knows no key and no generator.
const { fround, sqrt } = Math;

const scratch = new Float32Array(1);
const bits = new Int32Array(scratch.buffer);
const logTerms = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(fround);
const [logLow, logHigh] = [fround(-2.1219444e-4), fround(0.693359375)];
const [s0, s1, s2] = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(fround) as [number, number, number];
const [c0, c1, c2] = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(fround) as [
  number,
  number,
  number,
];
const rootHalf = fround(Math.SQRT1_2);
const perWord = fround(2.3283064365386963e-10);
const perAngle = fround(1.4629180792671596e-9);

/** ln x for 2⁻³³ ≤ x ≤ 1, float32. */
function logOf(x: number): number {
  scratch[0] = x;
  let e = (bits[0]! >>> 23) - 126;
  bits[0] = (bits[0]! & 0x007fffff) | 0x3f000000;
  let m = scratch[0]!;
  const small = m < rootHalf;
  if (small) e -= 1;
  m = fround(fround(m - 1) + (small ? m : 0));
  const z = fround(m * m);
  let y = logTerms[0]!;
  for (let i = 1; i < logTerms.length; i++) y = fround(fround(y * m) + logTerms[i]!);
  y = fround(fround(y * m) * z);
  y = fround(y + fround(e * logLow));
  y = fround(y - fround(z * 0.5));
  return fround(fround(m + y) + fround(e * logHigh));
}

/** floats[x + i] += deviation·N(0, 1) for i below count, a multiple of 8, from words[from + i]. */
export function addGaussianPlainly(
  floats: Float32Array,
  words: Uint32Array,
  x: number,
  from: number,
  count: number,
  deviation: number,
): void {
  const D = fround(deviation);
  for (let block = 0; block < count; block += 8)
    for (let lane = 0; lane < 4; lane++) {
      const i = block + lane;
      const [w, v] = [words[from + i]!, words[from + i + 4]!];
      const u = fround(fround(fround(w) + 0.5) * perWord);
      const radius = fround(D * fround(sqrt(fround(-2 * logOf(u)))));
      const a = fround(fround((v & 0x3fffffff) - 0x20000000) * perAngle);
      const z = fround(a * a);
      let s = fround(fround(s0 * z) + s1);
      s = fround(fround(s * z) + s2);
      s = fround(fround(fround(s * z) * a) + a);
      let c = fround(fround(c0 * z) + c1);
      c = fround(fround(c * z) + c2);
      c = fround(fround(fround(fround(c * z) * z) - fround(z * 0.5)) + 1);
      const sign = v >>> 31 ? -1 : 1;
      const [first, second] = (v >>> 30) & 1 ? [s, c] : [c, s];
      floats[x + i] = floats[x + i]! + fround(radius * (sign * first));
      floats[x + i + 4] = floats[x + i + 4]! + fround(radius * (sign * second));
    }
}
