// The library on Node: what a script needs to load, train, evaluate and save, by plain names; rooms as in `concord`.
export { openTokenizer } from "./data/node/index.ts";
export { accuracy, classificationReport, renderReport } from "./eval/index.ts";
export * from "./index.ts";
export { initialise, type Model, modelOf, withHead } from "./models/index.ts";
export { loadAdapter, loadModel, saveAdapter, saveModel } from "./models/node/index.ts";
export { initialiseLora, type LoraOptions, loraLayout, mergeLora } from "./nn/index.ts";
export {
  type EvaluateRunOptions,
  type ExplainedAnswer,
  type ExplainRunOptions,
  evaluateRun,
  explainRun,
  type OpenModel,
  openModel,
  openSets,
  type Recipe,
  type RunEvent,
  type RunOptions,
  readRecipe,
  runRecipe,
  saveOnnx,
} from "./pipeline/index.ts";
export { exportOnnx, tokenizerConfig } from "./predict/index.ts";
export { cpuRuntime, openOnnx } from "./runtime/node/ort.ts";
export type { Example, TrainerOptions, TrainingEvent, TrainingJob } from "./train/index.ts";
export { openNewestCheckpoint, saveCheckpoint } from "./train/node/checkpoints.ts";
export { type TrainResult, train } from "./train/node/train.ts";
