// The audit of fairness: the run's answers to its test part, compared between the groups of data.attributes.

import { predictions as answers } from "../artifacts/index.ts";
import { type ConcordError, unknownName } from "../base/index.ts";
import { mostListed, unitNames } from "../eval/index.ts";
import { auditFairness, fairnessValues } from "../fairness/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { AuditSettings } from "../recipe/index.ts";
import { attributeGroupsOf } from "../stages/index.ts";
import { answeringTaskOf, judgedTaskOf } from "../tasks/index.ts";
import { changeByDecisions, changeSince, changeText, changeValues, flipChangeValues, flipsSince } from "./change.ts";
import { counterfactualTest, counterfactualText, counterfactualValues, rulesOf } from "./counterfactual.ts";
import { type AuditContext, type AuditDefinition, isOfTexts, type ModelAuditContext } from "./define-audit.ts";
import { cutText, fairnessText } from "./fairness-text.ts";

export const fairnessAudit: AuditDefinition<"fairness", AuditContext> = {
  name: "fairness",
  version: 5,
  async measure(context, settings) {
    const { recipe, model, language } = context;
    const { predictions, findings, bins, attributes } = await compared(context, settings);
    const task = answeringTaskOf(recipe.task);
    const labels = model.labels?.names ?? [];
    const { counterfactuals: most, examples, axes } = settings;
    const asks = most > 0 && !recipe.data.pair;
    const other = // the entities of another text are others
      asks && !task.words && isOfTexts(context)
        ? await counterfactualTest(task, context, { most, examples, axes })
        : undefined;
    const { examples: quoted, moved: _, ...counterfactual } = other ?? {};
    const { baseline } = settings;
    const change =
      baseline === undefined
        ? changeByDecisions(context, predictions, attributes)
        : await changeSince(baseline, context, predictions, attributes);
    const flips =
      baseline !== undefined && other && !task.words && isOfTexts(context)
        ? await flipsSince(task, baseline, context, other, { most, axes })
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
        ...cutLines(bins, language),
        fairnessText(findings, language),
        ...(labels.length > mostListed && settings.positive === undefined && task.exclusive
          ? [say(language, "fairness.manyClasses", { classes: labels.length })]
          : []),
        ...(other ? [counterfactualText(other, language)] : []),
        ...(change ? [changeText(change, flips, language)] : []),
      ].join("\n"),
    };
  },
  async measureQuotes(context, settings) {
    const { findings, bins } = await compared(context, settings);
    return {
      record: { ...findings, bins },
      values: fairnessValues(findings),
      text: [...cutLines(bins, context.language), fairnessText(findings, context.language)].join("\n"),
    };
  },
};

const cutLines = (bins: Parameters<typeof cutText>[0], language: Language): string[] =>
  cutText(bins, language, (name) => `evaluate.bins: { ${name}: [ … ] }`);

/** The run's answers to test rows, compared between groups. @throws E_CONFIG for a positive label that is none of the model's */
async function compared(
  { recipe, read, rows, model }: ModelAuditContext,
  settings: Exclude<AuditSettings["fairness"], false>,
) {
  const predictions = await read(answers);
  const labels = model.labels?.names ?? [];
  const given = settings.positive;
  const renamed = given !== undefined && !labels.includes(given) && Object.hasOwn(recipe.data.rename, given);
  const positive = renamed ? recipe.data.rename[given]! : given; // the old name will do
  const task = judgedTaskOf(recipe.task);
  const positives = task.positives(labels);
  if (positive !== undefined && !positives.includes(positive)) throw unknownLabel(positive, positives);
  const { scheme, offsets } = recipe.data;
  const judged = task.judged({ predictions, labels, positive, test: rows.test, scheme, offsets });
  const groups = Object.entries(attributeGroupsOf(recipe, rows.test));
  const attributes = Object.fromEntries(groups.map(([name, group]) => [name, group.groups]));
  const bins = Object.fromEntries(groups.flatMap(([name, { cut }]) => (cut ? [[name, cut]] : [])));
  const { smallestCell } = recipe.evaluate;
  const options = { ...settings, smallestCell, seed: recipe.seed };
  return { predictions, attributes, bins, findings: auditFairness(judged, attributes, options, unitNames(rows.test)) };
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
