// After training: fits what the recipe asks of decisions, on dev, so that the model folder can hold it.

import { ConcordError, type HostArray } from "../base/index.ts";
import type { TextRow } from "../data/index.ts";
import { fairRates, noValue } from "../fairness/index.ts";
import { type Language, say } from "../messages/index.ts";
import { type FairScore, fitFairRule, groupEstimator } from "../mitigation/index.ts";
import { inputOf } from "../modalities/node/index.ts";
import {
  type Decisions,
  fitTemperature,
  groupsByLabel,
  softmax,
  type TextPredictor,
  textPredictor,
} from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import type { DecisionGroups, ReadRows, TrainedModel } from "./decision-groups.ts";
import { fairHead } from "./fair-head.ts";

type Rows = readonly TextRow[];

/** The rule for the model folder, and head weights that take the place of the trained ones. */
export interface FittedDecisions {
  readonly rule: Decisions;
  readonly head?: ReadonlyMap<string, HostArray>;
  readonly before: FairScore;
  readonly after: FairScore;
}

/** Fits it. @throws E_MODEL where a head cannot be learned anew; E_DATA where cells are too small for the criterion */
export async function fitDecisions(
  recipe: Recipe,
  trained: TrainedModel,
  train: Rows,
  dev: Rows,
  groups: DecisionGroups,
): Promise<FittedDecisions> {
  const { model, weights, tokenizer, labels } = trained;
  const predictor = await textPredictor(model, weights, tokenizer, cpuRuntime, { maxLength: recipe.model.maxLength });
  try {
    const validation = await readRows(predictor, labels, groups, dev);
    const { decisions, criterion, positive, tolerance, cost } = recipe.adapt.mitigation;
    const meant = positive === undefined ? [...labels.keys()] : [labels.indexOf(positive)];
    const rates = fairRates(criterion, meant);
    const options = { rates, tolerance, cost, smallestCell: recipe.evaluate.smallestCell };
    const learnedFrom = decisions === "group-thresholds" ? undefined : await readRows(predictor, labels, groups, train);
    const facts = (before: FairScore, after: FairScore, more: Record<string, unknown> = {}) => ({
      format: "concord-decisions" as const,
      version: 1 as const,
      attribute: groups.attribute,
      criterion,
      labels,
      fitted: { rows: dev.length, tolerance, cost, before, after, left: groups.left, ...more },
    });
    if (decisions === "exponentiated-gradient") {
      const { head, replaced, before, after, ...more } = fairHead(trained, learnedFrom!, validation, groups, options);
      return { rule: { kind: decisions, before: replaced, ...facts(before, after, more) }, head, before, after };
    }
    const temperature = fitTemperature(
      validation.readings.map((r) => r.logits),
      [...validation.truth],
    );
    const probabilities = validation.readings.map((r) => softmax(r.logits, temperature));
    const estimator = learnedFrom && estimatorOf(learnedFrom, labels.length, groups);
    const joint =
      estimator &&
      Float64Array.from(
        validation.readings.flatMap((r, i) => groupsByLabel({ estimator }, r.features, probabilities[i]!).flat()),
      );
    const { scale, shift, before, after } = fitFairRule(
      { ...validation, groups: groups.names.length, probabilities: Float64Array.from(probabilities.flat()), joint },
      options,
    );
    const rule = { ...facts(before, after), temperature, groups: groups.names, scale, shift };
    if (estimator) return { rule: { ...rule, kind: "linear-post", estimator }, before, after };
    return { rule: { ...rule, kind: "group-thresholds" }, before, after };
  } finally {
    await predictor.dispose();
  }
}

async function readRows(
  predictor: TextPredictor,
  labels: readonly string[],
  { attribute, names }: DecisionGroups,
  rows: Rows,
): Promise<ReadRows> {
  return {
    readings: await predictor.readings(rows.map(inputOf)),
    truth: Int32Array.from(rows, (r) => labels.indexOf(r.labels[0]!)),
    groupOf: Int32Array.from(rows, (r) => names.indexOf(r.attributes[attribute] || noValue)),
  };
}

/** From training rows of the groups that are made alike. */
function estimatorOf({ readings, truth, groupOf }: ReadRows, classes: number, { names, attribute }: DecisionGroups) {
  const rows = [...readings.keys()].filter((i) => groupOf[i]! >= 0);
  const seen = new Set(rows.map((i) => groupOf[i]));
  if (seen.size < names.length)
    throw new ConcordError("E_DATA", {
      operation: "decisions",
      problem: `a group of ${attribute} has no training rows, so nothing tells when a text is its`,
      expected: names.join(", "),
      got: names.filter((_, g) => seen.has(g)).join(", "),
      hint: "use decisions: group-thresholds",
    });
  return groupEstimator({
    features: rows.map((i) => readings[i]!.features),
    label: rows.map((i) => truth[i]!),
    classes,
    groupOf: rows.map((i) => groupOf[i]!),
    groups: names.length,
  });
}

/** What to tell of the fit: the change on dev, and a warning where it falls short. */
export function decisionText(recipe: Recipe, { before, after }: FittedDecisions, language: Language): string {
  const { decisions, criterion, attribute, tolerance } = recipe.adapt.mitigation;
  const shown = (x: number) => x.toFixed(3);
  const facts = {
    rule: say(language, `mitigation.rule.${decisions}`),
    criterion: say(language, `fairness.criterion.${criterion}`),
    attribute: attribute!,
    before: shown(before.disparity),
    after: shown(after.disparity),
    accuracyBefore: shown(before.accuracy),
    accuracyAfter: shown(after.accuracy),
  };
  const reached = after.disparity <= tolerance;
  return [
    say(language, "mitigation.fitted", facts),
    ...(reached ? [] : [say(language, "mitigation.short", { tolerance, cost: recipe.adapt.mitigation.cost })]),
  ].join("\n");
}
