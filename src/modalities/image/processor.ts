// What is done to an image before a model sees it, as `preprocessor_config.json` of its folder says: size, middle, numbers. The order is
// Transformers': resize, crop, rescale, normalise. Knows no file.
import { ConcordError } from "../../base/index.ts";
import {
  type Check,
  type Config,
  configLimits,
  field,
  flag,
  integer,
  isJsonRecord,
  type JsonRecord,
  list,
  number,
} from "../../formats/index.ts";
import { centreCrop, channels, type Picture } from "./picture.ts";
import { type Filter, filterNumbers, resized } from "./resample.ts";

/** Both sides, or the shorter one. */
export type Size =
  | { readonly width: number; readonly height: number }
  | { readonly shortest: number; readonly longest?: number };

/** Steps from a decoded image to a model's numbers; what is undefined is not done. */
export interface ImageProcessor {
  readonly resize?: { readonly size: Size; readonly filter: Filter };
  readonly crop?: { readonly width: number; readonly height: number };
  /** What a byte is multiplied with. */
  readonly rescale?: number;
  /** Of red, green and blue. */
  readonly normalise?: { readonly mean: readonly number[]; readonly std: readonly number[] };
}

const side = integer(1, configLimits.imageSide);
const sideIn = (value: JsonRecord, name: string) => (value[name] === undefined ? undefined : side.take(value[name]));

/** @param square whether a single number stands for both sides */
const sizeCheck = (square: boolean): Check<Size> => ({
  expected: "{ height, width } or { shortest_edge }, in pixels",
  take(value) {
    const single = side.take(value);
    if (single !== undefined) return square ? { width: single, height: single } : { shortest: single };
    if (!isJsonRecord(value)) return undefined;
    const [width, height] = [sideIn(value, "width"), sideIn(value, "height")];
    if (width !== undefined && height !== undefined) return { width, height };
    const [shortest, longest] = [sideIn(value, "shortest_edge"), sideIn(value, "longest_edge")];
    return shortest === undefined ? undefined : { shortest, ...(longest !== undefined && { longest }) };
  },
});

/** Processors whose steps are these, and whether they read a single number as both sides, and whether they crop unless told. */
const kinds: Readonly<Record<string, { readonly square: boolean; readonly crops: boolean; readonly filter: Filter }>> =
  {
    BitImageProcessor: { square: false, crops: true, filter: "bicubic" },
    CLIPImageProcessor: { square: false, crops: true, filter: "bicubic" },
    DeiTImageProcessor: { square: true, crops: true, filter: "bicubic" },
    ViTImageProcessor: { square: true, crops: false, filter: "bilinear" },
  };

/** Entries that are read, or that say nothing of the numbers. */
const known = new Set(
  `crop_size data_format device do_center_crop do_convert_rgb do_normalize do_rescale do_resize feature_extractor_type image_mean
  image_processor_type image_std input_data_format processor_class resample rescale_factor return_tensors size size_divisor default_to_square
  disable_grouping _valid_processor_keys _processor_class auto_map`.split(/\s+/),
);

/** Entries that are covered while they are off. */
const off = [
  "do_pad",
  "do_reduce_labels",
  "do_affine_pad",
  "do_thumbnail",
  "do_align_long_axis",
  "crop_pct",
  "offset",
  "pad_size",
];

function checkEntries(config: Config): void {
  for (const [name, value] of Object.entries(config.entries)) {
    const isOff = value === null || value === false;
    if (known.has(name) || isOff) continue;
    throw new ConcordError("E_CONFIG", {
      operation: "read image processor",
      problem: `${name} is not covered: images would become other numbers`,
      expected: off.includes(name) ? "false or null" : "only entries that are known",
      got: JSON.stringify(value).slice(0, 80),
      path: `${config.path} > ${name}`,
    });
  }
}

function kindOf(config: Config) {
  const type = config.entries.image_processor_type ?? config.entries.feature_extractor_type ?? "ViTImageProcessor";
  const name = String(type).replace(/(ImageProcessorFast|FeatureExtractor|ImageProcessorPil)$/, "ImageProcessor");
  if (Object.hasOwn(kinds, name)) return kinds[name]!;
  throw new ConcordError("E_CONFIG", {
    operation: "read image processor",
    problem: `the image processor ${name} is not covered`,
    expected: Object.keys(kinds).join(", "),
    got: String(type),
    path: `${config.path} > image_processor_type`,
  });
}

const triple: Check<readonly number[]> = {
  expected: "three numbers, of red, green and blue, or one for all",
  take(value) {
    const single = number(-1e6, 1e6).take(value);
    if (single !== undefined) return [single, single, single];
    const given = list(number(-1e6, 1e6), channels).take(value);
    if (given?.length === 1) return [given[0]!, given[0]!, given[0]!];
    return given?.length === channels ? given : undefined;
  },
};

const filterCheck: Check<Filter> = {
  expected: `a number of a filter: ${filterNumbers.map((name, i) => `${i} ${name}`).join(", ")}`,
  take: (value) => (typeof value === "number" ? filterNumbers[value] : undefined),
};

/** Means and deviations of ViT's processors. */
const standard = [0.5, 0.5, 0.5] as const;

/**
 * Reads `preprocessor_config.json`.
 * @throws E_CONFIG for a processor or an entry that is not covered, or a wrong entry
 * @example const processor = imageProcessor(readConfig(bytes, "preprocessor_config.json"));
 */
export function imageProcessor(config: Config): ImageProcessor {
  checkEntries(config);
  const kind = kindOf(config);
  const sized = sizeCheck(field(config, "default_to_square", flag, kind.square));
  const std = field(config, "image_std", triple, standard);
  if (std.some((s) => s <= 0))
    throw new ConcordError("E_CONFIG", {
      operation: "read image processor",
      problem: "image_std is a divisor",
      expected: "numbers above 0",
      got: std.join(", "),
      path: `${config.path} > image_std`,
    });
  const crops = field(config, "do_center_crop", flag, kind.crops);
  const crop = field(config, "crop_size", sizeCheck(true), { width: 224, height: 224 });
  return {
    ...(field(config, "do_resize", flag, true) && {
      resize: {
        size: field(config, "size", sized, { width: 224, height: 224 }),
        filter: field(config, "resample", filterCheck, kind.filter),
      },
    }),
    ...(crops && { crop: "shortest" in crop ? { width: crop.shortest, height: crop.shortest } : crop }),
    ...(field(config, "do_rescale", flag, true) && {
      rescale: field(config, "rescale_factor", number(0, 1e6), 1 / 255),
    }),
    ...(field(config, "do_normalize", flag, true) && {
      normalise: { mean: field(config, "image_mean", triple, standard), std },
    }),
  };
}

/** `preprocessor_config.json` of a processor, as `ViTImageProcessor` of Transformers and transformers.js read it. */
export function processorConfig({ resize, crop, rescale, normalise }: ImageProcessor): JsonRecord {
  const { size = { width: 224, height: 224 }, filter = "bilinear" } = resize ?? {};
  return {
    image_processor_type: crop ? "CLIPImageProcessor" : "ViTImageProcessor",
    do_convert_rgb: true,
    do_resize: resize !== undefined,
    size:
      "shortest" in size
        ? { shortest_edge: size.shortest, ...(size.longest !== undefined && { longest_edge: size.longest }) }
        : { height: size.height, width: size.width },
    resample: filterNumbers.indexOf(filter),
    ...(crop && { do_center_crop: true, crop_size: { height: crop.height, width: crop.width } }),
    do_rescale: rescale !== undefined,
    rescale_factor: rescale ?? 1 / 255,
    do_normalize: normalise !== undefined,
    image_mean: [...(normalise?.mean ?? standard)],
    image_std: [...(normalise?.std ?? standard)],
  };
}

/** The processor of a model made anew: the whole image in the model's size, values −1 … 1. @param pixels of one side */
export const newProcessor = (pixels: number): ImageProcessor => ({
  resize: { size: { width: pixels, height: pixels }, filter: "bilinear" },
  rescale: 1 / 255,
  normalise: { mean: standard, std: standard },
});

/** Sides after resizing; a shorter side's factor is the other's too, which is cut to whole pixels. */
function sidesOf({ width, height }: Picture, size: Size): { width: number; height: number } {
  if (!("shortest" in size)) return size;
  const [short, long] = width <= height ? [width, height] : [height, width];
  let to = size.shortest;
  if (size.longest !== undefined && (long / short) * to > size.longest) to = Math.round((size.longest * short) / long);
  const other = Math.max(1, Math.trunc((to * long) / short));
  return width <= height ? { width: to, height: other } : { width: other, height: to };
}

/** The image in a processor's size, still 8 bits a value. */
export function fitted(picture: Picture, { resize, crop }: ImageProcessor): Picture {
  const sized = resize ? resized(picture, sidesOf(picture, resize.size), resize.filter) : picture;
  return crop ? centreCrop(sized, crop.width, crop.height) : sized;
}

/** What each byte becomes, by channel: float32 as Transformers' `rescale` and `normalize` round. */
export function valueTable({ rescale, normalise }: ImageProcessor): Float32Array[] {
  return Array.from({ length: channels }, (_, c) => {
    const mean = Math.fround(normalise?.mean[c] ?? 0);
    const std = Math.fround(normalise?.std[c] ?? 1);
    return Float32Array.from({ length: 256 }, (_, byte) => {
      const value = Math.fround(rescale === undefined ? byte : byte * rescale);
      return normalise ? Math.fround(Math.fround(value - mean) / std) : value;
    });
  });
}

/**
 * A model's numbers of an image, [channels, height, width].
 * @example const pixels = pixelValues(fitted(picture, processor), valueTable(processor));
 */
export function pixelValues({ width, height, data }: Picture, table: readonly Float32Array[]): Float32Array {
  const area = width * height;
  const out = new Float32Array(channels * area);
  for (let c = 0; c < channels; c++) {
    const values = table[c]!;
    for (let i = 0; i < area; i++) out[c * area + i] = values[data[i * channels + c]!]!;
  }
  return out;
}
