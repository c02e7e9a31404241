// distil: the model, or fewer layers of it, learns from the run's own model on the training rows. Interrupted, it goes on from its checkpoint.
import { ConcordError } from "../../base/index.ts";
import { headAnswers } from "../../predict/index.ts";
import type { DistilStepSettings } from "../../recipe/index.ts";
import { dropLayers, evenLayers, type SmallerModel } from "../../shrink/index.ts";
import { examplesOf, trainStage } from "../../stages/index.ts";
import type { DistilSettings } from "../../train/index.ts";
import { type Compressing, type CompressStep, layersIn } from "../step.ts";

export const distil: CompressStep<"distil"> = {
  name: "distil",
  notAfterPrivacy: "distillation reads training rows without noise: the guarantee of private training would end",
  async apply(given, settings, context) {
    const { recipe, rows, original } = context;
    const start = studentOf(given, settings);
    const { examples } = await examplesOf(recipe, given.processor, start.model.labels?.names ?? [], rows.train);
    const { epochs, batchSize, learningRate } = settings;
    const { result, seconds } = await trainStage("compress", context, {
      config: start.model.config,
      weights: new Map([...start.weights].map(([name, a]) => [name, { ...a, data: a.data.slice() }])), // training takes them
      teacher: original.weights,
      examples,
      objective: { name: "distil", settings: lossesOf(settings, given, original) },
      options: { epochs, batchSize, learningRate, warmupRatio: 0.1, grouping: "length", seed: recipe.seed },
    });
    const facts = { layers: layersIn(start.model), trainingRows: examples.length, seconds: Math.round(seconds) };
    return { result: { ...given, model: start.model, weights: result.weights }, facts };
  },
};

function studentOf({ model, weights }: Compressing, { layers }: DistilStepSettings): SmallerModel {
  const has = layersIn(model);
  if (layers === undefined || layers === has) return { model, weights };
  if (has === undefined || layers > has)
    throw new ConcordError("E_ARGUMENT", {
      operation: "compress",
      problem: "distil.layers does not fit the model",
      expected: `1 … ${has ?? 1}`,
      got: String(layers),
      path: "compress.steps",
    });
  return dropLayers(model, weights, evenLayers(layers, has));
}

/** A number is learned from the teacher's alone: labels are in a unit that the model does not answer in. */
function lossesOf(settings: DistilStepSettings, { vocabulary }: Compressing, original: Compressing): DistilSettings {
  const { temperature, labels, logits, cosine, hidden, attention } = settings;
  const isNumber = headAnswers(original.model.task)?.numeric === true;
  return {
    teacher: original.model.config,
    temperature,
    labels: isNumber ? 0 : labels,
    logits,
    cosine,
    hidden,
    attention,
    vocabulary,
  };
}
