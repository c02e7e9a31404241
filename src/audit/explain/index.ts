// Explanations of single answers, and how faithful they are.
export * from "./baseline.ts";
export * from "./explainer.ts";
export * from "./flip.ts";
export * from "./gradient-program.ts";
export * from "./integrated.ts";
export * from "./nearest.ts";
export * from "./quadrature.ts";
export * from "./read-text.ts";
export * from "./rollout.ts";
export * from "./shapley.ts";
