// Stages that carry out a recipe, but for the audits, and what runs them in their order. Which there are, `pipeline` says.

export { adapt, headAlone, jobOf, startOf } from "./adapt.ts";
export { adapterName, recipeAdapter } from "./adapter.ts";
export { attributeGroupsOf, mitigationGroups } from "./attribute-groups.ts";
export { baseline, fitBaselines } from "./baseline.ts";
export { pairedDifference } from "./beside-baselines.ts";
export { plantedCanaries, secretLength, wordsOfVocabulary } from "./canary-words.ts";
export { type ChargeLogOptions, openChargeLog } from "./charge-log.ts";
export { choiceInput, chosenRows } from "./chosen-texts.ts";
export { evaluate, type Measured, measure, writeMetrics } from "./evaluate.ts";
export { examplesOf, wordless } from "./examples.ts";
export {
  afterOf,
  type ExecuteOptions,
  type Execution,
  execute,
  type PlannedStage,
  plan,
  resumableFolders,
  staleOf,
} from "./execute.ts";
export { exportStage } from "./export.ts";
export { generationRecord } from "./generation-file.ts";
export { judgedValues } from "./judged-values.ts";
export { mainScore } from "./main-score.ts";
export { mitigatedExamples, mitigatedRows, objectiveFor, pairedExamples } from "./mitigation.ts";
export { headForm, makeStart, openStart, type StartingModel, startFolder, tokenizerFiles } from "./model.ts";
export { adapterFolder, openAdapterSet } from "./open-adapters.ts";
export {
  modelIn,
  type OpenAnyModel,
  type OpenedInside,
  type OpenModel,
  type OpenModelOptions,
  openAnyModel,
  openModel,
  openWithWeights,
  temperatureOf,
} from "./open-model.ts";
export { checkedRows, columnsOf, prepare, preparedRows, preparedTexts, readableRows } from "./prepare.ts";
export { type FreeText, freeTexts, pretrain, pretrainingJob, pretrainingTask } from "./pretrain.ts";
export { checkLedger, dataLedger, ledgerPath, privacyOptions, statementRecord, withUnits } from "./private-training.ts";
export { profileStage } from "./profile.ts";
export { quotedRows } from "./quoted-texts.ts";
export { decisionsIn, groupsOfRows, withDecisions } from "./read-decisions.ts";
export { inputFactsOf, reportAfter, reportInputOf } from "./report.ts";
export { rankedMargins } from "./reward-model.ts";
export { type ExportedFile, saveOnnx } from "./save-onnx.ts";
export { scoringOf } from "./scored-rows.ts";
export {
  defineStage,
  type EventScore,
  interrupted,
  type RunEvent,
  type Stage,
  type StageContext,
  type StageSection,
  sectionOf,
} from "./stage.ts";
export { inTargetUnit, targetScale } from "./target-scale.ts";
export { pairCosines, rankedRows } from "./text-vectors.ts";
export { stepOptions, trainStage } from "./train.ts";
export { engineVersions, versions } from "./versions.ts";
export { foretell } from "./written-texts.ts";
