// Images as one epoch sees them: moved, mirrored, lighter or darker. A change is drawn as a few numbers and made when a batch is.
import type { Random } from "../../base/index.ts";
import { channels, cropped, mirrored, type Picture } from "./picture.ts";

/** What may be done to a training image. Plain data. */
export interface Augmentation {
  /** Mirrors every second image, drawn: left and right change places. Default false. */
  readonly flip?: boolean;
  /** Moves by up to so many pixels of the model's image, in each direction. Default 0. */
  readonly shift?: number;
  /** What comes in where an image was moved away: black, or its outermost pixels again. Default `black`. */
  readonly padding?: "black" | "edge";
  /** Multiplies pixels with a number from 1 − this to 1 + this, 0 … 1. Default 0. */
  readonly brightness?: number;
  /** Multiplies distances from the mean grey with a number from 1 − this to 1 + this, 0 … 1. Default 0. */
  readonly contrast?: number;
}

/** One change, drawn. */
export interface PictureChange {
  readonly right: number;
  readonly down: number;
  readonly padding: "black" | "edge";
  readonly mirrored: boolean;
  /** Factors; 1 changes nothing. */
  readonly brightness: number;
  readonly contrast: number;
}

/** @param rng consumed: as many numbers whatever is asked for */
export function drawnChange(
  { flip = false, shift = 0, padding = "black", brightness = 0, contrast = 0 }: Augmentation,
  rng: Random,
): PictureChange {
  const around = (most: number) => 1 + most * (2 * rng.float() - 1);
  const by = () => rng.int(2 * shift + 1) - shift;
  const [right, down, mirror] = [by(), by(), rng.int(2) === 1];
  return {
    right,
    down,
    padding,
    mirrored: flip && mirror,
    brightness: around(brightness),
    contrast: around(contrast),
  };
}

/**
 * An image after a change: moved, then mirrored, then brightness, then contrast, in 8 bits after each, as torchvision's `ColorJitter` does.
 * @example changed(picture, drawnChange({ flip: true, shift: 2 }, random(1)))
 */
export function changed(picture: Picture, { right, down, padding, ...change }: PictureChange): Picture {
  const moved = right === 0 && down === 0 ? picture : shifted(picture, right, down, padding);
  const turned = change.mirrored ? mirrored(moved) : moved;
  const lit = change.brightness === 1 ? turned : blended(turned, 0, change.brightness);
  return change.contrast === 1 ? lit : blended(lit, meanGrey(lit), change.contrast);
}

function shifted(picture: Picture, right: number, down: number, padding: "black" | "edge"): Picture {
  const { width, height, data } = picture;
  if (padding === "black") return cropped(picture, { left: -right, top: -down, width, height });
  const out = new Uint8Array(data.length);
  const within = (at: number, size: number) => Math.min(size - 1, Math.max(0, at));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (within(y - down, height) * width + within(x - right, width)) * channels;
      out.set(data.subarray(from, from + channels), (y * width + x) * channels);
    }
  return { width, height, data: out };
}

/** factor·pixel + (1 − factor)·to, held within 0 … 255 and cut to whole numbers (torchvision `_blend`). */
function blended({ width, height, data }: Picture, to: number, factor: number): Picture {
  const table = Uint8Array.from({ length: 256 }, (_, byte) =>
    Math.min(255, Math.max(0, Math.trunc(factor * byte + (1 - factor) * to))),
  );
  return { width, height, data: data.map((byte) => table[byte]!) };
}

/** Mean of the grey values, each cut to a whole number (ITU-R 601-2, torchvision `rgb_to_grayscale`). */
function meanGrey({ width, height, data }: Picture): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += channels)
    sum += Math.trunc(0.2989 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!);
  return sum / (width * height);
}
