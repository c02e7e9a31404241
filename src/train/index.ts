// Training: programs, objectives, private steps, the trainer and its jobs.
export type { Clipping } from "./clipped-gradients.ts";
export * from "./compiled-run.ts";
export { fewestTokensToCut, type PairSource, pairedRows } from "./crops.ts";
export * from "./dropout-pool.ts";
export * from "./example.ts";
export * from "./feeds.ts";
export { type FrozenForm, frozenForms } from "./frozen.ts";
export * from "./gradients.ts";
export {
  type JobHost,
  jobProgram,
  largestBatch,
  type PrivateHost,
  programName,
  type TrainingEvent,
  type TrainingJob,
  trainedBy,
  trainsOf,
} from "./job.ts";
export * from "./masking.ts";
export * from "./memory.ts";
export { contrast } from "./objectives/contrast.ts";
export { distil } from "./objectives/distil.ts";
export { type DistilLoss, type DistilSettings, type LayerPair, uniformLayers } from "./objectives/distil-settings.ts";
export * from "./objectives/index.ts";
export type { BatchContext, LossContext, Objective, Teacher, TeacherRun } from "./objectives/objective.ts";
export * from "./objectives/pair-distance.ts";
export * from "./objectives/pairing.ts";
export * from "./objectives/targets.ts";
export * from "./predict-logits.ts";
export * from "./predict-losses.ts";
export * from "./private-options.ts";
export * from "./program.ts";
export {
  type PrunedMatrix,
  type PruningLayout,
  type PruningPlan,
  pruningLayout,
  scoresName,
  shareAt,
} from "./pruning.ts";
export {
  advantagesOf,
  type DrawnAnswer,
  type Judge,
  type RolloutPlan,
  type RolloutReport,
} from "./rollouts.ts";
export * from "./run-job.ts";
export type { ScoredEpoch, Selected, SelectionOptions } from "./selection.ts";
export type { TokenMasking } from "./token-masking.ts";
export * from "./trainer.ts";
export * from "./trainer-options.ts";
export type { EngineFacts } from "./trainer-setup.ts";
export { examplesByUnit, unitCount } from "./units.ts";
