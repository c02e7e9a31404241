// Seeded random numbers: xoshiro128** (Blackman & Vigna 2018, arXiv:1805.01407) seeded by SplitMix32; streams are
// split by name, so that adding a consumer never shifts another one's numbers.

/** A stream of random numbers whose whole state is four 32-bit words (kept in checkpoints). */
export interface Random {
  /** Uniform 32-bit integer. */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  float(): number;
  /** Uniform integer in [0, below), unbiased. */
  int(below: number): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** An independent stream for a named use; does not advance this one. */
  split(name: string | number): Random;
  /** The four state words, to save. */
  state(): [number, number, number, number];
}

/** A stream from a seed (any integer or string) or from a saved state. */
export function random(seed: number | string | readonly [number, number, number, number]): Random {
  const s = new Uint32Array(4);
  if (typeof seed === "object") s.set(seed);
  else {
    let h = typeof seed === "number" ? (seed ^ Math.floor(seed / 2 ** 32)) >>> 0 : hashText(seed);
    for (let i = 0; i < 4; i++) {
      h = (h + 0x9e3779b9) >>> 0;
      let z = h;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      s[i] = z ^ (z >>> 16);
    }
    if (!(s[0]! | s[1]! | s[2]! | s[3]!)) s[0] = 1;
  }
  const uint32 = () => {
    const x = Math.imul(s[1]!, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2] = s[2]! ^ s[0]!;
    s[3] = s[3]! ^ s[1]!;
    s[1] = s[1]! ^ s[2]!;
    s[0] = s[0]! ^ s[3]!;
    s[2] = s[2]! ^ t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  };
  const float = () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  const int = (below: number) => {
    const limit = 2 ** 32 - (2 ** 32 % below); // rejection keeps it unbiased
    for (;;) {
      const x = uint32();
      if (x < limit) return x % below;
    }
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - float())) * Math.cos(2 * Math.PI * float());
  const state = () => [s[0]!, s[1]!, s[2]!, s[3]!] as [number, number, number, number];
  const split = (name: string | number) => random(hashText(`${state().join(",")}/${name}`));
  return { uint32, float, int, normal, split, state };
}

/** In-place Fisher–Yates shuffle. */
export function shuffle<T extends { length: number; [i: number]: unknown }>(items: T, rng: Random): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = rng.int(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

/** 32-bit FNV-1a of a text's UTF-16 units. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
