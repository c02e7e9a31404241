// The library in a browser: the models that a run made answer there, with no server and no data leaving the page.
export type { DownloadProgress } from "./deployment/web/fetch-files.ts";
export { openImagePredictor, openTextPredictor, type WebModelOptions } from "./deployment/web/open-predictor.ts";
export { pipeline } from "./deployment/web/pipeline.ts";
export { type ImageSource, readPicture } from "./deployment/web/read-picture.ts";
export * from "./index.ts";
export type { Picture } from "./modalities/index.ts";
export type {
  Answer,
  FoundEntity,
  Pipeline,
  PipelineCallOptions,
  PipelineTasks,
  PipelineText,
  Predictor,
  ScoredEntity,
  ScoredLabel,
  TextPredictor,
} from "./predict/index.ts";
export { createWasmRuntime, openOnnx, type WasmOptions } from "./runtime/web/ort.ts";
