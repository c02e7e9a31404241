// The audit of a run: fairness, privacy, explanation, robustness, each a stage of its own.
export { cutText, fairnessText } from "./fairness-text.ts";
export { auditName } from "./part.ts";
export { explanationPart } from "./explanation.ts";
export { fairnessPart } from "./fairness.ts";
export { auditStage } from "./part.ts";
export { privacyPart } from "./privacy.ts";
export { robustnessPart } from "./robustness.ts";
