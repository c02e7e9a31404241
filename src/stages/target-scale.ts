// The scale in which numbers are learned: targets less their mean, divided by their standard deviation. A saved model answers in the
// targets' own unit, for the scale is then folded into the head's last layer: whatever opens the folder needs to know nothing of it.
import { ConcordError, type HostArray } from "../base/index.ts";
import { type Row, rowsOfTask } from "../data/index.ts";
import { type Language, say } from "../messages/index.ts";
import { headRanges, type Model } from "../models/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { taskOf } from "../tasks/index.ts";

/** y = mean + std · z, where z is what the model learns. */
export interface TargetScale {
  readonly mean: number;
  readonly std: number;
  /** `training`: of the training rows; `recipe`: as stated there. */
  readonly from: "training" | "recipe";
}

/** The scale of one of several outputs. */
export interface OutputScale extends TargetScale {
  /** Number of the output. */
  readonly output: number;
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
  return scaleFor(recipe.adapt.targets, model, rows);
}

/** @param targets as stated: private training has them from its recipe, for rows must not tell them */
function scaleFor(
  targets: { readonly mean: number; readonly std: number } | undefined,
  model: Model,
  rows: readonly Row[],
  key = "data",
): TargetScale {
  const { mean, std } = targets ?? spreadOf(rows, key);
  const from = targets ? "recipe" : "training";
  return answerLayer(model).bias === undefined ? { mean: 0, std: Math.hypot(mean, std), from } : { mean, std, from };
}

/** The scales of all outputs that are numbers: one for each such head of several. @throws as {@link targetScale} */
export function outputScales(recipe: Recipe, model: Model, rows: readonly Row[]): OutputScale[] {
  const own = targetScale(recipe, model, rows);
  if (own) return [{ ...own, output: 0 }];
  const numbers = headRanges(model.heads ?? []).filter(({ head }) => taskOf(head.task).numeric);
  return numbers.map(({ head: { name }, start: output }) => {
    const targets = recipe.tasks?.[name]?.targets;
    return { ...scaleFor(targets, model, rowsOfTask(rows, name), `tasks.${name}`), output };
  });
}

/** @throws E_DATA for values that 32-bit numbers cannot hold or tell apart */
function spreadOf(rows: readonly Row[], key: string): { mean: number; std: number } {
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
      path: `${key}.label`,
    });
  if (std === 0)
    throw bad(
      "all training rows have the same number to predict",
      "numbers that differ",
      `there is nothing to learn: check that ${key}.label names the right column`,
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

/** Says which scale was taken. @param task of several, whose numbers they are */
export function scaleText({ mean, std, from }: TargetScale, language: Language, task?: string): string {
  const text = say(language, `targets.${from}` as const, { mean: shown(mean), std: shown(std) });
  return task === undefined ? text : `${task}${language === "zh" ? "：" : ": "}${text}`;
}

const shown = (x: number): string => String(Number(x.toPrecision(5)));

export const scaled = ({ mean, std }: TargetScale, value: number): number => (value - mean) / std;
export const unscaled = ({ mean, std }: TargetScale, value: number): number => mean + std * value;

/** Names of the layer that gives the answer: the head's last matrix with a row for each output. */
function answerLayer({ parameters, labels }: Model): { readonly weight: string; readonly bias?: string } {
  const outputs = labels?.names.length ?? 1;
  const weight = parameters.findLast(
    (p) => p.head && p.name.endsWith(".weight") && p.shape.length === 2 && p.shape[0] === outputs,
  )!.name;
  const bias = weight.replace(/weight$/, "bias");
  return { weight, bias: parameters.some((p) => p.name === bias) ? bias : undefined };
}

/** The scale of one number, or those of several outputs. */
type Scales = TargetScale | readonly OutputScale[] | undefined;

const listed = (scales: Scales): readonly OutputScale[] =>
  scales === undefined ? [] : "mean" in scales ? [{ ...scales, output: 0 }] : scales;

/** Weights of a model that answers in the targets' unit: y = std·(W·x + b) + mean. */
export const inTargetUnit = <A extends HostArray>(
  model: Model,
  weights: Weights<A>,
  scales: Scales,
): Weights<A | HostArray<"float32">> => folded(model, weights, listed(scales), ({ std }) => std, unscaled);

/**
 * Weights of a model that answers on the scale, from one that answers in the targets' unit.
 * @param fresh parameters that start from random values: a fresh head knows no unit yet
 */
export const onTargetScale = <A extends HostArray>(
  model: Model,
  weights: Weights<A>,
  fresh: readonly string[],
  scales: Scales,
): Weights<A | HostArray<"float32">> =>
  listed(scales).length === 0 || fresh.includes(answerLayer(model).weight)
    ? weights
    : folded(model, weights, listed(scales), ({ std }) => 1 / std, scaled);

/** @param factor on an output's row of the weight @param moved an output's bias */
function folded<A extends HostArray>(
  model: Model,
  weights: Weights<A>,
  scales: readonly OutputScale[],
  factor: (scale: TargetScale) => number,
  moved: (scale: TargetScale, bias: number) => number,
): Weights<A | HostArray<"float32">> {
  if (scales.length === 0) return weights;
  const { weight, bias } = answerLayer(model);
  const out = new Map<string, A | HostArray<"float32">>(weights);
  const { shape, data } = out.get(weight)!;
  const [rows, offsets] = [Float32Array.from(data as Float32Array), bias && out.get(bias)!];
  const moves = offsets && Float32Array.from(offsets.data as Float32Array);
  const width = shape[1]!;
  for (const scale of scales) {
    const row = rows.subarray(scale.output * width, (scale.output + 1) * width);
    for (let i = 0; i < width; i++) row[i]! *= factor(scale);
    if (moves) moves[scale.output] = moved(scale, moves[scale.output]!);
  }
  out.set(weight, { dtype: "float32", shape, data: rows });
  if (bias && moves && offsets) out.set(bias, { dtype: "float32", shape: offsets.shape, data: moves });
  return out;
}
