import { expect, test } from "vitest";
import { neutralBytes, withoutPatches } from "./patches.ts";
import { channels, type Picture } from "./picture.ts";
import { newProcessor, pixelValues, valueTable } from "./processor.ts";

/** Each pixel says where it is. */
const picture: Picture = {
  width: 4,
  height: 4,
  data: Uint8Array.from({ length: 16 * channels }, (_, i) => Math.floor(i / channels)),
};

test("a hidden patch has one colour and every other pixel stays", () => {
  const { data } = withoutPatches(picture, [0, 1, 0, 0], 2, [200, 201, 202]);
  const red = Array.from({ length: 16 }, (_, i) => data[i * channels]);
  expect(red).toEqual([0, 1, 200, 200, 4, 5, 200, 200, 8, 9, 10, 11, 12, 13, 14, 15]); // upper right
  expect([...data.subarray(2 * channels, 3 * channels)]).toEqual([200, 201, 202]);
  expect(picture.data[2 * channels]).toBe(2); // the picture itself is as it was
  expect(withoutPatches(picture, [0, 0, 0, 0], 2, [9, 9, 9]).data).toEqual(picture.data);
});

test("the colour of a hidden patch is what the model reads as about 0", () => {
  const processor = newProcessor(4);
  const grey = withoutPatches(picture, [1, 1, 1, 1], 2, neutralBytes(processor));
  for (const value of pixelValues(grey, valueTable(processor))) expect(Math.abs(value)).toBeLessThan(0.005);
  const imagenet = { ...processor, normalise: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } };
  expect(neutralBytes(imagenet)).toEqual([124, 116, 104]);
  expect(neutralBytes({ rescale: 1 / 255 })).toEqual([128, 128, 128]);
});
