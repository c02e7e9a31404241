// Audits: attacks, explanations, differences between groups, robustness. Sees a model as a predictor with its weights; opens no file.
export * from "./attacks/index.ts";
export * from "./counterfactual/index.ts";
export * from "./explain/index.ts";
export * from "./fairness/index.ts";
export * from "./means.ts";
export * from "./robustness/index.ts";
export * from "./slices.ts";
