// quantise: weights in fewer bits, and for int8 the ranges of what they are multiplied with, measured on validation rows: a guarantee of private
// training covers the training rows, and ranges would tell of them. Weights may be trained to be rounded so.
import type { CompressedFile } from "../../artifacts/index.ts";
import { ConcordError, random, shuffle } from "../../base/index.ts";
import { headAnswers } from "../../predict/index.ts";
import {
  boundAgain,
  observations,
  observing,
  type QuantiseTarget,
  storedAs,
  storedModel,
} from "../../quantise/index.ts";
import type { QuantiseSettings } from "../../recipe/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { mixedPrecision } from "../mixed-precision.ts";
import { mixedText } from "../mixed-text.ts";
import type { Compressing, CompressStep, StepContext } from "../step.ts";
import { learned } from "./learn.ts";

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

/** Fewest rows from which ranges follow. */
export const fewestRanged = 16;

/** What products multiply on validation rows, one at a time: padding is nobody's input. @throws E_DATA for too few rows */
async function calibrate(
  { model, weights, processor }: Compressing,
  { rows: most }: QuantiseSettings,
  context: StepContext,
) {
  const { recipe, rows, signal } = context;
  const order = shuffle([...rows.dev.keys()], random(`calibrate ${recipe.seed}`)).slice(0, most);
  if (order.length < fewestRanged)
    throw new ConcordError("E_DATA", {
      operation: "calibrate",
      problem: "there are too few validation rows to measure the ranges of activations",
      expected: `at least ${fewestRanged} rows`,
      got: `${order.length}`,
      hint: "set activations: row, which needs no calibration, or to: int8-weights",
      path: "compress.steps",
    });
  const { seen, observe } = observations();
  const names = model.parameters.map(({ name }) => name);
  const predictor = await processor.predictor(model, weights, observing(cpuRuntime, names, observe), { batchSize: 1 });
  try {
    for (let start = 0; start < order.length; start += 32) {
      if (signal?.aborted) break;
      const inputs = await processor.inputs(order.slice(start, start + 32).map((i) => rows.dev[i]!));
      if (headAnswers(model.task)?.words) await predictor.answers(inputs);
      else await predictor.logits(inputs);
      const done = Math.min(order.length, start + 32);
      context.emit({ kind: "progress", stage: "compress", done, total: order.length, values: {} });
    }
  } finally {
    await predictor.dispose();
  }
  return { seen, rows: order.length };
}
