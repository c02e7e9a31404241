// Scores of entity recognition: entities as seqeval counts them, tags of words as scikit-learn does, calibrated on dev.
import {
  type EntitySpan,
  inCodePoints,
  spansOfTags,
  type TagScheme,
  type TextRow,
  tagsOfSpans,
  typesOfTags,
} from "../../data/index.ts";
import {
  classificationReport,
  classRecordsOf,
  entityHits,
  f1Of,
  pooledF1Score,
  reportRecord,
  type StatedProbabilities,
  tagAccuracy,
  taggingReport,
} from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import { entitiesOf, type FoundEntity, fitTemperature, type WordLogits } from "../../predict/index.ts";
import { type Comparison, groupScores, type Metrics, type Scoring } from "../scoring.ts";
import type { AnsweredWords } from "../task.ts";
import { classTable, intervalText } from "./class-table.ts";
import { calibrationRecord, calibrationText } from "./stated.ts";

type Rows = readonly TextRow[];
type Words = readonly (readonly WordLogits[])[];

/** Entities by words, as seqeval reads tags: a true entity that ends inside a word counts as the whole word, which is what the model was taught. */
export const entitiesInWords = (
  scheme: TagScheme,
  rows: Rows,
  spansOf: (row: number) => readonly EntitySpan[],
): EntitySpan[][] => rows.map((row, i) => spansOfTags(row.words!, tagsOfSpans(row.words!, spansOf(i), scheme), scheme));

/** @param labels tags, as the head has them @param testWords logits of each row's words */
export function entityMetrics(
  scoring: Scoring,
  labels: readonly string[],
  { dev, devWords, test, testWords }: AnsweredWords,
): Metrics {
  const { scheme, offsets, language } = scoring;
  const temperature = temperatureOf(scheme, labels, dev, devWords);
  const foundAt = (temperature: number) =>
    test.map((row, i) => entitiesOf(row.text, labels, testWords[i]!, { temperature }));
  const found = foundAt(temperature);
  const tagsBy = (spans: (row: number) => Parameters<typeof tagsOfSpans>[1]) =>
    test.map((row, i) => tagsOfSpans(row.words!, spans(i), scheme));
  const [truth, predicted] = [tagsBy((i) => test[i]!.spans!), tagsBy((i) => found[i]!)];
  const types = typesOfTags(labels);
  const inWords = (spans: (row: number) => readonly EntitySpan[]) => entitiesInWords(scheme, test, spans);
  const trueEntities = inWords((i) => test[i]!.spans!);
  const counts = entityHits(
    types,
    trueEntities,
    inWords((i) => found[i]!),
  );
  const stated = statedBy(found, trueEntities);
  const honest = calibrationRecord(test, "entities", stated, statedBy(foundAt(1), trueEntities));
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  const hits = (i: number) => sum(counts[i]!.hits);
  const either = (i: number) => sum(counts[i]!.predicted) + sum(counts[i]!.actual) - hits(i);
  const f1Score = pooledF1Score(test, hits, either);
  const f1 = f1Score(Int32Array.from(test.keys()));
  // with words outside of entities the table is scikit-learn's over all tags that occur
  const shownTags = scoring.outside ? undefined : labels.filter((tag) => tag !== "O");
  const tokens = classificationReport(truth.flat(), predicted.flat(), { labels: shownTags });
  const anything = test.some((row, i) => row.spans!.length + found[i]!.length > 0);
  // classes of words are no entities: seqeval would read their first letter as a prefix
  const entities = scheme === "none" || !anything ? undefined : taggingReport(truth, predicted);
  const accuracy = tagAccuracy(truth, predicted);
  const shown = (text: string, spans: readonly EntitySpan[]) =>
    offsets === "utf-16" ? spans : inCodePoints(text, spans);
  const tables = [tokens, ...(entities ? [entities] : [])].map((report) => classTable(report, language));
  return {
    record: {
      temperature,
      f1,
      tagAccuracy: accuracy,
      ...honest,
      tokens: reportRecord(tokens),
      ...(entities ? { entities: reportRecord(entities) } : {}),
      classes: classRecordsOf(test, types, counts),
      groups: groupScores(scoring, test, "f1", f1Score),
    },
    predictions: test.map((row, i) => ({
      place: row.place,
      text: row.text,
      truth: shown(row.text, row.spans!),
      predicted: shown(row.text, found[i]!),
      attributes: row.attributes,
    })),
    comparison: {
      answers: found,
      scores: entityScores(labels, test, scheme),
    },
    stated,
    summary: { temperature, f1, tagAccuracy: accuracy, ...(honest && { ece: honest.calibration.ece }) },
    text: `${tables.join("\n")}\n${say(language, "evaluate.entities", { f1: intervalText(f1), tags: (accuracy * 100).toFixed(1) })}${calibrationText(honest, language)}`,
  };
}

/** Each found entity's probability, and whether place and type are those of a true one (the event of Jagannatha & Yu 2020, arXiv:2004.04361). */
function statedBy(
  found: readonly (readonly FoundEntity[])[],
  truth: readonly (readonly EntitySpan[])[],
): StatedProbabilities {
  const keyOf = ({ start, end, type }: EntitySpan) => `${start} ${end} ${type}`;
  return (row, put) => {
    const real = new Set(truth[row]!.map(keyOf));
    for (const entity of found[row]!) put(entity.probability, Number(real.has(keyOf(entity))));
  };
}

/** Scores of answers to rows, whoever gave them. @param labels tags, as the head has them */
export const entityScores = (labels: readonly string[], rows: Rows, scheme: TagScheme): Comparison["scores"] => ({
  f1: (answers) => {
    const hits = entityHits(
      typesOfTags(labels),
      entitiesInWords(scheme, rows, (i) => rows[i]!.spans!),
      entitiesInWords(scheme, rows, (i) => answers[i] as readonly EntitySpan[]),
    );
    return (picked) => f1Of(Array.from(picked, (i) => hits[i]!));
  },
});

/** Fitted on the tags of dev's words. */
function temperatureOf(scheme: TagScheme, labels: readonly string[], dev: Rows, words: Words): number {
  const logits = words.flatMap((rowWords) => rowWords.map((w) => w.logits));
  if (logits.length === 0) return 1;
  const truth = dev.flatMap((row, i) => {
    const ranges = words[i]!.map((w) => w.range);
    return tagsOfSpans(ranges, row.spans!, scheme).map((tag) => labels.indexOf(tag));
  });
  return fitTemperature(logits, truth);
}
