// distil: the model, or fewer layers of it, learns from the run's own model on the training rows.
import { ConcordError } from "../../base/index.ts";
import { layerCount } from "../../models/index.ts";
import type { DistilStepSettings } from "../../recipe/index.ts";
import { dropLayers, evenLayers, type SmallerModel } from "../../shrink/index.ts";
import type { Compressing, CompressStep } from "../step.ts";
import { learned } from "./learn.ts";

export const distil: CompressStep<"distil"> = {
  name: "distil",
  notAfterPrivacy: () => ({
    problem: "distillation reads training rows without noise: the guarantee of private training would end",
    without: "distil",
  }),
  async apply(given, settings, context) {
    const start = studentOf(given, settings);
    const { cosine, hidden, attention } = settings;
    const { weights, facts } = await learned(
      { given, start, losses: { cosine, hidden, attention } },
      settings,
      context,
    );
    return { result: { ...given, model: start.model, weights }, facts: { layers: layerCount(start.model), ...facts } };
  },
};

function studentOf({ model, weights }: Compressing, { layers }: DistilStepSettings): SmallerModel {
  const has = layerCount(model);
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
