// The report of a run: plain data in, one self-contained page out.

export { count, decimal, type Html, html, isScore, percent, type Score, scoreCell, table } from "../pages/index.ts";
export { type AuditPageInput, auditPage } from "./audit-page.ts";
export { type ComparisonInput, comparisonPage, comparisonTables } from "./compare-page.ts";
export { changeName, changeNumber } from "./compression-names.ts";
export { type ExplanationInput, explanationPage, howOf, signed } from "./explanation.ts";
export type { DataFacts, ExampleRow, MachineFacts, ReportInput, ShownForecast, StageFacts, Training } from "./input.ts";
export { reportPage } from "./page.ts";
export * from "./release/index.ts";
export {
  type BaselineRecord,
  baselineList,
  baselineVerdict,
  numberAlarms,
  scoreLines,
  withInterval,
} from "./sections/baselines.ts";
export { timeTestText } from "./sections/forecasts.ts";
export { triedText } from "./sections/tried.ts";
export { untrainedText } from "./sections/untrained.ts";
export { type StudyComparison, type StudyReportInput, studyReport } from "./study-report.ts";
