// report: what the stages left, as one page to read, keep and print.
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { basename, join } from "node:path";
import { arch, platform } from "node:process";
import {
  type ArtifactReader,
  adapter,
  allAudits,
  audits,
  baselines,
  deployedFiles,
  digestOf,
  facts,
  metrics,
  model,
  onnx,
  predictions,
  pretrainingCurves,
  report,
  rows,
  statement,
  trainingCurves,
} from "../artifacts/index.ts";
import { inWords } from "../messages/index.ts";
import type { InputFacts } from "../modalities/index.ts";
import { modalities } from "../modalities/node/index.ts";
import type { Model } from "../models/index.ts";
import { auditNames, type Recipe, recipeText } from "../recipe/index.ts";
import { type ReportInput, reportPage, type Training } from "../report/index.ts";
import { type Prediction, taskOf } from "../tasks/index.ts";
import { adapterName } from "./adapter.ts";
import { modelIn } from "./open-model.ts";
import { quotedRows } from "./quoted-rows.ts";
import { shownForecasts } from "./shown-forecasts.ts";
import { defineStage, type Stage, type StageContext } from "./stage.ts";
import { engineVersions, versions } from "./versions.ts";

/** What the report reads besides what other stages show in it. */
const reads = [
  report.data,
  rows.test,
  pretrainingCurves,
  trainingCurves,
  model,
  adapter,
  statement,
  baselines,
  metrics,
  predictions,
  ...allAudits,
  onnx,
  facts.pretrain,
  facts.adapt,
];

/** The stage that makes the report of all stages before it. */
export const reportAfter = (before: readonly Stage[]): Stage =>
  defineStage({
    name: "report",
    local: true,
    version: 3,
    reads: [...reads, ...before.flatMap(({ section }) => section?.artifact ?? [])],
    makes: [report.page],
    facts: facts.report,
    supports: () => true,
    settings: async (recipe) => ({ recipe }),
    async work(context) {
      const page = await reportPage(await reportInputOf(before, context));
      await context.write(report.page, page);
      return { bytes: Buffer.byteLength(page) };
    },
  });

/** What the stages of a run left, as a report shows it. */
export async function reportInputOf(
  before: readonly Stage[],
  context: Pick<StageContext, "recipe" | "home" | "run" | "before"> & ArtifactReader,
): Promise<ReportInput> {
  const { recipe, home, run, read, find } = context;
  const adapted = await read(facts.adapt);
  const answers = (await find(predictions)) ?? [];
  const text = recipeText(recipe);
  return {
    language: recipe.report.language,
    name: recipe.name,
    task: recipe.task,
    made: new Date().toISOString(),
    recipe: { text, digest: digestOf(text), seed: recipe.seed },
    model: {
      from: recipe.model.from && basename(recipe.model.from),
      method: adapterName(recipe.adapt) ?? "full",
      parameters: adapted.parameters,
      ...inputFactsOf(await modelIn(await read(model)), recipe),
    },
    data: await read(report.data),
    tokens: adapted.tokens,
    trainings: await trainingsOf(context),
    metrics: (await find(metrics)) ?? {},
    testRows: answers.length,
    audit: await auditsOf(context, recipe.report.examples > 0),
    sections: await sectionsOf(before, context),
    privacy: recipe.adapt.privacy && (await read(statement)),
    examples: await quotedRows(recipe, home, answers, () => read(rows.test)),
    forecasts: await shownForecasts(recipe, answers, () => read(rows.test)),
    pairs: pairsOf(recipe, answers),
    taskPairs: taskPairsOf(recipe, answers),
    stages: Object.values(context.before).map(({ stage, seconds, key }) => ({ stage, seconds, key })),
    machine: {
      system: `${platform}-${arch}`,
      processor: cpus()[0]?.model.trim() || arch,
      threads: cpus().length,
      memoryBytes: totalmem(),
      peakBytes: adapted.peakMemoryBytes,
    },
    sizes: await sizesOf(run),
    versions: { ...versions(), ...engineVersions(adapted.engine) },
  };
}

/** What records say of a model's inputs: how large one may be. */
export const inputFactsOf = (model: Model, recipe: Recipe): InputFacts =>
  modalities[recipe.modality].inputFacts(model, recipe.model.maxLength);

/** What the parts of the audit that ran have found, with the texts that they quote where the report may. */
async function auditsOf({ find }: ArtifactReader, quoting: boolean): Promise<Record<string, unknown>> {
  const parts = auditNames.map(async (part) => {
    const found = await find(audits[part].found);
    const quotes = quoting ? await find(audits[part].quotes) : undefined;
    return found ? [[part, { ...found, quotes }] as const] : [];
  });
  return Object.fromEntries((await Promise.all(parts)).flat());
}

async function sectionsOf(
  stages: readonly Stage[],
  context: Pick<StageContext, "recipe"> & ArtifactReader,
): Promise<ReportInput["sections"]> {
  const { language } = context.recipe.report;
  const shown = stages.map(async ({ name: id, section }) => {
    const content = await section?.content(context, language);
    return section && content ? [{ id, title: inWords(language, section.title), content }] : [];
  });
  return (await Promise.all(shown)).flat();
}

async function trainingsOf({ find }: ArtifactReader): Promise<Training[]> {
  const [before, after] = [await find(pretrainingCurves), await find(trainingCurves)];
  const [pretrained, adapted] = [await find(facts.pretrain), await find(facts.adapt)];
  const speed = ({ seconds, examplesPerSecond }: Pick<Training, "seconds" | "examplesPerSecond">) => ({
    seconds,
    examplesPerSecond,
  });
  return [
    ...(before && pretrained ? [{ ...before, stage: "pretrain", ...speed(pretrained) }] : []),
    ...(after && adapted
      ? [
          {
            ...after,
            stage: "adapt",
            ...speed(adapted),
            selection: adapted.selection,
            devScore: adapted.devScore,
          },
        ]
      : []),
  ];
}

const pairsOf = ({ task }: Recipe, predictions: readonly Prediction[]): [number, number][] =>
  taskOf(task).numeric ? predictions.map((p) => [Number(p.truth), Number(p.predicted)]) : [];

/** The same of each task of several that predicts a number. */
function taskPairsOf({ tasks }: Recipe, predictions: readonly Prediction[]): ReportInput["taskPairs"] {
  if (!tasks) return undefined;
  const numeric = Object.entries(tasks).filter(([, { task }]) => taskOf(task).numeric);
  const of = (name: string) =>
    predictions.flatMap(({ truth, predicted }): [number, number][] => {
      const [wanted, given] = [truth, predicted].map((all) => (all as Readonly<Record<string, unknown>>)[name]);
      return typeof wanted === "number" && typeof given === "number" ? [[wanted, given]] : [];
    });
  return Object.fromEntries(numeric.map(([name]) => [name, of(name)]));
}

async function sizesOf(run: string): Promise<Record<string, number>> {
  const there = Object.values(deployedFiles).filter((name) => existsSync(join(run, name)));
  return Object.fromEntries(await Promise.all(there.map(async (name) => [name, (await stat(join(run, name))).size])));
}
