// Differences between groups, measured and made smaller. Sees columns of numbers and names, no model.
export * from "./audit-groups.ts";
export * from "./compare.ts";
export * from "./decision-panel.ts";
export * from "./disparity.ts";
export * from "./entropy.ts";
export * from "./frame.ts";
export { type Estimate, groupIntervals, spreads } from "./group-intervals.ts";
export { crossed, groupingOf, noValue, type UnusableReason, unusableReason } from "./groupings.ts";
export { type Judged, mainMeasure, worseWay } from "./judged.ts";
export * from "./named-values.ts";
export * from "./rates.ts";
export * from "./resample.ts";
export * from "./reweighing.ts";
export * from "./threshold-curve.ts";
export * from "./thresholds.ts";
