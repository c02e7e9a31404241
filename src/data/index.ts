// Data room: rows, their targets and splits, and words of texts. Opens no file: `tables` reads them.
export { attributeGroups, binned, fifths, type NumberGroups } from "./prepare/bins.ts";
export { type Acceptable, acceptable } from "./prepare/checks.ts";
export { choiceName } from "./prepare/choice-rows.ts";
export { cleanProse, cleanText } from "./prepare/clean.ts";
export { type Clusters, clusters, joinByKey } from "./prepare/clusters.ts";
export { checkColumns, columnLog, fieldOf, looksLikeRow, neverSeen } from "./prepare/columns.ts";
export type { LabelKind } from "./prepare/label-kinds.ts";
export { isExcluded, renamer, withoutTypes } from "./prepare/label-names.ts";
export { labelsIn, numberSpelling, opened } from "./prepare/label-values.ts";
export { knownSpelling } from "./prepare/labels.ts";
export { type NearDuplicateOptions, nearDuplicates } from "./prepare/near-duplicates.ts";
export { checkMarks, markWarnings } from "./prepare/number-marks.ts";
export {
  type DataReport,
  type PreparedRows,
  type PreparedTexts,
  type PrepareOptions,
  prepareRows,
  prepareTexts,
  type RowKind,
  textRows,
} from "./prepare/prepare-texts.ts";
export type { QuotedAnswer } from "./prepare/quoted-rows.ts";
export { besideOf, textRow } from "./prepare/read-row.ts";
export { type ReadTable, type ReadTexts, readTable, readTexts, tally } from "./prepare/read-texts.ts";
export { tableRemarks } from "./prepare/remarks.ts";
export { type DuplicateRule, duplicateRules, type KeptRepeats, ruleFor, withoutRepeats } from "./prepare/repeats.ts";
export { labelOfTask, targetOf } from "./prepare/row-targets.ts";
export { rowsOfTask } from "./prepare/several-targets.ts";
export {
  placeOf,
  type SourceRow,
  type TableFormat,
  tableFormats,
  unreadable,
  unreadableKind,
} from "./prepare/source-row.ts";
export { type SplitName, type SplitOptions, splitNamed, splitNames, stratifiedSplits } from "./prepare/splits.ts";
export {
  type ColumnNames,
  isMissing,
  isQuarantined,
  isRefused,
  newCounts,
  type Quarantined,
  type Refusal,
  type Row,
  type RowCounts,
  type RowTarget,
  refused,
  rowsOfTexts,
  type TaskColumn,
  type TaskColumns,
  type TextRow,
  type TextRowOptions,
} from "./prepare/text-rows.ts";
export { type ChatMessage, isChat, messagesIn, plainText, textIn } from "./prepare/text-values.ts";
export { answerTokens, type QuestionInput, type QuoteWindow, quoteWindows } from "./quoting/windows.ts";
export { type TagReading, taggedEntities } from "./tagging/entities.ts";
export { isScheme, type Scheme, type TaggedEntity } from "./tagging/schemes.ts";
export {
  type EntitySpan,
  inCodePoints,
  inUnits,
  isTag,
  schemeOfTags,
  spansOfTags,
  type TagScheme,
  tagSchemes,
  tagSet,
  tagsOfSpans,
  typesOfTags,
} from "./tagging/spans.ts";
export { possibleTransitions } from "./tagging/transitions.ts";
export { type WordPlace, type WordWindow, wordWindows } from "./tagging/windows.ts";
export { joinWords, modelText, type Range, splitWords, type WordedText } from "./tagging/words.ts";
