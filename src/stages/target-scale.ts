// The scale in which numbers are learned: targets less their mean, divided by their standard deviation. A saved model answers in the
// targets' own unit, for the scale is then folded into the head's last layer: whatever opens the folder needs to know nothing of it.
import { ConcordError, type HostArray } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { Model } from "../models/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { taskOf } from "../tasks/index.ts";

/** y = mean + std · z, where z is what the model learns. */
export interface TargetScale {
  readonly mean: number;
  readonly std: number;
  /** `training`: of the training rows; `recipe`: as stated there. */
  readonly from: "training" | "recipe";
}

type Weights<A extends HostArray> = ReadonlyMap<string, A>;

/** Least spread beside the mean: below, 32-bit numbers cannot tell the targets apart well. */
const leastSpread = 1e-5;

/**
 * The scale of a recipe's targets; a head without a bias (GPT-2, Llama) can only be scaled: its mean is 0 and its std √(mean² + std²).
 * @param rows training rows
 * @returns undefined where no number is predicted
 * @throws E_DATA for targets that do not vary
 */
export function targetScale(recipe: Recipe, model: Model, rows: readonly Row[]): TargetScale | undefined {
  if (!taskOf(recipe.task).numeric) return undefined;
  const { targets } = recipe.adapt; // private training has them from its recipe: rows must not tell them
  const { mean, std } = targets ?? spreadOf(rows);
  const from = targets ? "recipe" : "training";
  return answerLayer(model).bias === undefined ? { mean: 0, std: Math.hypot(mean, std), from } : { mean, std, from };
}

/** @throws E_DATA for values that 32-bit numbers cannot hold or tell apart */
function spreadOf(rows: readonly Row[]): { mean: number; std: number } {
  const values = rows.map((r) => r.value!);
  const mean = values.reduce((a, b) => a + b / values.length, 0);
  const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2 / values.length, 0));
  const bad = (problem: string, expected: string, hint: string) =>
    new ConcordError("E_DATA", {
      operation: "train",
      problem,
      expected,
      got: `${values[0]}, …`,
      hint,
      path: "data.label",
    });
  if (std === 0)
    throw bad(
      "all training rows have the same number to predict",
      "numbers that differ",
      "there is nothing to learn: check that data.label names the right column",
    );
  if (!(Math.abs(mean) + std < 1e30))
    throw bad(
      "the numbers to predict are too large",
      "less than 1e30",
      "divide them by a constant, or predict their logarithm",
    );
  if (std < leastSpread * Math.abs(mean))
    throw bad(
      `the numbers to predict differ too little for their size: mean ${mean}, standard deviation ${std}`,
      "a standard deviation above 1/100,000 of the mean",
      "subtract a constant from them, such as the first year of dates",
    );
  return { mean, std };
}

/** Says which scale was taken. */
export const scaleText = ({ mean, std, from }: TargetScale, language: Language): string =>
  say(language, `targets.${from}` as const, { mean: shown(mean), std: shown(std) });

const shown = (x: number): string => String(Number(x.toPrecision(5)));

export const scaled = ({ mean, std }: TargetScale, value: number): number => (value - mean) / std;
export const unscaled = ({ mean, std }: TargetScale, value: number): number => mean + std * value;

/** Names of the layer that gives the answer: the head's last matrix with a row for each output. */
function answerLayer({ parameters }: Model): { readonly weight: string; readonly bias?: string } {
  const weight = parameters.findLast(
    (p) => p.head && p.name.endsWith(".weight") && p.shape.length === 2 && p.shape[0] === 1,
  )!.name;
  const bias = weight.replace(/weight$/, "bias");
  return { weight, bias: parameters.some((p) => p.name === bias) ? bias : undefined };
}

/** Weights of a model that answers in the targets' unit: y = std·(W·x + b) + mean. */
export const inTargetUnit = <A extends HostArray>(
  model: Model,
  weights: Weights<A>,
  scale: TargetScale | undefined,
): Weights<A | HostArray<"float32">> =>
  scale ? folded(model, weights, scale.std, (b) => unscaled(scale, b)) : weights;

/**
 * Weights of a model that answers on the scale, from one that answers in the targets' unit.
 * @param fresh parameters that start from random values: a fresh head knows no unit yet
 */
export const onTargetScale = <A extends HostArray>(
  model: Model,
  weights: Weights<A>,
  fresh: readonly string[],
  scale: TargetScale | undefined,
): Weights<A | HostArray<"float32">> =>
  !scale || fresh.includes(answerLayer(model).weight)
    ? weights
    : folded(model, weights, 1 / scale.std, (b) => scaled(scale, b));

function folded<A extends HostArray>(
  model: Model,
  weights: Weights<A>,
  factor: number,
  moved: (bias: number) => number,
): Map<string, A | HostArray<"float32">> {
  const { weight, bias } = answerLayer(model);
  const mapped = ({ shape, data }: HostArray, change: (x: number) => number): HostArray<"float32"> => ({
    dtype: "float32",
    shape,
    data: Float32Array.from(data as Float32Array, change),
  });
  const out = new Map<string, A | HostArray<"float32">>(weights);
  out.set(
    weight,
    mapped(out.get(weight)!, (x) => x * factor),
  );
  if (bias) out.set(bias, mapped(out.get(bias)!, moved));
  return out;
}
