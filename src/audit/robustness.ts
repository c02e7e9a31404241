// The audit of robustness: what changes that leave the answer right cost, whether foreign texts can be told, and prediction sets
// calibrated on dev with their coverage on test. The record keeps the calibration, for `predict --sets`.

import { ConcordError, type Random, random } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import { bootstrap, rocAuc } from "../eval/index.ts";
import { type Language, say } from "../messages/index.ts";
import { inputOf } from "../modalities/node/index.ts";
import type { Measured } from "../passport/index.ts";
import type { TextInput } from "../predict/index.ts";
import type { AuditSettings } from "../recipe/index.ts";
import {
  classDistances,
  energy,
  foreignTexts,
  measureShifts,
  type Shift,
  type ShiftReport,
  unsureness,
} from "../robustness/index.ts";
import { groupsOfRows } from "../stages/index.ts";
import { taskOf } from "../tasks/index.ts";
import { type Coverage, setsOf } from "./coverage.ts";
import {
  type AuditContext,
  type AuditDefinition,
  type AuditResult,
  drawn,
  isOfTexts,
  type TextAuditContext,
} from "./define-audit.ts";
import { changedQuestions } from "./quotes.ts";

type Settings = Exclude<AuditSettings["robustness"], false>;

export const robustnessAudit: AuditDefinition<"robustness", AuditContext> = {
  name: "robustness",
  version: 2,
  supports: ({ words }) => !words,
  async measure(context, settings) {
    const { recipe, language, rows } = context;
    if (settings.perGroup !== undefined && !recipe.data.attributes.includes(settings.perGroup))
      throw new ConcordError("E_CONFIG", {
        operation: "audit robustness",
        problem: "the groups are not of an attribute",
        expected: recipe.data.attributes.join(", ") || "an attribute in data.attributes",
        got: settings.perGroup,
        path: "audit.robustness.perGroup",
      });
    const rng = random(recipe.seed).split("robustness");
    const shifts = rows.test.length ? await shiftsOf(context, settings, rng) : undefined;
    const foreign =
      settings.foreign && rows.test.length && isOfTexts(context) ? await foreignOf(context, settings, rng) : undefined;
    const sets = await setsOf(context, settings);
    return {
      ...foundOf(shifts, language),
      record: { ...shifts, foreign, sets },
      values: valuesOf(shifts, foreign, sets?.coverage),
    };
  },
  measureQuotes: async (context, settings) => foundOf(await changedQuestions(context, settings), context.language),
};

/** Findings of changed inputs alone. */
const foundOf = (shifts: ShiftReport | undefined, language: Language): AuditResult => ({
  record: { ...shifts },
  values: valuesOf(shifts, undefined, undefined),
  text: shifts && say(language, "robustness.audit", textOf(shifts)),
});

async function shiftsOf(
  { predictor, processor, recipe, rows, temperature }: AuditContext,
  settings: Settings,
  rng: Random,
) {
  const names = predictor.model.labels?.names ?? [];
  const truthOf = (row: Row) =>
    taskOf(recipe.task).numeric ? [row.value!] : row.labels.map((label) => names.indexOf(label));
  const given = new Map(Object.entries(settings));
  const shifts = Object.entries(processor.perturbations).flatMap(([kind, { rates, change }]) => {
    const asked = given.get(kind);
    return (Array.isArray(asked) ? asked : rates).map((rate) => ({ kind, rate, change }));
  });
  const sample = drawn(rows.test, settings.rows, rng.split("rows"));
  const sampleGroups = groupsOfRows(predictor, sample);
  const inputs = await processor.inputs(sample);
  const labelled = sample.map((row, i) => ({ input: inputs[i], truth: truthOf(row), group: sampleGroups?.[i] }));
  const { resamples } = recipe.evaluate;
  return measureShifts(predictor, labelled, { shifts, temperature, resamples, rng: rng.split("shifts") });
}

/** Area under the ROC curve of telling foreign texts from test texts, by each score. */
type Foreign = { readonly texts: number } & Readonly<Partial<Record<"unsureness" | "energy" | "distance", Measured>>>;

async function foreignOf(
  { predictor, recipe, rows }: TextAuditContext,
  settings: Settings,
  rng: Random,
): Promise<Foreign> {
  const ownRows = drawn(rows.test, settings.rows, rng.split("own"));
  const rowInputs = ownRows.map(inputOf);
  // a model of pairs is given a foreign text beside the next one
  const pairs = rows.test[0]!.pair !== undefined;
  const foreign = foreignTexts.map(
    (text, i): TextInput => (pairs ? [text, foreignTexts[(i + 1) % foreignTexts.length]!] : text),
  );
  const inputs = [...rowInputs, ...foreign];
  const truth = inputs.map((_, i) => Number(i >= rowInputs.length));
  const aucOf = (scores: readonly number[], name: string): Measured => {
    const { estimate, low, high } = bootstrap(
      (picked) =>
        rocAuc(
          Array.from(picked, (i) => truth[i]!),
          Array.from(picked, (i) => scores[i]!),
        ),
      inputs.length,
      {
        resamples: Math.min(200, recipe.evaluate.resamples),
        random: rng.split(name),
        strata: truth,
        method: "percentile",
      },
    );
    return { value: estimate, low, high };
  };
  const familiar = drawn(rows.train, settings.foreignRows, rng.split("learned"));
  const { exclusive } = taskOf(recipe.task);
  const groups = exclusive ? familiar.map((r) => r.labels[0]!) : familiar.map(() => 0);
  const { distance } = classDistances(await predictor.features(familiar.map(inputOf)), groups);
  const distances = (await predictor.features(inputs)).map(distance);
  const byDistance = { texts: foreign.length, distance: aucOf(distances, "distance") };
  if (!exclusive) return byDistance; // no probabilities that add up to 1
  const rowGroups = groupsOfRows(predictor, ownRows); // nobody says whose a foreign text is
  const logits = await predictor.logits(inputs, rowGroups && inputs.map((_, i) => rowGroups[i]));
  return {
    ...byDistance,
    unsureness: aucOf(logits.map(unsureness), "unsureness"),
    energy: aucOf(logits.map(energy), "energy"),
  };
}

/** `typos10`: the way, and the share in percent. */
const nameOf = ({ kind, rate }: Shift): string => `${kind}${Math.round(100 * rate)}`;

function valuesOf(report: ShiftReport | undefined, foreign: Foreign | undefined, coverage: Coverage | undefined) {
  const values: Record<string, Measured> = {};
  const put = (name: string, score: Measured | undefined) => {
    if (score && Number.isFinite(score.value)) values[`robustness.${name}`] = score;
  };
  if (report) {
    put(`clean.${report.measure}`, report.clean.score);
    put("clean.ece", report.clean.ece === undefined ? undefined : { value: report.clean.ece });
    for (const shift of report.shifts) {
      const name = nameOf(shift);
      put(`${name}.${report.measure}`, shift.score);
      put(`${name}.loss`, shift.loss);
      put(`${name}.flips`, shift.flips);
      put(`${name}.ece`, shift.ece === undefined ? undefined : { value: shift.ece });
    }
  }
  const { texts: _, ...scores } = foreign ?? { texts: 0 };
  for (const [name, score] of Object.entries(scores)) put(`foreign.${name}.auroc`, score);
  if (coverage) {
    put("sets.coverage", coverage.all);
    put("sets.size", { value: coverage.size });
    for (const [attribute, groups] of Object.entries(coverage.groups))
      for (const [group, found] of Object.entries(groups)) put(`sets.${attribute}.${group}.coverage`, found);
  }
  return values;
}

function textOf({ clean, shifts, rows }: ShiftReport) {
  const shown = (score: Measured) => score.value.toFixed(3);
  const worst = [...shifts].sort((a, b) => b.loss.value - a.loss.value)[0];
  return { rows, clean: shown(clean.score), worst: worst ? shown(worst.score) : "–", way: worst ? nameOf(worst) : "–" };
}
