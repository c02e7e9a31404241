// What stands beside scores of test rows, whatever the task: baselines, the same scores without rows that are in training, and intervals for
// all settings that a search tried.
import type { Baseline } from "../artifacts/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { Recipe } from "../recipe/index.ts";
import {
  baselineList,
  baselineVerdict,
  isScore,
  numberAlarms,
  scoreLines,
  triedText,
  untrainedText,
} from "../report/index.ts";
import { type Metrics, type Rows, type Scoring, taskOf, triedScores } from "../tasks/index.ts";
import { attributeGroupsOf } from "./attribute-groups.ts";
import { besideBaselines } from "./beside-baselines.ts";

/** What a recipe asks of scores. @param test rows that are scored */
export const scoringOf = (
  { seed, data, evaluate, audit, report }: Recipe,
  test: Rows,
  language: Language,
): Scoring => ({
  language,
  seed,
  resamples: evaluate.resamples,
  smallestCell: evaluate.smallestCell,
  groups: attributeGroupsOf({ data, evaluate }, test),
  positive: audit?.fairness ? audit.fairness.positive : undefined,
  scheme: data.scheme,
  offsets: data.offsets,
  outside: report.outside,
});

/**
 * Scores of all test rows, as papers have them; where some of the rows are in training too, those of the others beside them.
 * @param metricsOf scores of some of the rows
 */
export function withUntrained(
  { adapt }: Recipe,
  scoring: Scoring,
  test: Rows,
  metricsOf: (scoring: Scoring, picked: readonly number[]) => Metrics,
): Metrics {
  const all = [...test.keys()];
  const metrics = metricsOf(scoring, all);
  const untrained = all.filter((i) => !test[i]!.inTraining);
  if (untrained.length === all.length) return metrics;
  const { summary = {} } = untrained.length ? metricsOf({ ...scoring, groups: {} }, untrained) : {};
  const scores = Object.entries(summary).filter(([, value]) => isScore(value));
  const notInTraining = {
    rows: untrained.length,
    leftOut: all.length - untrained.length,
    ...Object.fromEntries(scores),
  };
  return {
    ...metrics,
    // which rows are in training is nothing that a private run may publish
    record: adapt.privacy ? metrics.record : { ...metrics.record, notInTraining },
    untrained: notInTraining,
    text: withText(metrics.text, notInTraining, scoring.language),
  };
}

/** Scores as text, and below them those without test rows that are in training. */
export const withText = (text: string, untrained: Metrics["untrained"], language: Language): string =>
  [text, untrainedText(untrained, language)].filter(Boolean).join("\n");

/** Metrics with the baselines' scores beside them; a baseline that is not beaten is said first. */
export function withBaselines(
  recipe: Recipe,
  test: Rows,
  metrics: Metrics,
  baselines: readonly Baseline[],
  language: Language,
): Metrics {
  const { comparison } = metrics;
  const beside = comparison && besideBaselines(recipe, test, comparison, baselines);
  const record = beside ? { ...metrics.record, baselines: beside } : metrics.record;
  const alarms = numberAlarms(record, language);
  if (!beside) return { ...metrics, text: [...alarms, metrics.text].join("\n") };
  const { lines } = comparison;
  const ownText = lines
    ? [withText(scoreLines(metrics.summary, lines, beside, language), metrics.untrained, language)]
    : [metrics.text];
  const verdict = [
    baselineVerdict(beside, language),
    ...(lines ? [] : [baselineList(beside, language)]),
    ...(recipe.adapt.privacy ? [say(language, "baseline.private")] : []),
  ];
  return {
    ...metrics,
    // what a private run publishes must not tell what was learned without noise
    record: recipe.adapt.privacy ? metrics.record : record,
    summary: { ...metrics.summary, baselines: beside },
    text: [...alarms, ...(beside.verdict === "better" ? [...ownText, ...verdict] : [...verdict, ...ownText])].join(
      "\n",
    ),
  };
}

/** Of settings that a search chose: the scores with intervals that hold for all that were tried. */
export function withTried({ task, evaluate: { tried } }: Recipe, found: Metrics, language: Language): Metrics {
  if (tried === undefined) return found;
  const { numeric, writes } = taskOf(task);
  const scores = triedScores(found.summary, tried, !numeric && !writes);
  return {
    ...found,
    record: { ...found.record, tried: scores },
    text: `${found.text}\n${triedText(scores, language)}`,
  };
}
