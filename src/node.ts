// The library on Node: what a script needs to load, train, evaluate and save, by plain names; rooms as in `concord`.

export { accuracy, classificationReport, renderReport } from "./eval/index.ts";
export * from "./index.ts";
export { initialise, type Model, modelOf, withHead } from "./models/index.ts";
export { loadAdapter, loadModel, saveAdapter, saveModel } from "./models/node/index.ts";
export {
  type AdapterOptions,
  adapterLayout,
  type Combination,
  type CombineOptions,
  combineAdapters,
  initialiseAdapter,
  loraLayout,
  mergeAdapter,
  mergeShares,
} from "./nn/index.ts";
export {
  exportOnnx,
  type Pipeline,
  type PipelineCallOptions,
  type PipelineTasks,
  type PipelineText,
  type ScoredEntity,
  type ScoredLabel,
  tokenizerConfig,
} from "./predict/index.ts";
export { readRecipe } from "./recipe/read-recipe.ts";
export type { Recipe } from "./recipe/recipe.ts";
export {
  type ApprovedOverride,
  policyForRun,
  type RecomputeFacts,
  type RecomputeOptions,
  type Release,
  type ReleaseOptions,
  type RevokeOptions,
  type RotateOptions,
  recomputeRelease,
  releaseRun,
  revokeKey,
  rotateKey,
  signPassport,
  type Verified,
  type VerifyOptions,
  verifyRelease,
} from "./release/index.ts";
export { pipeline } from "./runs/answer-pipeline.ts";
export { openSets } from "./runs/answer-sets.ts";
export { type AuditedPart, type AuditRunOptions, auditRun } from "./runs/audit-run.ts";
export { type AuditTableOptions, auditTable, type TableFindings } from "./runs/audit-table.ts";
export { type EvaluateRunOptions, evaluateRun } from "./runs/evaluate-run.ts";
export { type ExplainedAnswer, type ExplainRunOptions, explainRun } from "./runs/explain-run.ts";
export { type ExportRunOptions, type ExportTarget, exportRun, type RunExport } from "./runs/export-run.ts";
export { type FineTuned, type FineTuneOptions, fineTune } from "./runs/fine-tune.ts";
export { type MergeAdaptersOptions, type MergedAdapters, mergeAdapters } from "./runs/merge-adapters.ts";
export { type OpenGenerator, openGenerator } from "./runs/open-generator.ts";
export { type RunOptions, runRecipe } from "./runs/run.ts";
export { cpuRuntime, openOnnx } from "./runtime/node/ort.ts";
export { type OpenModel, openModel } from "./stages/open-model.ts";
export { saveOnnx } from "./stages/save-onnx.ts";
export type { EventScore, RunEvent } from "./stages/stage.ts";
export { makeKey, type NewKeyOptions } from "./store/index.ts";
export { openTokenizer } from "./tokenizers/node/index.ts";
export type { Example, TrainerOptions, TrainingEvent, TrainingJob } from "./train/index.ts";
export { openNewestCheckpoint, saveCheckpoint } from "./train/node/checkpoints.ts";
export { type TrainResult, train } from "./train/node/train.ts";
export {
  readStudy,
  type Study,
  type StudyTrial,
  type StudyTrials,
  type TuneEvent,
  type TuneOptions,
  trialsCsv,
  tune,
  workOnStudy,
  writeOptuna,
} from "./tune/index.ts";
