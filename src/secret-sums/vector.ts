// What is summed in secret: named parts of one vector of 32-bit words. Real numbers are rounded at random to steps of a grid that
// cannot overflow in a sum of all parties; counts go as they are. All arithmetic is modulo 2³².
import { ConcordError, type Random } from "../base/index.ts";

/** A part of the vector: real numbers, clipped at ±`bound`, or whole numbers from 0 to `bound`. */
export interface Segment {
  readonly name: string;
  readonly size: number;
  readonly kind: "real" | "count";
  readonly bound: number;
}

/** Number of words of a layout. */
export const wordsOf = (layout: readonly Segment[]): number => layout.reduce((n, { size }) => n + size, 0);

/** Largest word, as a signed number, of one party of several: no sum leaves the signed 32 bits. */
const largest = (parties: number): number => Math.floor((2 ** 31 - 1) / parties);

/** Grid steps from 0 to the bound of a real part. */
export const gridSteps = (parties: number): number => largest(parties) - 1;

/** Grid steps of one unit of a real part. */
const scaleOf = ({ bound }: Segment, parties: number): number => gridSteps(parties) / bound;

export interface Encoded {
  readonly words: Uint32Array;
  /** Real numbers that were cut to ±bound, by part; only parts that had some. */
  readonly clipped: Readonly<Record<string, number>>;
}

/**
 * A party's numbers as words. Rounding is stochastic: the expectation of a word is its number (Gupta 2015, arXiv:1502.02551).
 * @param values of each part, by name
 * @param parties how many may be summed
 * @param weight 0 … 1, times every real number after clipping. Default 1
 * @throws E_ROUND for a missing part, another size, NaN or infinity, or a count outside 0 … bound
 * @example encode([{ name: "w", size: 2, kind: "real", bound: 1 }], { w: Float32Array.of(0.5, -3) }, 3, random(0)).clipped // { w: 1 }
 */
export function encode(
  layout: readonly Segment[],
  values: Readonly<Record<string, ArrayLike<number>>>,
  parties: number,
  rounding: Random,
  weight = 1,
): Encoded {
  const words = new Uint32Array(wordsOf(layout));
  const clipped: Record<string, number> = {};
  let at = 0;
  for (const part of layout) {
    const given = values[part.name];
    if (given?.length !== part.size) throw unfit(part.name, `${part.size} numbers`, `${given?.length ?? "none"}`);
    const target = words.subarray(at, at + part.size);
    const cut =
      part.kind === "real"
        ? realWords(part, given, { scale: scaleOf(part, parties) * weight, rounding }, target)
        : countWords(part, given, parties, target);
    if (cut) clipped[part.name] = cut;
    at += part.size;
  }
  return { words, clipped };
}

function realWords(
  part: Segment,
  given: ArrayLike<number>,
  { scale, rounding }: { readonly scale: number; readonly rounding: Random },
  target: Uint32Array,
): number {
  let cut = 0;
  for (let i = 0; i < part.size; i++) {
    let x = given[i]!;
    if (!Number.isFinite(x)) throw unfit(`${part.name}[${i}]`, "a finite number", String(x));
    if (Math.abs(x) > part.bound) {
      cut++;
      x = Math.sign(x) * part.bound;
    }
    target[i] = Math.floor(x * scale + rounding.float()) >>> 0;
  }
  return cut;
}

function countWords(part: Segment, given: ArrayLike<number>, parties: number, target: Uint32Array): 0 {
  const most = Math.min(part.bound, largest(parties));
  for (let i = 0; i < part.size; i++) {
    const n = given[i]!;
    if (!(Number.isInteger(n) && n >= 0 && n <= most))
      throw unfit(`${part.name}[${i}]`, `a whole number from 0 to ${most}`, String(n));
    target[i] = n;
  }
  return 0;
}

/**
 * Sums by part from the sum of words.
 * @param parties the number that {@link encode} was given
 * @param summed how many parties' words are in the sum
 * @throws E_ROUND when a count is beyond what so many parties can have: a party sent what {@link encode} never makes
 */
export function decode(
  layout: readonly Segment[],
  words: Uint32Array,
  { parties, summed }: { readonly parties: number; readonly summed: number },
): Record<string, Float64Array> {
  let at = 0;
  return Object.fromEntries(
    layout.map((part): [string, Float64Array] => {
      const scale = part.kind === "real" ? scaleOf(part, parties) : 1;
      const most = Math.min(part.bound * summed, 2 ** 31 - 1);
      const sums = new Float64Array(part.size);
      for (let i = 0; i < part.size; i++) sums[i] = (words[at + i]! | 0) / scale;
      at += part.size;
      if (part.kind === "count") {
        const wrong = sums.findIndex((n) => n < 0 || n > most);
        if (wrong >= 0) throw unfit(`sum of ${part.name}[${wrong}]`, `0 … ${most}`, String(sums[wrong]));
      }
      return [part.name, sums];
    }),
  );
}

const unfit = (at: string, expected: string, got: string) =>
  new ConcordError("E_ROUND", {
    operation: "sum in secret",
    problem: `${at} is not what the proposal says`,
    expected,
    got,
  });
