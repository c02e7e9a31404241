// The stages in the order in which they run.
import type { Recipe } from "../recipe/index.ts";
import type { ReportInput } from "../report/index.ts";
import { adapt } from "./adapt.ts";
import type { ArtifactReader } from "./artifacts/index.ts";
import { explanationPart } from "./audit/explanation.ts";
import { fairnessPart } from "./audit/fairness.ts";
import { auditStage } from "./audit/part.ts";
import { privacyPart } from "./audit/privacy.ts";
import { robustnessPart } from "./audit/robustness.ts";
import { baseline } from "./baseline.ts";
import { evaluate } from "./evaluate.ts";
import { exportStage } from "./export.ts";
import { prepare } from "./prepare.ts";
import { pretrain } from "./pretrain.ts";
import { reportAfter, reportInputOf } from "./report.ts";
import type { Stage, StageContext } from "./stage.ts";

/** All but the report, which shows what they left. */
const measuring: readonly Stage[] = [
  prepare,
  pretrain,
  adapt,
  baseline,
  evaluate,
  auditStage(fairnessPart),
  auditStage(privacyPart),
  auditStage(explanationPart),
  auditStage(robustnessPart),
  exportStage,
];
export const reportStage = reportAfter(measuring);
export const stages: readonly Stage[] = [...measuring, reportStage];

/** What the stages of a run left, as a report shows it. */
export const reportInput = (
  context: Pick<StageContext, "recipe" | "home" | "run" | "before"> & ArtifactReader,
): Promise<ReportInput> => reportInputOf(measuring, context);

/** Names of the stages that a recipe asks for, in order. */
export const stagesOf = (recipe: Recipe): string[] => stages.filter((s) => s.supports(recipe)).map((s) => s.name);
export * as artifacts from "./artifacts/index.ts";
export { type ArtifactReader, artifactsIn, type StageRecords } from "./artifacts/index.ts";
export { mitigationGroups } from "./attribute-groups.ts";
export { cutText, fairnessText } from "./audit/fairness-text.ts";
export { auditName } from "./audit/part.ts";
export { baseline, fitBaselines } from "./baseline.ts";
export type { Curves } from "./curves.ts";
export { evaluate, measure, writeMetrics } from "./evaluate.ts";
export { examplesOf } from "./examples.ts";
export {
  afterOf,
  type ExecuteOptions,
  type Execution,
  execute,
  isAfter,
  type PlannedStage,
  plan,
  staleOf,
} from "./execute.ts";
export {
  checkModelFolder,
  digestOf,
  fingerprint,
  fingerprints,
  from,
  readJson,
  readJsonLines,
  rowsFolder,
  writeJson,
} from "./files.ts";
export { mitigatedExamples, mitigatedRows, objectiveFor, pairedExamples } from "./mitigation.ts";
export { makeStart, openStart, type StartingModel, startFolder, tokenizerFiles } from "./model.ts";
export {
  type OpenAnyModel,
  type OpenModel,
  type OpenModelOptions,
  openAnyModel,
  openModel,
  openWithWeights,
} from "./open-model.ts";
export { checkedRows, columnsOf, prepare, preparedRows, preparedTexts, readableRows } from "./prepare.ts";
export { type FreeText, freeTexts, pretrainingJob, pretrainingTask } from "./pretrain.ts";
export { checkLedger, ledgerPath, privacyOptions, statementFile, statementRecord } from "./private-training.ts";
export { decisionsIn } from "./read-decisions.ts";
export { isRunFolder, openRunFolder, writeRunFiles } from "./run-folder.ts";
export { type ExportedFile, saveOnnx } from "./save-onnx.ts";
export { interrupted, type RunEvent, type Stage, type StageContext } from "./stage.ts";
export { versions } from "./versions.ts";
