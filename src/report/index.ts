// The report of a run: plain data in, one self-contained page out.
export type { DataFacts, ExampleRow, MachineFacts, ReportInput, StageFacts, Training } from "./input.ts";
export { reportPage } from "./page.ts";
export * from "./release/index.ts";
