// Runs of recipes, and what is done with a finished run.

export {
  type AnswerStyle,
  answerRecord,
  explanationRecord,
  longestShown,
  placedEntities,
  placedQuote,
  unusableIn,
} from "./answer-record.ts";
export { type AnswerSets, auditedScores, compressedScores, openSets, runScores, setsFrom } from "./answer-sets.ts";
export { type Answered, type Answerer, type AnswererOptions, answerer } from "./answerer.ts";
export { auditRun } from "./audit-run.ts";
export { auditTable } from "./audit-table.ts";
export { auditTablePage } from "./audit-table-page.ts";
export { tableText } from "./audit-table-text.ts";
export { answersKey } from "./batch/answers-key.ts";
export { type KeptAnswers, openKeptAnswers } from "./batch/kept-answers.ts";
export { type AnswerPool, openAnswerPool } from "./batch/pool.ts";
export { resumed } from "./batch/resumed.ts";
export { type AbandonedCheckpoints, cleanCheckpoints } from "./clean-checkpoints.ts";
export { type ComparedRun, compareRuns, type RunComparison } from "./compare-runs.ts";
export { type CompressedRun, compressRun } from "./compress-run.ts";
export { evaluateRun } from "./evaluate-run.ts";
export {
  type AnswerExplainer,
  answerExplainer,
  type ExplainAnswerOptions,
  type ExplainedAnswer,
  explainRun,
} from "./explain-run.ts";
export { exportMlflow, exportRun, exportTargets } from "./export-run.ts";
export { type Forecaster, forecastsSeries, openForecaster, type SeriesForecast } from "./forecaster.ts";
export {
  type GivenText,
  givenText,
  linesOf,
  type TextShape,
  textShape,
  textsOfFile,
} from "./given-texts.ts";
export { type LinearLook, linearLook, sufficientScore } from "./linear-look.ts";
export { type ListedRun, listedRun } from "./list-runs.ts";
export { type MergeAdaptersOptions, type MergedAdapters, mergeAdapters } from "./merge-adapters.ts";
export { mlflowServer } from "./mlflow-server.ts";
export { choiceReader, choosesAnswers, type OpenChooser, openChooser } from "./open-chooser.ts";
export { embedsTexts, type OpenEmbedder, openEmbedder } from "./open-embedder.ts";
export { type OpenGenerator, openGenerator, type WeightBits, weightBits, writesTexts } from "./open-generator.ts";
export { findsAnswers, type OpenQuoter, openQuoter } from "./open-quoter.ts";
export { planRecipe, runRecipe } from "./run.ts";
