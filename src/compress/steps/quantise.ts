// quantise: weights in fewer bits, and for int8 the ranges of what they are multiplied with, measured on validation rows: a guarantee of private
// training covers the training rows, and ranges would tell of them. Weights may be trained to be rounded so.
import type { CompressedFile } from "../../artifacts/index.ts";
import { boundAgain, observations, type QuantiseTarget, storedAs, storedModel } from "../../quantise/index.ts";
import type { QuantiseSettings } from "../../recipe/index.ts";
import { mixedPrecision } from "../mixed-precision.ts";
import { mixedText } from "../mixed-text.ts";
import type { Compressing, CompressStep, StepContext } from "../step.ts";
import { learned } from "./learn.ts";
import { observeRows } from "./observe.ts";

const fileNames: Readonly<Record<QuantiseTarget, CompressedFile>> = {
  int8: "model_quantized.onnx",
  "int8-weights": "model_q8.onnx",
  int4: "model_q4.onnx",
  fp16: "model_fp16.onnx",
};

export const quantise: CompressStep<"quantise"> = {
  name: "quantise",
  notAfterPrivacy: ({ training }) =>
    training && {
      problem:
        "training to be quantised reads training rows without noise: the guarantee of private training would end",
      without: "quantise.training",
    },
  async apply(given, settings, context) {
    const { model, weights } = given;
    const calibrates = settings.to === "int8" && (settings.activations === "static" || settings.smooth > 0);
    const { once } = context;
    const { seen, rows } = calibrates
      ? await once(weights, `ranges ${settings.rows}`, () => calibrate(given, settings, context))
      : { seen: undefined, rows: 0 };
    const { sensitivity } = settings;
    const { scheme, mixed } = sensitivity
      ? await mixedPrecision({ given, settings: { ...settings, sensitivity }, seen, context })
      : { scheme: settings, mixed: undefined };
    const { bind, stored, left } = storedModel(model, weights, scheme, seen);
    if (mixed) context.emit({ kind: "note", stage: "compress", text: mixedText(mixed, settings.to, context.language) });
    const name = fileNames[settings.to];
    const facts = {
      settings: { ...settings, ...scheme },
      stored: stored.length,
      left,
      ...(calibrates && { calibrationRows: rows }),
      ...(mixed && { mixed }),
    };
    if (!settings.training) return { result: { ...given, stored: { name, bind } }, facts };
    const learner = { given, start: given, job: { stored: storedAs(bind) } };
    const trained = await learned(learner, settings.training, context);
    const bound = boundAgain(bind, trained.weights);
    return {
      result: { ...given, weights: trained.weights, stored: { name, bind: bound } },
      facts: { ...facts, training: trained.facts },
    };
  },
};

/** What products multiply on validation rows. @throws E_DATA for too few rows */
async function calibrate(given: Compressing, { rows: most }: QuantiseSettings, context: StepContext) {
  const { seen, observe } = observations();
  const asked = {
    names: given.model.parameters.map(({ name }) => name),
    most,
    word: "calibrate",
    observe,
    problem: "there are too few validation rows to measure the ranges of activations",
    hint: "set activations: row, which needs no calibration, or to: int8-weights",
  };
  return { seen, rows: await observeRows(given, asked, context) };
}
