import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { hostArray } from "../base/index.ts";
import {
  bfloat16ToFloat32,
  float16ToFloat32,
  float16ToNumber,
  float32ToBfloat16,
  float32ToFloat16,
  fromFloat32,
  toFloat32,
} from "./half.ts";

const everyBits = Uint16Array.from({ length: 65536 }, (_, i) => i);
const isNan16 = (bits: number) => (bits & 0x7fff) > 0x7c00;
const isNanBrain = (bits: number) => (bits & 0x7fff) > 0x7f80;

// Slow twin: the nearest of two neighbours by distance in float64, ties to the even one.
function nearest(value: number, finite: readonly { bits: number; value: number }[], overflow: number): number {
  const size = Math.abs(value);
  if (size >= overflow) return finite.length;
  let low = 0;
  let high = finite.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (finite[middle]!.value <= size) low = middle;
    else high = middle;
  }
  const [below, above] = [size - finite[low]!.value, finite[high]!.value - size];
  if (below === above) return low % 2 === 0 ? low : high;
  return below < above ? low : high;
}

describe("float16", () => {
  test("widening is exact for all 65,536 values, signed zero and NaN payloads too", () => {
    const wide = float16ToFloat32(everyBits);
    const bits = new Uint32Array(wide.buffer);
    for (const half of everyBits) {
      if (isNan16(half)) expect(bits[half]).toBe((((half & 0x8000) << 16) | 0x7f800000 | ((half & 0x3ff) << 13)) >>> 0);
      else if (!Object.is(wide[half], float16ToNumber(half))) expect.fail(`bits ${half}`);
    }
    expect([1, 0x3ff, 0x400, 0x3c00, 0x7bff, 0x7c00, 0xfc00, 0x8000].map(float16ToNumber)).toEqual([
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      1,
      65504,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0,
    ]);
  });

  test("narrowing inverts widening for every value that is not NaN, and keeps NaN a NaN of its sign", () => {
    const back = float32ToFloat16(float16ToFloat32(everyBits));
    for (const half of everyBits)
      if (isNan16(half) ? !isNan16(back[half]!) || (back[half]! ^ half) & 0x8000 : back[half] !== half)
        expect.fail(`bits ${half} became ${back[half]}`);
  });

  test("narrowing rounds to nearest with ties to even at and around every midpoint", () => {
    const finite = [...everyBits.subarray(0, 0x7c00)].map((bits) => ({ bits, value: float16ToNumber(bits) }));
    const values: number[] = [];
    for (let i = 0; i + 1 < finite.length; i++) {
      const middle = (finite[i]!.value + finite[i + 1]!.value) / 2; // exact in float32
      const [bits] = new Uint32Array(Float32Array.of(middle).buffer);
      const around = new Float32Array(Uint32Array.of(bits! - (i ? 1 : 0), bits!, bits! + 1).buffer);
      values.push(...around);
    }
    values.push(65504, 65519.99609375, 65520, 1e6, 3e38, Number.POSITIVE_INFINITY, 1e-45, 2 ** -25, 2 ** -26);
    const both = [...values, ...values.map((value) => -value)];
    const got = float32ToFloat16(Float32Array.from(both));
    both.forEach((value, i) => {
      const expected =
        nearest(value, finite, 65520) | (Object.is(Math.sign(value), -1) || Object.is(value, -0) ? 0x8000 : 0);
      if (got[i] !== expected) expect.fail(`${value} became ${got[i]}, not ${expected}`);
    });
  });
});

describe("bfloat16", () => {
  test("widening is exact for all 65,536 values", () => {
    const bits = new Uint32Array(bfloat16ToFloat32(everyBits).buffer);
    expect(bits.every((word, i) => word === i * 65536)).toBe(true);
  });

  test("narrowing inverts widening, and a NaN stays one even when its payload is only in the lower half", () => {
    const back = float32ToBfloat16(bfloat16ToFloat32(everyBits));
    for (const half of everyBits)
      if (isNanBrain(half) ? !isNanBrain(back[half]!) : back[half] !== half) expect.fail(`bits ${half}`);
    const low = new Float32Array(Uint32Array.of(0x7f800001, 0xffffffff).buffer);
    expect([...float32ToBfloat16(low)].every(isNanBrain)).toBe(true);
  });

  test("narrowing rounds to nearest with ties to even, subnormals and overflow included", () => {
    const cases = [
      [0x3f808000, 0x3f80], // tie, even below
      [0x3f818000, 0x3f82], // tie, even above
      [0x3f808001, 0x3f81],
      [0x3f807fff, 0x3f80],
      [0x7f7f8000, 0x7f80], // rounds up to infinity
      [0x7f7f7fff, 0x7f7f],
      [0xff7fffff, 0xff80],
      [0x00008000, 0x0000], // subnormal tie
      [0x00018000, 0x0002],
      [0x80000001, 0x8000],
    ];
    const values = new Float32Array(Uint32Array.from(cases, ([bits]) => bits!).buffer);
    expect([...float32ToBfloat16(values)]).toEqual(cases.map(([, expected]) => expected));
  });
});

test("arrays keep their shape in both directions, and integers are refused", () => {
  const array = hostArray("float32", [2, 2], [1, -0.5, 2 ** -24, 65504]);
  expect(toFloat32(fromFloat32(array, "float16"))).toEqual(array);
  expect(toFloat32(fromFloat32(array, "bfloat16")).data[3]).toBe(65536);
  expect(toFloat32(array)).toBe(array);
  expect(toFloat32(hostArray("float64", [1], [0.1])).data[0]).toBe(Math.fround(0.1));
  const { facts } = fault("E_DTYPE", () => toFloat32(hostArray("int32", [1])));
  expect(facts.got).toBe("int32");
});
