// adapt: fine-tunes the model on the task, whole or through an adapter, and saves it in the Hugging Face layout.
import { join } from "node:path";
import { type HostArray, random } from "../../base/index.ts";
import type { TextRow, Tokenizer } from "../../data/index.ts";
import { averageScores, meanAbsoluteError } from "../../eval/index.ts";
import { saveAdapter, saveModel } from "../../models/node/index.ts";
import { initialiseLora, loraLayout, mergeLora } from "../../nn/index.ts";
import { tokenizerConfig } from "../../predict/index.ts";
import type { Example, TrainingJob } from "../../train/index.ts";
import type { Recipe } from "../recipe.ts";
import type { Stage, StageContext } from "../stage.ts";
import { modelFingerprint, readJsonLines, writeJson } from "./files.ts";
import { makeStart, openStart, type StartingModel, startFolder } from "./model.ts";
import { trainStage } from "./train.ts";

export const adapt: Stage = {
  name: "adapt",
  version: 1,
  after: ["prepare", "pretrain"],
  wanted: () => true,
  async inputs(recipe, home) {
    const folder = startFolder(recipe, home);
    const { adapt, model, task } = recipe;
    return { task, adapt, model, weights: folder && (await modelFingerprint(folder)) };
  },
  async work(context) {
    const { recipe, run, scratch, before } = context;
    const labels = before.prepare!.summary.labels as string[];
    const [train, dev] = await Promise.all(
      ["train", "dev"].map((part) => readJsonLines<TextRow>(join(run, "data", `${part}.jsonl`))),
    );
    const start = await startOf(context, train!, labels);
    const { job, layout } = await jobOf(recipe, start, labels, train!, dev!);
    const devScore = scorer(recipe, labels, dev!);
    const { result, curves, seconds } = await trainStage("adapt", context, job, dev!.length ? devScore : undefined);
    const files = {
      "tokenizer.json": JSON.stringify(start.tokenizer.source),
      "tokenizer_config.json": tokenizerConfig(start.tokenizer, recipe.model.maxLength),
    };
    const folder = join(scratch, "model");
    if (layout) {
      await saveAdapter(join(scratch, "adapter"), start.model, layout, result.weights, recipe.model.from ?? "pretrain");
      const merged = mergeLora(layout, (name) => result.weights.get(name)!);
      await saveModel(folder, start.model, new Map<string, HostArray>([...result.weights, ...merged]), files);
    } else await saveModel(folder, start.model, result.weights, files);
    await writeJson(join(scratch, "curves.json"), { format: "concord-curves", version: 1, ...curves });
    const parameters = start.model.parameters.reduce((n, p) => n + p.shape.reduce((a, b) => a * b, 1), 0);
    return {
      outputs: ["model", "curves.json", ...(layout ? ["adapter"] : [])],
      summary: {
        labels,
        parameters,
        freshParameters: start.fresh.length,
        seconds,
        examplesPerSecond: (train!.length * recipe.adapt.epochs) / seconds,
        devScores: curves.epochs.map((e) => e.score),
        peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      },
    };
  },
};

/** From pretraining if there was some, else from the recipe's folder, else anew. */
async function startOf(
  { recipe, home, run, before, emit }: StageContext,
  rows: readonly TextRow[],
  labels: string[],
): Promise<StartingModel> {
  const heads = recipe.task === "regression" ? undefined : labels;
  const folder = before.pretrain ? join(run, "pretrained") : startFolder(recipe, home);
  if (!folder)
    return makeStart(
      recipe,
      rows.map((r) => r.text),
      recipe.task,
      heads,
    );
  const start = await openStart(folder, recipe.task, heads, recipe.seed);
  emit({ kind: "note", stage: "adapt", text: `${start.fresh.length} parameters start from random values (the head)` });
  return start;
}

async function jobOf(
  recipe: Recipe,
  { model, weights, tokenizer }: StartingModel,
  labels: string[],
  train: readonly TextRow[],
  dev: readonly TextRow[],
) {
  const { method, base, rank, threads, epochs, batchSize, learningRate, warmupRatio, weightDecay, labelSmoothing } =
    recipe.adapt;
  const layout =
    method === "lora"
      ? loraLayout(
          model.parameters,
          { targets: "all-linear", rank, trainWhole: ["classifier", "pooler", "score"] },
          model.transposedWeights,
        )
      : undefined;
  const job: TrainingJob = {
    config: model.config,
    weights: new Map<string, HostArray>([...weights, ...(layout ? initialiseLora(layout, random(recipe.seed)) : [])]),
    examples: await examplesOf(recipe, tokenizer, labels, train),
    dev: dev.length ? await examplesOf(recipe, tokenizer, labels, dev) : undefined,
    lora: layout?.options,
    frozen: layout && base,
    threads,
    options: { epochs, batchSize, learningRate, warmupRatio, weightDecay, labelSmoothing, seed: recipe.seed },
  };
  return { job, layout };
}

/** Rows as token ids and targets. */
async function examplesOf(
  { task, model }: Recipe,
  tokenizer: Tokenizer,
  labels: readonly string[],
  rows: readonly TextRow[],
): Promise<Example[]> {
  const inputs = rows.map((r) => (r.pair === undefined ? r.text : ([r.text, r.pair] as const)));
  const encodings = await tokenizer.encodeBatch(inputs, { truncation: { maxLength: model.maxLength } });
  const target = (row: TextRow): number | Float32Array =>
    task === "single-label"
      ? labels.indexOf(row.labels[0]!)
      : task === "multi-label"
        ? Float32Array.from(labels, (label) => Number(row.labels.includes(label)))
        : Float32Array.of(row.value!);
  return rows.map((row, i) => ({
    ids: Int32Array.from(encodings[i]!.ids),
    types: row.pair === undefined ? undefined : Int32Array.from(encodings[i]!.typeIds),
    label: target(row),
  }));
}

/** Dev score of an epoch: macro-F1, or minus the mean absolute error. */
function scorer({ task }: Recipe, labels: readonly string[], rows: readonly TextRow[]) {
  return (logits: readonly { readonly data: Float32Array }[]): number => {
    if (task === "regression")
      return -meanAbsoluteError(
        rows.map((r) => r.value!),
        logits.map(({ data }) => data[0]!),
      );
    if (task === "multi-label") {
      const truth = rows.map((r) => labels.map((l) => Number(r.labels.includes(l))));
      return averageScores(
        truth,
        logits.map(({ data }) => Array.from(data, (x) => Number(x > 0))),
        "macro",
      ).fScore;
    }
    const truth = rows.map((r) => labels.indexOf(r.labels[0]!));
    return averageScores(
      truth,
      logits.map(({ data }) => data.indexOf(Math.max(...data))),
      "macro",
    ).fScore;
  };
}
