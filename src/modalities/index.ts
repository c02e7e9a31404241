// Kinds of data, as values. Pure parts; what reads files is under node/.
export * from "./batching.ts";
export type { Augmentation } from "./image/augment.ts";
export { imagePerturbations } from "./image/perturb.ts";
export { channels, type Picture } from "./image/picture.ts";
export { imagePredictorOf } from "./image/predictor.ts";
export {
  fitted,
  type ImageProcessor,
  imageProcessor,
  newProcessor,
  pixelValues,
  processorConfig,
  valueTable,
} from "./image/processor.ts";
export * from "./modality.ts";
export { seriesPredictor, seriesPredictorOf } from "./series/predictor.ts";
export {
  channelsOf,
  covariatesOf,
  fromScale,
  type SeriesProcessor,
  type SeriesWindow,
  scaleOf,
  seriesProcessor,
  seriesValues,
  toScale,
} from "./series/processor.ts";
export { tokensOf } from "./text/batching.ts";
export { misspell } from "./text/misspell.ts";
export { textPerturbations } from "./text/perturb.ts";
export { substitute } from "./text/synonyms.ts";
