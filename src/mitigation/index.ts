// Differences between groups, made smaller: rules over scores, weights of rows, constrained heads. Sees columns of numbers, no model.
export * from "./fair-rule.ts";
export * from "./group-estimator.ts";
export * from "./reductions.ts";
export * from "./reweighing.ts";
export * from "./softmax-regression.ts";
export * from "./threshold-curve.ts";
export * from "./thresholds.ts";
