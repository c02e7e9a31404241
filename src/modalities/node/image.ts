// Images: decoded, brought to a model's size, and its numbers.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { denseRows } from "../../baseline/index.ts";
import { modelFiles, readConfig } from "../../formats/index.ts";
import { ioError } from "../../formats/node/index.ts";
import type { Model } from "../../models/index.ts";
import { imagePerturbations } from "../image/perturb.ts";
import { channels, type Picture } from "../image/picture.ts";
import { imagePredictor } from "../image/predictor.ts";
import {
  fitted,
  type ImageProcessor,
  imageProcessor,
  newProcessor,
  processorConfig,
  valueTable,
} from "../image/processor.ts";
import { resized } from "../image/resample.ts";
import type { Processor } from "../modality.ts";
import { decodeImage, encodePng } from "./decode.ts";
import { imagesOf, imagesOfFile } from "./given-images.ts";
import { type ImageRow, imageRecords, imageRows, imagesFingerprint, pictureOf } from "./image-rows.ts";
import type { Modality } from "./modality.ts";

const processorFile = modelFiles.processor;

/** Images decoded together. */
const atOnce = 16;

/** Pictures of rows, in their order, each made into something small. */
async function eachPicture<T>(rows: readonly ImageRow[], home: string, work: (picture: Picture) => T): Promise<T[]> {
  const out: T[] = [];
  for (let start = 0; start < rows.length; start += atOnce)
    out.push(
      ...(await Promise.all(rows.slice(start, start + atOnce).map(async (row) => work(await pictureOf(row, home))))),
    );
  return out;
}

function processorOf(steps: ImageProcessor, home: string): Processor<ImageRow, Picture> {
  const table = valueTable(steps);
  return {
    atOnce: 256,
    inputs: (rows) => eachPicture(rows, home, (picture) => picture),
    examples: (rows) => eachPicture(rows, home, (picture) => ({ picture: fitted(picture, steps), values: table })),
    predictor: (model, weights, runtime, options) => imagePredictor(model, weights, steps, runtime, options),
    perturbations: imagePerturbations,
    files: () => ({ [processorFile]: `${JSON.stringify(processorConfig(steps), null, 2)}\n` }),
  };
}

async function openProcessor(folder: string, model: Model): Promise<ImageProcessor> {
  const path = join(folder, processorFile);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw ioError(cause, "open model", path);
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "nothing says how images are prepared for the model",
      expected: processorFile,
      hint: "copy it from where the model comes from: Transformers saves it beside the weights",
      path,
    });
  });
  const steps = imageProcessor(readConfig(bytes, path));
  const { side } = model.image!;
  const { width, height } = fitted(
    { width: 2 * side, height: 3 * side, data: new Uint8Array(6 * side * side * channels) },
    steps,
  );
  if (width === side && height === side) return steps;
  throw new ConcordError("E_MODEL", {
    operation: "open model",
    problem: "the processor makes images of another size than the model reads",
    expected: `${side} × ${side}`,
    got: `${width} × ${height}`,
    path,
  });
}

/** Side of the images that a linear model sees. */
const linearSide = 16;

export const imageModality: Modality<ImageRow, Processor<ImageRow, Picture>> = {
  name: "image",
  source: imageRecords,
  fingerprint: imagesFingerprint,
  rows: imageRows,
  open: async (folder, model, { home }) => processorOf(await openProcessor(folder, model), home),
  async make({ side = 224, patch = 16, width, layers, heads, inner, scale, dropout }, _rows, { home }) {
    const config = {
      model_type: "vit",
      image_size: side,
      patch_size: patch,
      num_channels: channels,
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      intermediate_size: inner,
      initializer_range: scale,
      hidden_dropout_prob: dropout,
      attention_probs_dropout_prob: dropout,
    };
    return { family: "ViT", config, processor: processorOf(newProcessor(side), home) };
  },
  linearName: "pixels",
  async linear(_rows, { home }) {
    const width = linearSide ** 2 * channels;
    const numbers = (picture: Picture) =>
      Float32Array.from(resized(picture, { width: linearSide, height: linearSide }, "box").data, (byte) => byte / 255);
    return { width, rows: async (part) => denseRows(await eachPicture(part, home, numbers)) };
  },
  linearValues: () => linearSide ** 2 * channels,
  column: ({ image = "image" }) => image,
  inputFacts: ({ image }) => ({ imageSide: image!.side }),
  given: {
    each: imagesOf,
    file: imagesOfFile,
    bytes: async (bytes, name) => ({ given: name, input: { content: await decodeImage(bytes, name) } }),
  },
  async show(row, home) {
    const picture = await pictureOf(row, home);
    const scale = Math.min(1, 96 / Math.max(picture.width, picture.height));
    const small = resized(
      picture,
      {
        width: Math.max(1, Math.round(picture.width * scale)),
        height: Math.max(1, Math.round(picture.height * scale)),
      },
      "bilinear",
    );
    const png = Buffer.from(await encodePng(small)).toString("base64");
    return { text: row.image, image: `data:image/png;base64,${png}` };
  },
};
