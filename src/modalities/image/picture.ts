// A decoded image: 8-bit red, green and blue, row after row. Knows no file and no format.

/** Pixels of an image. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `height · width · 3` values 0 … 255: rows from the top, pixels from the left, red, green, blue. */
  readonly data: Uint8Array;
}

/** Values of a pixel. */
export const channels = 3;

/**
 * The middle of an image. What lies outside the image is black, as in Transformers' `center_crop`.
 * @example centreCrop(picture, 224, 224)
 */
export function centreCrop(picture: Picture, width: number, height: number): Picture {
  const left = Math.floor((picture.width - width) / 2);
  const top = Math.floor((picture.height - height) / 2);
  return cropped(picture, { left, top, width, height });
}

/** A rectangle of an image; black where the image has no pixels. @param of in pixels; may begin outside the image */
export function cropped(
  { width, height, data }: Picture,
  of: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): Picture {
  const out = new Uint8Array(of.width * of.height * channels);
  const from = Math.max(0, of.left);
  const to = Math.min(width, of.left + of.width);
  for (let y = 0; y < of.height; y++) {
    const row = y + of.top;
    if (row < 0 || row >= height || to <= from) continue;
    const pixels = data.subarray((row * width + from) * channels, (row * width + to) * channels);
    out.set(pixels, (y * of.width + from - of.left) * channels);
  }
  return { width: of.width, height: of.height, data: out };
}

/** The image with left and right exchanged. */
export function mirrored({ width, height, data }: Picture): Picture {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [to, from] = [(y * width + x) * channels, (y * width + width - 1 - x) * channels];
      for (let c = 0; c < channels; c++) out[to + c] = data[from + c]!;
    }
  return { width, height, data: out };
}
