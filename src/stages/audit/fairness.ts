// The audit of fairness: the run's answers to its test part, compared between the groups of data.attributes.
import { auditFairness, fairnessValues, type Judged } from "../../audit/index.ts";
import { type ConcordError, unknownName } from "../../base/index.ts";
import { type EntitySpan, inUnits, type Row, type TextRow, typesOfTags } from "../../data/index.ts";
import { say } from "../../messages/index.ts";
import { type AuditSettings, type Recipe, recipeTasks } from "../../recipe/index.ts";
import { predictions as answers } from "../artifacts/index.ts";
import { groupsOfRows } from "../attribute-groups.ts";
import type { Prediction } from "../quoted-rows.ts";
import { mostListed } from "../scores/class-table.ts";
import { entitiesInWords } from "../scores/entities.ts";
import { changeByDecisions, changeSince, changeText, changeValues, flipChangeValues, flipsSince } from "./change.ts";
import { counterfactualTest, counterfactualText, counterfactualValues, rulesOf } from "./counterfactual.ts";
import { cutText, fairnessText } from "./fairness-text.ts";
import { type AuditContext, type AuditPart, isOfTexts } from "./part.ts";

type Settings = Exclude<AuditSettings["fairness"], false>;

export const fairnessPart: AuditPart<"fairness", AuditContext> = {
  name: "fairness",
  version: 5,
  tasks: recipeTasks,
  async measure(context, settings) {
    const { recipe, read, rows, model, language } = context;
    const predictions = await read(answers);
    const labels = model.labels?.names ?? [];
    const given = settings.positive;
    const renamed = given !== undefined && !labels.includes(given) && Object.hasOwn(recipe.data.rename, given);
    const asked = renamed ? { ...settings, positive: recipe.data.rename[given]! } : settings; // the old name will do
    const judged =
      recipe.task === "entities"
        ? entitiesJudged(recipe, predictions, labels, rows.test as readonly TextRow[], asked)
        : judgedOf(predictions, labels, recipe.task, asked);
    const groups = Object.entries(groupsOfRows(recipe, rows.test));
    const attributes = Object.fromEntries(groups.map(([name, own]) => [name, own.groups]));
    const bins = Object.fromEntries(groups.flatMap(([name, { cut }]) => (cut ? [[name, cut]] : [])));
    const { smallestCell } = recipe.evaluate;
    const options = { ...settings, smallestCell, seed: recipe.seed };
    const findings = auditFairness(judged, attributes, options, clustersOf(rows.test));
    const { counterfactuals: most, examples, axes } = settings;
    const asks = most > 0 && !recipe.data.pair && recipe.task !== "entities"; // the entities of another text are others
    const other = asks && isOfTexts(context) ? await counterfactualTest(context, { most, examples, axes }) : undefined;
    const { examples: quoted, moved: _, ...counterfactual } = other ?? {};
    const { baseline } = settings;
    const change =
      baseline === undefined
        ? changeByDecisions(context, predictions, attributes)
        : await changeSince(baseline, context, predictions, attributes);
    const flips =
      baseline !== undefined && other && isOfTexts(context)
        ? await flipsSince(baseline, context, other, { most, axes })
        : [];
    return {
      quotes: quoted?.length ? { counterfactual: quoted } : undefined,
      record: {
        ...findings,
        bins,
        counterfactual: other && { ...counterfactual, rules: rulesOf(other) },
        change: change && { ...change, counterfactual: flips },
      },
      values: {
        ...fairnessValues(findings),
        ...(other ? counterfactualValues(other) : {}),
        ...(change ? { ...changeValues(change), ...flipChangeValues(flips) } : {}),
      },
      text: [
        ...cutText(bins, language, (name) => `evaluate.bins: { ${name}: [ … ] }`),
        fairnessText(findings, language),
        ...(labels.length > mostListed && settings.positive === undefined && recipe.task === "single-label"
          ? [say(language, "fairness.manyClasses", { classes: labels.length })]
          : []),
        ...(other ? [counterfactualText(other, language)] : []),
        ...(change ? [changeText(change, flips, language)] : []),
      ].join("\n"),
    };
  },
};

/** Patients, where rows name them. */
const clustersOf = (rows: readonly Row[]): string[] | undefined =>
  rows.some((r) => r.group !== undefined)
    ? rows.map((r, i) => (r.group === undefined ? `row ${i}` : `group ${r.group}`))
    : undefined;

/** By words, as the run's scores are. @throws E_CONFIG for a positive label: entities have none */
function entitiesJudged(
  recipe: Recipe,
  predictions: readonly Prediction[],
  tags: readonly string[],
  test: readonly TextRow[],
  { positive }: Settings,
): Judged {
  if (positive !== undefined) throw unknownLabel(positive, []);
  const spans = predictions.map(({ predicted }, i) =>
    recipe.data.offsets === "utf-16" ? (predicted as EntitySpan[]) : inUnits(test[i]!.text, predicted as EntitySpan[]),
  );
  return {
    kind: "entities",
    names: typesOfTags(tags),
    truth: entitiesInWords(recipe, test, (i) => test[i]!.spans!),
    predicted: entitiesInWords(recipe, test, (i) => spans[i]!),
  };
}

/** @throws E_CONFIG when the positive label is none of the model's */
function judgedOf(
  predictions: readonly Prediction[],
  labels: readonly string[],
  task: string,
  { positive }: Settings,
): Judged {
  if (positive !== undefined && !labels.includes(positive)) throw unknownLabel(positive, labels);
  if (task === "regression")
    return {
      kind: "numbers",
      truth: predictions.map((p) => Number(p.truth)),
      predicted: predictions.map((p) => Number(p.predicted)),
    };
  if (task === "multi-label") {
    const hot = (names: unknown) => labels.map((label) => Number((names as string[]).includes(label)));
    if (positive === undefined)
      return {
        kind: "labels",
        names: labels,
        truth: predictions.map((p) => hot(p.truth)),
        predicted: predictions.map((p) => hot(p.predicted)),
      };
  }
  const has = (value: unknown) => Number(Array.isArray(value) ? value.includes(positive) : value === positive);
  if (positive !== undefined)
    return {
      kind: "decisions",
      truth: predictions.map((p) => has(p.truth)),
      predicted: predictions.map((p) => has(p.predicted)),
      scores: predictions.map((p) => p.probabilities?.[positive] ?? Number.NaN),
    };
  return {
    kind: "classes",
    names: labels,
    truth: predictions.map((p) => labels.indexOf(String(p.truth))),
    predicted: predictions.map((p) => labels.indexOf(String(p.predicted))),
    // of very many classes predictions.jsonl has the likeliest probabilities only: what needs all is not measured
    probabilities:
      labels.length > mostListed
        ? undefined
        : predictions.map((p) => labels.map((label) => p.probabilities?.[label] ?? Number.NaN)),
  };
}

const unknownLabel = (positive: string, labels: readonly string[]): ConcordError =>
  unknownName(
    "E_CONFIG",
    {
      operation: "audit fairness",
      problem: "the positive label is none of the model's",
      path: "audit.fairness.positive",
    },
    positive,
    labels,
  );
