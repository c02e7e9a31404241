// Randomness of private training as a function of a secret key and a counter (what, step, tensor): replaying a step gives the same
// numbers, and no two uses share any. Knows no cipher: the key stream is passed in.
import { ConcordError } from "../base/index.ts";

/** What a part of the key stream is for. */
export const streams = { noise: 1, sampling: 2 } as const;

/** Where in the key stream to read. */
export interface Counter {
  readonly stream: keyof typeof streams;
  /** 0 … 2^48 − 1. */
  readonly step: number;
  /** 0 … 2^24 − 1; for sampling 0, and 1 where one of a unit's examples is drawn. */
  readonly tensor: number;
}

/** Pseudo-random bytes under a secret key. */
export interface NoiseSource {
  /** `count` bytes from the start of the counter's part, in pieces (in order, each a multiple of 32 bytes but the last). */
  bytes(counter: Counter, count: number): Iterable<Uint8Array>;
}

/** The first block of a counter's part as 16 bytes: stream 1, step 6, tensor 3, block number 6 (2^48 blocks of 16 bytes each). */
export function counterBlock({ stream, step, tensor }: Counter): Uint8Array {
  const fits = (n: number, bits: number) => Number.isInteger(n) && n >= 0 && n < 2 ** bits;
  if (!fits(step, 48) || !fits(tensor, 24))
    throw new ConcordError("E_ARGUMENT", {
      operation: "private noise",
      problem: "a counter is out of range",
      expected: "step below 2^48, tensor below 2^24",
      got: `step ${step}, tensor ${tensor}`,
    });
  const block = new Uint8Array(16);
  block[0] = streams[stream];
  for (let i = 0; i < 6; i++) block[1 + i] = Math.floor(step / 256 ** (5 - i)) % 256;
  for (let i = 0; i < 3; i++) block[7 + i] = Math.floor(tensor / 256 ** (2 - i)) % 256;
  return block;
}

/** Uniform numbers in [0, 1) with 53 bits, as many as are asked for. */
function uniforms(source: NoiseSource, step: number, most: number, tensor = 0): () => number {
  const words = wordsOf(source.bytes({ stream: "sampling", step, tensor }, most * 8));
  return () => {
    const [a, b] = [words(), words()];
    return ((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992;
  };
}

function wordsOf(pieces: Iterable<Uint8Array>): () => number {
  const rest = pieces[Symbol.iterator]();
  let view = new DataView<ArrayBufferLike>(new ArrayBuffer(0));
  let at = 0;
  return () => {
    if (at >= view.byteLength) {
      const { value } = rest.next() as { value: Uint8Array };
      view = new DataView(value.buffer, value.byteOffset, value.byteLength);
      at = 0;
    }
    at += 4;
    return view.getUint32(at - 4, true);
  };
}

/**
 * Examples of a step's batch, each with probability `rate`, independently; may be none.
 * @returns indices, ascending
 * @example poissonBatch(source, 7, 1000, 0.016)
 */
export function poissonBatch(source: NoiseSource, step: number, examples: number, rate: number): number[] {
  const uniform = uniforms(source, step, examples);
  const chosen: number[] = [];
  for (let i = 0; i < examples; i++) if (uniform() < rate) chosen.push(i);
  return chosen;
}

/** Exactly `size` different examples, every such set equally likely (the first steps of a Fisher–Yates shuffle). */
export function fixedBatch(source: NoiseSource, step: number, examples: number, size: number): number[] {
  const uniform = uniforms(source, step, size);
  const moved = new Map<number, number>();
  return Array.from({ length: size }, (_, i) => {
    const j = i + Math.floor(uniform() * (examples - i));
    const chosen = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    return chosen;
  });
}

/**
 * A number below each count, all equally likely; drawn apart from the batch.
 * @param counts how many there are to choose from, each at least 1
 * @returns indices, one for each count
 * @example oneOfEach(source, 7, [1, 3]) // [0, 2]
 */
export function oneOfEach(source: NoiseSource, step: number, counts: readonly number[]): number[] {
  const uniform = uniforms(source, step, counts.length, 1);
  return counts.map((count) => Math.floor(uniform() * count));
}
