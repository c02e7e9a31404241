// Audits: explanations, robustness. Sees a model as a predictor with its weights; opens no file.
export * from "./explain/index.ts";
