// Kinds of data with their files.
import type { Model } from "../../models/index.ts";
import type { ModalityName } from "../modality.ts";
import { imageModality } from "./image.ts";
import type { Modality } from "./modality.ts";
import { seriesModality } from "./series.ts";
import { textModality } from "./text.ts";

export { type DecodeOptions, decodeImage, encodePng, readImage } from "./decode.ts";
export { type ImageRow, imageRecords } from "./image-rows.ts";
export type { Modality, ProcessorOptions, ScratchSettings } from "./modality.ts";
export { openSeriesProcessor } from "./series.ts";
export { type LatestWindow, latestWindows } from "./series-latest.ts";
export type { SeriesReading } from "./series-records.ts";
export { type SeriesRow, targetsOf, windowOf } from "./series-rows.ts";
export { inputOf, isTextProcessor, type TextProcessor, textModality, textProcessor } from "./text.ts";

/** All kinds, by name. */
export const modalities: Readonly<Record<ModalityName, Modality>> = {
  text: textModality,
  image: imageModality,
  series: seriesModality,
};

/** The kind of data that a model reads. */
export const modalityReadBy = ({ reads }: Pick<Model, "reads">): Modality => modalities[reads];
