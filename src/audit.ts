// The namespace `audit` of the library: fairness, attacks, explanations, robustness. Sees a model as a predictor; opens no file.
export * from "./attacks/index.ts";
export * from "./counterfactual/index.ts";
export { type MeanScore, meansOf } from "./eval/index.ts";
export * from "./explanation/index.ts";
export * from "./fairness/index.ts";
export * from "./mitigation/index.ts";
export { imagePerturbations, misspell, substitute, textPerturbations } from "./modalities/index.ts";
export * from "./robustness/index.ts";
