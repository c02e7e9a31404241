// The transform against its definition, in bit-reversed order, and back; sizes on both sides of the parts that are transformed depth first.
import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { forward, inverse } from "./fft.ts";

const sizes = [1, 2, 4, 8, 16, 32, 64, 128];

function numbers(n: number, seed: number): [Float64Array, Float64Array] {
  const chance = random(seed);
  const draw = () => Float64Array.from({ length: n }, () => chance.float() - 0.5);
  return [draw(), draw()];
}

/** Σ x_k e^{−2πi jk/n} by its definition. */
function defined(re: Float64Array, im: Float64Array): [number, number][] {
  const n = re.length;
  return Array.from({ length: n }, (_, j) => {
    let [r, s] = [0, 0];
    for (let k = 0; k < n; k++) {
      const angle = (-2 * Math.PI * j * k) / n;
      r += re[k]! * Math.cos(angle) - im[k]! * Math.sin(angle);
      s += re[k]! * Math.sin(angle) + im[k]! * Math.cos(angle);
    }
    return [r, s];
  });
}

/** Where frequency j stands: its bits backwards. */
function reversed(j: number, n: number): number {
  let place = 0;
  for (let bit = 1; bit < n; bit *= 2) place = place * 2 + (j & bit ? 1 : 0);
  return place;
}

test.each(sizes)("%d points have the spectrum of the definition, frequencies in bit-reversed order", (n) => {
  const [re, im] = numbers(n, n);
  const want = defined(re, im);
  forward(re, im);
  for (const [j, [r, s]] of want.entries()) {
    expect(re[reversed(j, n)]).toBeCloseTo(r, 11);
    expect(im[reversed(j, n)]).toBeCloseTo(s, 11);
  }
});

test.each([...sizes, 2 ** 13, 2 ** 14, 2 ** 15])("%d points come back, n times as large", (n) => {
  const [re, im] = numbers(n, n);
  const [r, s] = [re.slice(), im.slice()];
  forward(r, s);
  inverse(r, s);
  let worst = 0;
  for (let k = 0; k < n; k++) worst = Math.max(worst, Math.abs(r[k]! / n - re[k]!), Math.abs(s[k]! / n - im[k]!));
  expect(worst).toBeLessThan(1e-13);
});

test("a wave of 2^15 points is one frequency: parts that are transformed depth first are the same transform", () => {
  const n = 2 ** 15;
  const frequency = 12_345;
  const wave = (of: (angle: number) => number) =>
    Float64Array.from({ length: n }, (_, k) => of((2 * Math.PI * ((frequency * k) % n)) / n));
  const [re, im] = [wave(Math.cos), wave(Math.sin)];
  forward(re, im);
  let others = 0;
  for (let k = 0; k < n; k++)
    if (k !== reversed(frequency, n)) others = Math.max(others, Math.abs(re[k]!), Math.abs(im[k]!));
  expect(re[reversed(frequency, n)]).toBeCloseTo(n, 6);
  expect(others).toBeLessThan(1e-6);
});
