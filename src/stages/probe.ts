// The probe after pretraining: what a linear model reads from the frozen features, beside the same model with random weights (Alain & Bengio
// 2016, arXiv:1610.01644). It says whether pretraining brought anything before an epoch of fine-tuning is spent.
import { random } from "../base/index.ts";
import { denseRows } from "../baseline/index.ts";
import type { TextRow } from "../data/index.ts";
import { type Language, say } from "../messages/index.ts";
import { inputOf } from "../modalities/node/index.ts";
import { initialise, type Model } from "../models/index.ts";
import { textPredictor } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { isWhole, type Task, taskOf } from "../tasks/index.ts";
import { headForm, openStart, type StartingModel } from "./model.ts";
import { fitSimple, sampleRows } from "./simple-models.ts";

/** What both scored on dev: macro F1, or minus the mean absolute error. */
export interface Probe {
  readonly score: Task["devScore"]["name"];
  /** Training rows that the linear models were fitted on. */
  readonly rows: number;
  readonly pretrained: number;
  readonly random: number;
}

/** Most training rows of a probe. */
const mostRows = 2000;

/**
 * @param folder of the pretrained model
 * @returns undefined where there are no dev rows, or words are labelled
 */
export async function probe(
  recipe: Recipe,
  folder: string,
  labels: readonly string[],
  train: readonly TextRow[],
  dev: readonly TextRow[],
): Promise<Probe | undefined> {
  const task = taskOf(recipe.task);
  if (!isWhole(task) || !dev.length || !train.length) return undefined;
  const start = await openStart(folder, task.head, task.headLabels(labels, recipe.data.scheme), {
    seed: recipe.seed,
    pooling: headForm(recipe).pooling ?? "mean",
  });
  const rows = sampleRows(train, mostRows, recipe.seed);
  const scoreOf = async (weights: StartingModel["weights"]) => {
    const features = await featuresOf(recipe, start, weights, [rows, dev]);
    const given = { rows, features: features[0]! };
    return fitSimple(task, labels, given, { rows: dev, features: features[1]! }).devScore!;
  };
  const pretrained = await scoreOf(start.weights);
  const fresh = await scoreOf(initialise(start.model, random(recipe.seed)));
  return { score: task.devScore.name, rows: rows.length, pretrained, random: fresh };
}

async function featuresOf(
  { model: { maxLength } }: Recipe,
  { model, tokenizer }: { readonly model: Model; readonly tokenizer: StartingModel["tokenizer"] },
  weights: StartingModel["weights"],
  parts: readonly (readonly TextRow[])[],
) {
  const predictor = await textPredictor(model, weights, tokenizer, cpuRuntime, { maxLength });
  try {
    const out = [];
    for (const rows of parts) out.push(denseRows(await predictor.features(rows.map(inputOf))));
    return out;
  } finally {
    await predictor.dispose();
  }
}

/** From this macro F1 of random weights on, the probe cannot tell them from better ones. */
const ceiling = 0.99;

/** The probe in a sentence; a warning where random weights do as well. */
export function probeText({ score, rows, pretrained, random: fresh }: Probe, language: Language) {
  const number = (x: number) => Math.abs(x).toFixed(3);
  const text = say(language, "probe.text", {
    rows,
    pretrained: number(pretrained),
    random: number(fresh),
    score: say(language, `baseline.score.${score}` as const),
  });
  return pretrained > fresh || (score === "macroF1" && fresh >= ceiling)
    ? ({ kind: "note", text } as const)
    : ({ kind: "warning", text: say(language, "probe.useless", { text }) } as const);
}
