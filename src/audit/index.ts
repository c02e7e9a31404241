// Audits: explanations, differences between groups, robustness. Sees a model as a predictor with its weights; opens no file.
export * from "./explain/index.ts";
export * from "./fairness/index.ts";
