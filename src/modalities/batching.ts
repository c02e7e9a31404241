// How inputs of each modality form a batch.
import type { Model } from "../models/index.ts";
import { imageBatching } from "./image/batching.ts";
import type { Batching, ModalityName } from "./modality.ts";
import { seriesBatching } from "./series/batching.ts";
import { textBatching } from "./text/batching.ts";

const batchings: Readonly<Record<ModalityName, Batching>> = {
  text: textBatching,
  image: imageBatching,
  series: seriesBatching,
};

/** How a model's inputs form a batch. */
export const batchingOf = ({ reads }: Pick<Model, "reads">): Batching => batchings[reads];
