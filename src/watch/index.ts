// Watching a served model: profiles, drift, live scores, alerts. Stores are in `node/`.
export * from "./alerts.ts";
export * from "./drift.ts";
export { adjusted, categoryDifference, type Difference, orderedDifference } from "./drift-tests.ts";
export { maskPrivate } from "./mask.ts";
export * from "./measure.ts";
export { measuredAnswers } from "./measured-answers.ts";
export { monitorPage, monitorText } from "./page.ts";
export * from "./performance.ts";
export {
  binned,
  type Measurement,
  type NumberProfile,
  type Profile,
  type ProfileOptions,
  profileOf,
} from "./profile.ts";
export * from "./records.ts";
export * from "./report.ts";
