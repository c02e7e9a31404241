// The audit of a run: fairness, privacy, explanation, robustness, each a stage of its own.

export { type CalibratedSets, setsOf } from "./coverage.ts";
export { auditStage, auditStageName, drawn } from "./define-audit.ts";
export { explanationAudit } from "./explanation.ts";
export { fairnessAudit } from "./fairness.ts";
export { cutText, fairnessText } from "./fairness-text.ts";
export { matched, surenessOf } from "./membership.ts";
export { privacyAudit } from "./privacy.ts";
export { robustnessAudit } from "./robustness.ts";
export { writingStage } from "./writing.ts";
