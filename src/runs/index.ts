// Runs of recipes, and what is done with a finished run.
export { type AnswerSets, openSets } from "./answer-sets.ts";
export { auditRun } from "./audit-run.ts";
export { auditTable } from "./audit-table.ts";
export { tableText } from "./audit-table-text.ts";
export { evaluateRun } from "./evaluate-run.ts";
export { type ExplainedAnswer, explainRun } from "./explain-run.ts";
export { exportMlflow, exportModel, exportTensorboard } from "./export-run.ts";
export { type LinearLook, linearLook, sufficientScore } from "./linear-look.ts";
export { mlflowServer } from "./mlflow-server.ts";
export { planRecipe, runRecipe } from "./run.ts";
