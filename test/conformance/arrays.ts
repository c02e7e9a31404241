// Operand fillings of the conformance suite: seeded numbers of a kind, indices, and the extreme values of float32.
import { type DType, type HostArray, hostArray, type Random, sizeOf } from "../../src/base/index.ts";

/** How an operand is filled; `extremes` is the list in force for the op and runtime. */
export interface Fill {
  readonly dtype: DType;
  make(shape: readonly number[], rng: Random, extremes: readonly number[]): readonly number[];
}

const filled = (dtype: DType, draw: (rng: Random) => number): Fill => ({
  dtype,
  make: (shape, rng) => Array.from({ length: sizeOf(shape) }, () => draw(rng)),
});

/** Standard normal. */
export const normal = filled("float32", (rng) => rng.normal());
/** 0.3 … 3. */
export const positive = filled("float32", (rng) => 0.3 + 2.7 * rng.float());
/** ±0.3 … ±2: away from poles and kinks at 0. */
export const nonZero = filled("float32", (rng) => (rng.float() < 0.5 ? -1 : 1) * (0.3 + 1.7 * rng.float()));
/** Distinct values 0.37 apart in shuffled order, none near an integer's edge: extremes and orders are unambiguous. */
export const spaced: Fill = {
  dtype: "float32",
  make: (shape, rng) => {
    const out = Array.from({ length: sizeOf(shape) }, (_, i) => (i - sizeOf(shape) / 2) * 0.37 + 0.11);
    for (let i = out.length - 1; i > 0; i--) {
      const j = rng.int(i + 1);
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  },
};
export const bools = filled("bool", (rng) => rng.int(2));
/** Integers −5 … 5. */
export const integers = filled("int32", (rng) => rng.int(11) - 5);
/** Row numbers 0 … n − 1, with repeats. */
export const below = (n: number): Fill => filled("int32", (rng) => (n === 0 ? 0 : rng.int(n)));
/** Exactly these. */
export const fixed = (values: readonly number[], dtype: DType = "int32"): Fill => ({ dtype, make: () => values });
/** Ones. */
export const ones = filled("float32", () => 1);
/** Zeros. */
export const zeros = filled("float32", () => 0);
/** As `fill` in another dtype. */
export const as = (dtype: DType, fill: Fill): Fill => ({ ...fill, dtype });

/** Row i of the first axis holds the i-th extreme value throughout. */
export const extremes: Fill = {
  dtype: "float32",
  make: (shape, _rng, list) =>
    Array.from({ length: sizeOf(shape) }, (_, i) => list[Math.floor((i * list.length) / sizeOf(shape))]!),
};
/** Element i of the last axis is the i-th extreme value. */
export const extremesAcross: Fill = {
  dtype: "float32",
  make: (shape, _rng, list) => Array.from({ length: sizeOf(shape) }, (_, i) => list[i % list.length]!),
};
/** [n, n, 2]: all pairs. */
export const extremePairs: Fill = {
  dtype: "float32",
  make: (_shape, _rng, list) => list.flatMap((a) => list.flatMap((b) => [a, b])),
};
/** [n, 2]: an extreme value and a 1. */
export const extremeAndOne: Fill = { dtype: "float32", make: (_shape, _rng, list) => list.flatMap((a) => [a, 1]) };

/** Classes of extreme values, so that an exception can name the ones it is about. */
export const extremeValues = {
  ordinary: [1, -1, 0.5, -2.5, 7],
  zero: [0, -0],
  infinite: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  nan: [Number.NaN],
  /** Beyond the square root of the largest float32: squares overflow. */
  huge: [3.4028234663852886e38, -3.4028234663852886e38, 1e30, -1e30],
  /** Exponentials of these overflow or vanish. */
  large: [88.8, -88.8, 104, -104, 1e5, -1e5, 16777217],
  small: [1e-8, -1e-8, 1e-20, 1.1754943508222875e-38],
  /** Below the smallest normal float32. */
  denormal: [1e-40, -1e-40, 1.401298464324817e-45],
} as const satisfies Record<string, readonly number[]>;
export type ExtremeClass = keyof typeof extremeValues;

/** All extreme values but those of the excepted classes. */
export const extremesWithout = (classes: readonly ExtremeClass[]): number[] =>
  (Object.keys(extremeValues) as ExtremeClass[]).flatMap((name) =>
    classes.includes(name) ? [] : [...extremeValues[name]],
  );

/** The array with denormal elements set to 0. */
export const flushed = (x: HostArray): HostArray =>
  x.dtype !== "float32"
    ? x
    : hostArray(
        "float32",
        x.shape,
        Float32Array.from(x.data as Float32Array, (a) => (Math.abs(a) < 1.1754943508222875e-38 ? a * 0 : a)),
      );
