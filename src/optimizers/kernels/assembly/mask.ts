// Dropout masks: four interleaved xoshiro128++ streams (Blackman & Vigna 2018, arXiv:1805.01407), one in each lane.

/**
 * Fills `count` float32 (a multiple of 4) with 0 where the next 32-bit integer is below `threshold`, else `kept`.
 * `state`: 16 words, word w of lane l at 4·(4w + l) bytes; left where the streams stopped.
 */
export function dropoutMask(x: usize, count: i32, threshold: u32, kept: f32, state: usize): void {
  const T = i32x4.splat(threshold);
  const K = f32x4.splat(kept);
  let s0 = v128.load(state);
  let s1 = v128.load(state, 16);
  let s2 = v128.load(state, 32);
  let s3 = v128.load(state, 48);
  const end = x + ((<usize>count) << 2);
  while (x < end) {
    const sum = i32x4.add(s0, s3);
    const word = i32x4.add(v128.or(i32x4.shl(sum, 7), i32x4.shr_u(sum, 25)), s0);
    const t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, t);
    s3 = v128.or(i32x4.shl(s3, 11), i32x4.shr_u(s3, 21));
    v128.store(x, v128.and(i32x4.ge_u(word, T), K));
    x += 16;
  }
  v128.store(state, s0);
  v128.store(state, s1, 16);
  v128.store(state, s2, 32);
  v128.store(state, s3, 48);
}
