// The report of a run: plain data in, one self-contained page out.

export { type ComparisonInput, comparisonPage, comparisonTables } from "./compare-page.ts";
export { type ExplanationInput, explanationPage, howOf, signed } from "./explanation.ts";
export { type Html, html } from "./html.ts";
export {
  type DataFacts,
  type ExampleRow,
  isScore,
  type MachineFacts,
  type ReportInput,
  type Score,
  type StageFacts,
  type Training,
} from "./input.ts";
export { count, decimal, percent, scoreCell } from "./numbers.ts";
export { reportPage } from "./page.ts";
export * from "./release/index.ts";
export { type BaselineRecord, baselineList, baselineVerdict, numberAlarms, scoreLines } from "./sections/baselines.ts";
export { untrainedText } from "./sections/untrained.ts";
export { type StudyComparison, type StudyReportInput, studyReport } from "./study-report.ts";
export { table } from "./table.ts";
