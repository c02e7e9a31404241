// Patches of an image and what is left when some are hidden. Knows no model and no file.
import { channels, type Picture } from "./picture.ts";
import type { ImageProcessor } from "./processor.ts";

/** Red, green and blue that a model reads as about 0, its mean image: what stands in place of a hidden patch. Middle grey without means. */
export function neutralBytes({ rescale = 1, normalise }: ImageProcessor): number[] {
  return Array.from({ length: channels }, (_, c) => {
    const byte = normalise ? Math.round(normalise.mean[c]! / rescale) : 128;
    return Math.min(255, Math.max(0, byte));
  });
}

/**
 * The image with its hidden patches in one colour.
 * @param hidden 1 for each patch that is hidden, row after row [across²] @param across patches of one side
 * @example withoutPatches(picture, Uint8Array.of(1, 0, 0, 0), 2, [128, 128, 128]) // its upper left quarter is grey
 */
export function withoutPatches(
  { width, height, data }: Picture,
  hidden: ArrayLike<number>,
  across: number,
  colour: readonly number[],
): Picture {
  const out = data.slice();
  const [wide, high] = [width / across, height / across];
  for (let patch = 0; patch < hidden.length; patch++) {
    if (!hidden[patch]) continue;
    const [left, top] = [(patch % across) * wide, Math.floor(patch / across) * high];
    for (let y = top; y < top + high; y++)
      for (let x = left; x < left + wide; x++) out.set(colour, (y * width + x) * channels);
  }
  return { width, height, data: out };
}
