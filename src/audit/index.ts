// The audit of a run: fairness, privacy, explanation, robustness, each a stage of its own.

export { explanationPart } from "./explanation.ts";
export { fairnessPart } from "./fairness.ts";
export { cutText, fairnessText } from "./fairness-text.ts";
export { auditName, auditStage } from "./part.ts";
export { privacyPart } from "./privacy.ts";
export { robustnessPart } from "./robustness.ts";
