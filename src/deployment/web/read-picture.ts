// Images of a page as pixels. The browser decodes them.
import { ConcordError, isConcordError } from "../../base/index.ts";
import type { Picture } from "../../modalities/index.ts";

/** An image of a page: its address, a file or other bytes, or an element that shows one. */
export type ImageSource = string | URL | ImageBitmapSource;

/** Largest number of pixels. */
const maxPixels = 64e6;

/**
 * Decodes an image as Node's side does: upright, red, green and blue of 8 bits, colour profiles left out. Of pixels that are wholly transparent
 * browsers keep no colour: they are black.
 * @throws E_IO for an address that gives no image; E_FORMAT for what is none, or has more than 64 million pixels
 * @example const picture = await readPicture(input.files[0]);
 */
export async function readPicture(source: ImageSource): Promise<Picture> {
  const named = typeof source === "string" || source instanceof URL;
  const path = named ? String(source) : "image";
  const content = named ? await blobOf(path) : source;
  const options = { colorSpaceConversion: "none", premultiplyAlpha: "none" } as const;
  const bitmap = await createImageBitmap(content, options).catch((cause: unknown) => {
    throw wrongImage(path, "not an image that can be read", cause);
  });
  try {
    const { width, height } = bitmap;
    if (width * height > maxPixels) throw wrongImage(path, "the image is too large");
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!; // 2d is always there
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const out = new Uint8Array(width * height * 3);
    for (let from = 0, to = 0; from < data.length; from += 4, to += 3) out.set(data.subarray(from, from + 3), to);
    return { width, height, data: out };
  } catch (cause) {
    throw isConcordError(cause) ? cause : wrongImage(path, "not an image that can be read", cause);
  } finally {
    bitmap.close();
  }
}

async function blobOf(url: string): Promise<Blob> {
  const failed = (got: string, cause?: unknown) =>
    new ConcordError("E_IO", { operation: "read image", problem: "a file cannot be read", got, path: url, cause });
  const response = await fetch(url).catch((cause: unknown) => {
    throw failed("no answer", cause);
  });
  if (!response.ok) throw failed(`status ${response.status}`);
  return await response.blob();
}

const wrongImage = (path: string, problem: string, cause?: unknown) =>
  new ConcordError("E_FORMAT", {
    operation: "read image",
    problem,
    expected: `an image that the browser shows, of at most ${maxPixels} pixels`,
    path,
    cause,
  });
