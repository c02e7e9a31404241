// Gaussian noise by the method of Box and Muller (1958) from random words, added to a buffer. Knows no key and no generator.

/** ln x for 2⁻³³ ≤ x ≤ 1: exponent and a degree-9 polynomial of the mantissa in [√½, √2) (Cephes logf). */
// @ts-ignore: decorator
@inline
function logOf(x: v128): v128 {
  // e and m with x = 2^e·m, m in [0.5, 1)
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)));
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const small = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  e = f32x4.sub(e, v128.and(small, f32x4.splat(1)));
  m = f32x4.add(f32x4.sub(m, f32x4.splat(1)), v128.and(small, m));
  const z = f32x4.mul(m, m);
  let y = f32x4.splat(7.0376836292e-2);
  y = f32x4.add(f32x4.mul(y, m), f32x4.splat(-1.1514610310e-1));
  y = f32x4.add(f32x4.mul(y, m), f32x4.splat(1.1676998740e-1));
  y = f32x4.add(f32x4.mul(y, m), f32x4.splat(-1.2420140846e-1));
  y = f32x4.add(f32x4.mul(y, m), f32x4.splat(1.4249322787e-1));
  y = f32x4.add(f32x4.mul(y, m), f32x4.splat(-1.6668057665e-1));
  y = f32x4.add(f32x4.mul(y, m), f32x4.splat(2.0000714765e-1));
  y = f32x4.add(f32x4.mul(y, m), f32x4.splat(-2.4999993993e-1));
  y = f32x4.add(f32x4.mul(y, m), f32x4.splat(3.3333331174e-1));
  y = f32x4.mul(f32x4.mul(y, m), z);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(m, y), f32x4.mul(e, f32x4.splat(0.693359375)));
}

/**
 * x ← x + deviation·N(0, 1) for `count` floats, a multiple of 8: of each 8 words the first four give radii √(−2 ln u), u = (w + ½)/2³²,
 * the last four angles; cosines go to the first four floats, sines to the last. Magnitudes end at 6.76.
 */
export function addGaussian(x: usize, words: usize, count: i32, deviation: f32): void {
  const D = f32x4.splat(deviation);
  const end = x + ((<usize>count) << 2);
  while (x < end) {
    const w = v128.load(words);
    const v = v128.load(words, 16);
    const u = f32x4.mul(f32x4.add(f32x4.convert_i32x4_u(w), f32x4.splat(0.5)), f32x4.splat(2.3283064365386963e-10));
    const radius = f32x4.mul(D, f32x4.sqrt(f32x4.mul(f32x4.splat(-2), logOf(u))));
    // the top two bits choose a quarter turn, the other 30 an angle of ±π/4 in it
    const a = f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(v128.and(v, i32x4.splat(0x3fffffff)), i32x4.splat(0x20000000))), f32x4.splat(1.4629180792671596e-9));
    const z = f32x4.mul(a, a);
    let s = f32x4.add(f32x4.mul(f32x4.splat(-1.9515295891e-4), z), f32x4.splat(8.3321608736e-3));
    s = f32x4.add(f32x4.mul(s, z), f32x4.splat(-1.6666654611e-1));
    s = f32x4.add(f32x4.mul(f32x4.mul(s, z), a), a);
    let c = f32x4.add(f32x4.mul(f32x4.splat(2.443315711809948e-5), z), f32x4.splat(-1.388731625493765e-3));
    c = f32x4.add(f32x4.mul(c, z), f32x4.splat(4.166664568298827e-2));
    c = f32x4.add(f32x4.sub(f32x4.mul(f32x4.mul(c, z), z), f32x4.mul(z, f32x4.splat(0.5))), f32x4.splat(1));
    const odd = i32x4.shr_s(i32x4.shl(v, 1), 31);
    const sign = v128.and(v, i32x4.splat(0x80000000));
    const first = v128.xor(v128.bitselect(s, c, odd), sign);
    const second = v128.xor(v128.bitselect(c, s, odd), sign);
    v128.store(x, f32x4.add(v128.load(x), f32x4.mul(radius, first)));
    v128.store(x, f32x4.add(v128.load(x, 16), f32x4.mul(radius, second)), 16);
    x += 32; words += 32;
  }
}
