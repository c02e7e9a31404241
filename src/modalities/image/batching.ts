// Images as a batch: numbers of their pixels, made of 8-bit ones when the batch is.
import { type HostArray, hostArray } from "../../base/index.ts";
import type { Model } from "../../models/index.ts";
import { type Batching, type ModelInput, refuseInput } from "../modality.ts";
import { changed, drawnChange } from "./augment.ts";
import { pixelValues } from "./processor.ts";

/** Numbers of an image, [channels, side, side]. @throws E_DATA for an input of another modality */
function numbersOf(input: ModelInput, at: number): Float32Array {
  if ("pixels" in input) return input.pixels;
  if (!("picture" in input)) return refuseInput(at, "it has no pixels", "an example of an image", "another modality's");
  const { picture, values, change } = input;
  return pixelValues(change ? changed(picture, change) : picture, values);
}

function feeds(model: Model, inputs: readonly ModelInput[]): Record<string, HostArray> {
  const { channels, side } = model.image!;
  const size = channels * side * side;
  const pixels = new Float32Array(inputs.length * size);
  for (const [i, input] of inputs.entries()) {
    const numbers = numbersOf(input, i);
    if (numbers.length !== size)
      refuseInput(
        i,
        "its pixels do not fit the model",
        `${size} values [${channels}, ${side}, ${side}]`,
        numbers.length,
      );
    pixels.set(numbers, i * size);
  }
  return { pixels: hostArray("float32", [inputs.length, channels, side, side], pixels) };
}

export const imageBatching: Batching = {
  specs: ({ image }) => ({ pixels: ["float32", ["B", image!.channels, image!.side, image!.side]] }),
  feeds,
  rows: () => 0,
  augmented(input, how, rng) {
    if ("picture" in input) return { ...input, change: drawnChange(how, rng) };
    return refuseInput(0, "numbers of pixels are not augmented", "an image in 8 bits", "numbers");
  },
};
