// Differences between groups, measured. Sees columns of numbers and names, no model.
export * from "./audit-groups.ts";
export { calibrationError, calibrationErrorOfRows } from "./calibration-error.ts";
export * from "./compare.ts";
export * from "./decision-panel.ts";
export * from "./disparity.ts";
export * from "./entropy.ts";
export * from "./fair-rates.ts";
export * from "./frame.ts";
export { fewestUnits, type Gap, type Verdict } from "./gaps.ts";
export { crossed, groupingOf, noValue, type UnusableReason, unusableReason } from "./groupings.ts";
export { type Judged, mainMeasure, worseWay } from "./judged.ts";
export { differenceOf, type Estimate, type Known, knownShare } from "./known.ts";
export * from "./named-values.ts";
export * from "./rates.ts";
export * from "./resample.ts";
export { extremeOf, spreads } from "./spreads.ts";
