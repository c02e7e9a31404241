import { expect, test } from "vitest";
import { random } from "../../base/index.ts";
import { imagePerturbations } from "./perturb.ts";
import type { Picture } from "./picture.ts";

const picture: Picture = { width: 20, height: 10, data: new Uint8Array(600).fill(100) };
const spread = (rate: number) => {
  const { data } = imagePerturbations.noise.change(
    { ...picture, width: 200, height: 10, data: new Uint8Array(6000).fill(128) },
    rate,
    random(1),
  );
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  return Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length);
};

test("noise has the deviation that was asked for, in the bytes' range", () => {
  expect(spread(0.05)).toBeCloseTo(0.05 * 255, 0);
  const { data } = imagePerturbations.noise.change(picture, 1, random(2));
  expect(Math.max(...data)).toBe(255);
  expect(Math.min(...data)).toBe(0);
});

test("cutout covers its share, wherever it lies", () => {
  for (let seed = 0; seed < 30; seed++) {
    const { data } = imagePerturbations.cutout.change(picture, 0.25, random(seed));
    expect(data.filter((x) => x === 128).length).toBe(10 * 5 * 3);
  }
});

test("an image that a change leaves as it is comes back itself", () => {
  const { noise, cutout, shift } = imagePerturbations;
  expect(cutout.change(picture, 0.0001, random(1))).toBe(picture); // a square of no pixel
  expect(noise.change(picture, 1e-6, random(1))).toBe(picture);
  expect(shift.change(picture, 0.01, random(1))).toBe(picture);
  expect(noise.change(picture, 0.1, random(1))).not.toBe(picture);
});

test("brightness goes both ways by its rate; a shift moves what is there; the same stream gives the same image", () => {
  const levels = new Set(
    Array.from({ length: 20 }, (_, i) => imagePerturbations.brightness.change(picture, 0.3, random(i)).data[0]),
  );
  expect([...levels].sort((a, b) => a! - b!)).toEqual([70, 130]);
  const dot = picture.data.slice();
  dot.fill(255, 3 * (5 * 20 + 10), 3 * (5 * 20 + 10) + 3);
  const { data } = imagePerturbations.shift.change({ ...picture, data: dot }, 0.1, random(3));
  const at = data.indexOf(255) / 3;
  expect([Math.abs((at % 20) - 10), Math.abs(Math.floor(at / 20) - 5)]).toEqual([2, 1]);
  for (const [name, { change }] of Object.entries(imagePerturbations))
    expect(change(picture, 0.2, random(name)).data).toEqual(change(picture, 0.2, random(name)).data);
});
