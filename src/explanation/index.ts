// Explanations of single answers, of classes, and how faithful they are.
export type { Asked } from "./asked.ts";
export * from "./baseline.ts";
export * from "./class-words.ts";
export * from "./explainer.ts";
export * from "./faithfulness.ts";
export * from "./flip.ts";
export * from "./gradient-program.ts";
export * from "./integrated.ts";
export * from "./judged.ts";
export * from "./judgement.ts";
export * from "./methods.ts";
export * from "./nearest.ts";
export * from "./parts.ts";
export * from "./quadrature.ts";
export * from "./read-text.ts";
export * from "./rollout.ts";
export * from "./shapley.ts";
