// Metrics by the field's definitions, reports, intervals. Public surface, one line per file.

export { type Scheme, type TaggedEntity, type TagReading, taggedEntities } from "../data/index.ts";
export * from "./agreement.ts";
export { clopperPearson } from "./clopper-pearson.ts";
export { type ClassCounts, type CountOptions, confusionMatrix, countClasses, type Labels } from "./counts.ts";
export {
  area,
  averageColumns,
  averagePrecision,
  type ColumnAverage,
  type ColumnMetric,
  type MulticlassAucOptions,
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RocCurve,
  rocAuc,
  rocAucMulticlass,
  rocCurve,
} from "./curves.ts";
export { characterErrorRate, type EditRate, wordErrorRate } from "./edit-rate.ts";
export * from "./entity-counts.ts";
export { errorScores, isErrorScore } from "./error-scores.ts";
export * from "./intervals.ts";
export { checkColumns, checkFinite, type Label } from "./labels.ts";
export * from "./listed.ts";
export * from "./macro-f1.ts";
export * from "./mean-scores.ts";
export { meanInterval } from "./means.ts";
export { normalCdf, normalQuantile } from "./normal.ts";
export * from "./probabilities.ts";
export * from "./quotes.ts";
export * from "./ranking.ts";
export * from "./regression.ts";
export * from "./reliability.ts";
export * from "./report.ts";
export * from "./retrieval.ts";
export * from "./row-scores.ts";
export { namedInterval, rangeOf } from "./score-ranges.ts";
export {
  type Average,
  averageScores,
  binaryScores,
  type ClassScores,
  classScores,
  f1,
  jaccard,
  type ScoreOptions,
  type Scores,
  type ZeroDivision,
} from "./scores.ts";
export * from "./shares.ts";
export { type SimultaneousOptions, simultaneous, simultaneousLevel } from "./simultaneous.ts";
export { chiSquareQuantile, chiSquareSurvival, studentSurvival, tQuantile } from "./student.ts";
export * from "./tagging.ts";
