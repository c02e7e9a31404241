// Kinds of data with their files.
import { ConcordError } from "../../base/index.ts";
import type { Model } from "../../models/index.ts";
import type { ModalityName } from "../modality.ts";
import { imageModality } from "./image.ts";
import type { Modality } from "./modality.ts";
import { textModality } from "./text.ts";

export { type DecodeOptions, decodeImage, encodePng, readImage } from "./decode.ts";
export { type ImageRow, imageRecords } from "./image-rows.ts";
export type { Modality, ProcessorOptions, ScratchSettings } from "./modality.ts";
export { inputOf, isTextProcessor, type TextProcessor, textModality, textProcessor } from "./text.ts";

/** All kinds, by name. */
export const modalities: Readonly<Record<ModalityName, Modality>> = { text: textModality, image: imageModality };

/** The kind of data that a model reads. @throws E_MODEL for a model that reads none of them */
export function modalityReadBy(model: Model): Modality {
  const found = Object.values(modalities).find((modality) => modality.readBy(model));
  if (found) return found;
  throw new ConcordError("E_MODEL", {
    operation: "open model",
    problem: `nothing that ${model.architecture} reads is covered`,
    expected: Object.keys(modalities).join(", "),
  });
}
