// Images that are nearly the same: the same picture in another size, file or strength of compression. Found by a hash of brighter and darker
// neighbours (difference hash), compared by their small grey versions. Pure.
import { type Clusters, clusters } from "../../data/index.ts";
import { channels, type Picture } from "./picture.ts";
import { resized } from "./resample.ts";

/** Side of the small version that is compared. */
const side = 16;
/** Largest mean difference of the small versions, of 255. */
const mostApart = 3;
/** Members of one bucket that an image is compared with; more are the same few clusters over again. */
const comparedMost = 32;

/** What is kept of an image for comparing. */
export interface Sketch {
  /** 64 bits, as four numbers of 16. */
  readonly hash: readonly number[];
  /** Small grey version. */
  readonly grey: Uint8Array;
}

/** Grey as ITU-R BT.601 weighs red, green and blue. */
function greyOf(picture: Picture, width: number, height: number): Uint8Array {
  const { data } = resized(picture, { width, height }, "box");
  return Uint8Array.from({ length: width * height }, (_, i) =>
    Math.round(0.299 * data[i * channels]! + 0.587 * data[i * channels + 1]! + 0.114 * data[i * channels + 2]!),
  );
}

/** @example sketchOf(picture).hash.length // 4 */
export function sketchOf(picture: Picture): Sketch {
  const grey = greyOf(picture, 9, 8);
  const hash = [0, 0, 0, 0];
  for (let y = 0; y < 8; y++)
    for (let x = 0; x < 8; x++) if (grey[y * 9 + x]! > grey[y * 9 + x + 1]!) hash[y >> 1]! |= 1 << ((y % 2) * 8 + x);
  return { hash, grey: greyOf(picture, side, side) };
}

/** Clusters of images whose sketches are nearly the same. A pair that shares none of the hash's four parts is not found. */
export function alikeImages(sketches: readonly Sketch[]): Clusters {
  const found = clusters(sketches.length);
  const buckets = new Map<string, number[]>();
  for (const [i, { hash, grey }] of sketches.entries())
    for (const [part, bits] of hash.entries()) {
      const key = `${part} ${bits}`;
      const bucket = buckets.get(key) ?? [];
      for (const other of bucket)
        if (found.rootOf(other) !== found.rootOf(i) && apart(grey, sketches[other]!.grey) <= mostApart)
          found.join(other, i);
      if (bucket.length < comparedMost) bucket.push(i);
      buckets.set(key, bucket);
    }
  return found;
}

function apart(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
