// Ways to change an image that do not change what it shows, after the benchmark of common corruptions (Hendrycks & Dietterich 2019,
// arXiv:1903.12261) and cutout (DeVries & Taylor 2017, arXiv:1708.04552). Pure: the same stream gives the same image.
import type { Random } from "../../base/index.ts";
import type { Perturbation } from "../modality.ts";
import { changed } from "./augment.ts";
import { channels, type Picture } from "./picture.ts";

const unchanged = { right: 0, down: 0, padding: "edge", mirrored: false, brightness: 1, contrast: 1 } as const;
const eitherWay = (rate: number, rng: Random): number => (rng.int(2) ? rate : -rate);

/** Gaussian noise on each byte; `rate` is its standard deviation as a share of the range. */
function noisy({ width, height, data }: Picture, rate: number, rng: Random): Picture {
  const byte = (x: number) => Math.min(255, Math.max(0, Math.round(x + 255 * rate * rng.normal())));
  return { width, height, data: data.map(byte) };
}

/** A grey square over a share of the image, somewhere within it. */
function covered({ width, height, data }: Picture, rate: number, rng: Random): Picture {
  const size = (length: number) => Math.min(length, Math.round(length * Math.sqrt(rate)));
  const [wide, high] = [size(width), size(height)];
  const [left, top] = [rng.int(width - wide + 1), rng.int(height - high + 1)];
  const out = data.slice();
  for (let y = top; y < top + high; y++)
    out.fill(128, (y * width + left) * channels, (y * width + left + wide) * channels);
  return { width, height, data: out };
}

function moved(picture: Picture, rate: number, rng: Random): Picture {
  const by = (length: number) => Math.round(eitherWay(rate, rng) * length);
  return changed(picture, { ...unchanged, right: by(picture.width), down: by(picture.height) });
}

const perturbation = (
  rates: readonly number[],
  change: (picture: Picture, rate: number, rng: Random) => Picture,
): Perturbation<Picture> => ({
  rates,
  change(picture, rate, rng) {
    const out = change(picture, rate, rng);
    return out.data.every((byte, i) => byte === picture.data[i]) ? picture : out;
  },
});

/** By what a recipe calls them. */
export const imagePerturbations = {
  /** Lighter or darker by a share. */
  brightness: perturbation([0.3], (p, rate, rng) => changed(p, { ...unchanged, brightness: 1 + eitherWay(rate, rng) })),
  /** More or less contrast by a share. */
  contrast: perturbation([0.3], (p, rate, rng) => changed(p, { ...unchanged, contrast: 1 + eitherWay(rate, rng) })),
  noise: perturbation([0.1], noisy),
  /** Moved by a share of each side; its outermost pixels come in. */
  shift: perturbation([0.1], moved),
  cutout: perturbation([0.1], covered),
};
