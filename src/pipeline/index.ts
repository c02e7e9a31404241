// Recipes, the stages that carry them out, and what is done with a finished run.

export { type AnswerSets, openSets } from "./answer-sets.ts";
export { type AuditRunOptions, auditRun } from "./audit-run.ts";
export { type AuditTableOptions, auditTable } from "./audit-table.ts";
export { type EvaluateRunOptions, evaluateRun } from "./evaluate-run.ts";
export { type ExplainedAnswer, type ExplainRunOptions, explainRun, type NearText } from "./explain-run.ts";
export { exportMlflow, exportModel, exportTensorboard } from "./export-run.ts";
export { distinctLimit, lookAtTable, type TableFacts } from "./look-at-table.ts";
export { mlflowServer } from "./mlflow-server.ts";
export { type OpenModel, type OpenModelOptions, openModel } from "./open-model.ts";
export { type Policy, policyJsonSchema, readPolicy } from "./policy-file.ts";
export { readRecipe, recipeText } from "./read-recipe.ts";
export { type Recipe, recipeJsonSchema, recipeSchema, recipeTasks } from "./recipe.ts";
export { type AuditPartName, auditParts } from "./recipe-audit.ts";
export { readingOf } from "./recipe-data.ts";
export * from "./release/index.ts";
export { type PlannedStage, planRecipe, type RunOptions, runRecipe } from "./run.ts";
export { isRunFolder, openRunFolder, type RunFolder } from "./run-folder.ts";
export { type ExportedFile, type SaveOnnxOptions, saveOnnx } from "./save-onnx.ts";
export type { RunEvent } from "./stage.ts";
export { fairnessText } from "./stages/audit/fairness-text.ts";
export { checkModelFolder } from "./stages/files.ts";
export { stagesOf } from "./stages/index.ts";
export { checkedRows } from "./stages/prepare.ts";
export { type ColumnFacts, type LikelyTask, likelyTask, type TableRoles } from "./table-roles.ts";
export * from "./together/index.ts";
export { trackedRun } from "./track-run.ts";
export { versions } from "./versions.ts";
