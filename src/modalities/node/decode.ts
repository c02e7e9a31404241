// PNG, JPEG, WebP, GIF and TIFF to pixels, by sharp (libvips). The only door of sharp. A file from outside is hostile: sizes are bounded
// before anything is decoded, and SVG and PDF, which can name other files, are refused.
import { readFile } from "node:fs/promises";
import { ConcordError, isConcordError } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import type { Picture } from "../image/picture.ts";

/** Formats that are read, by sharp's names. */
const formats = ["png", "jpeg", "webp", "gif", "tiff"];

export interface DecodeOptions {
  /** Largest number of pixels. Default 64 million: 8,000 × 8,000. */
  readonly maxPixels?: number;
}

type Sharp = typeof import("sharp")["default"];
let loaded: Promise<Sharp> | undefined;

/** @throws E_DEPENDENCY where sharp is not installed for this system */
const sharpModule = (): Promise<Sharp> =>
  (loaded ??= import("sharp").then(
    (module) => module.default,
    (cause: unknown) => {
      throw new ConcordError("E_DEPENDENCY", {
        operation: "decode image",
        problem: "the decoder of images is not installed",
        expected: "the optional package sharp",
        hint: "npm install sharp",
        cause,
      });
    },
  ));

/**
 * Decodes an image: the first page, upright as its EXIF orientation says, red, green and blue of 8 bits. Transparency and colour profiles
 * are left out, as Pillow's `convert("RGB")` does.
 * @param path what errors call it
 * @throws E_FORMAT for another format, a broken file or more than `maxPixels`; E_DEPENDENCY where the decoder is not installed
 * @example const picture = await decodeImage(await readFile("scan.png"), "scan.png");
 */
export async function decodeImage(
  bytes: Uint8Array,
  path: string,
  { maxPixels = 64e6 }: DecodeOptions = {},
): Promise<Picture> {
  const sharp = await sharpModule();
  const options = { limitInputPixels: maxPixels, failOn: "error", ignoreIcc: true, pages: 1 } as const;
  try {
    const { format, width, height } = await sharp(bytes, { ...options, limitInputPixels: false }).metadata();
    if (!formats.includes(format))
      throw wrongImage(path, { problem: `${format} is no format of images that is read`, got: format });
    if (width * height > maxPixels)
      throw wrongImage(path, {
        problem: "the image is too large",
        expected: `at most ${maxPixels} pixels`,
        got: `${width} × ${height}`,
        hint: "make it smaller: a model sees a few hundred pixels a side",
      });
    const { data, info } = await sharp(bytes, options)
      .autoOrient()
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: threeChannels(data, info.channels) };
  } catch (cause) {
    if (isConcordError(cause)) throw cause;
    throw wrongImage(path, { problem: "not an image that can be read", got: firstLine(cause) }, cause);
  }
}

/** Decodes a file. @throws E_IO; as {@link decodeImage} */
export async function readImage(path: string, options?: DecodeOptions): Promise<Picture> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw ioError(cause, "read image", path);
  });
  return decodeImage(bytes, path, options);
}

/** PNG bytes of pixels. */
export async function encodePng({ width, height, data }: Picture): Promise<Uint8Array> {
  const sharp = await sharpModule();
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data);
  const out = new Uint8Array((data.length / channels) * 3);
  for (let i = 0; i < out.length; i++) out[i] = data[Math.floor(i / 3) * channels]!; // grey
  return out;
}

const firstLine = (cause: unknown): string => String(cause instanceof Error ? cause.message : cause).split("\n")[0]!;

const wrongImage = (
  path: string,
  facts: { problem: string; expected?: string; got?: string; hint?: string },
  cause?: unknown,
): ConcordError =>
  new ConcordError("E_FORMAT", {
    operation: "read image",
    expected: "a PNG, JPEG, WebP, GIF or TIFF file",
    path,
    cause,
    ...facts,
  });
