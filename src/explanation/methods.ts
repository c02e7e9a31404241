// Names of the ways to explain an answer. Knows none of them.

/** Ways to say what a word adds. `saliency` and `rollout` have no sign: they say how much, not which way. */
export const explanationMethods = [
  "integratedGradients",
  "gradientInput",
  "saliency",
  "rollout",
  "occlusion",
  "shap",
] as const;
export type ExplanationMethod = (typeof explanationMethods)[number];
