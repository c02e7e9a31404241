// Losses: one value per row; the caller weighs and sums them. Targets that are ignored have weight 0, never a special label.
import { hostArray } from "../base/index.ts";
import {
  abs,
  add,
  cast,
  constant,
  crossEntropy,
  div,
  equal,
  exp,
  gather,
  gatherElements,
  less,
  log,
  logSoftmax,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  not,
  pow,
  reshape,
  scalar,
  sigmoid,
  softplus,
  sub,
  sum,
  type Value,
  where,
} from "../graph/index.ts";

/**
 * Quantile loss (Koenker & Bassett 1978) of each example: 2 · pinball, mean over levels and over the steps that have a target.
 * @param predicted [N, S · Q], all levels of a step side by side @param targets [N, S] @param weights [N, S]: 1 over the steps with a target, 0 for the others
 * @param levels the Q levels, 0 … 1
 * @returns [N]
 */
export function quantileLoss(predicted: Value, targets: Value, weights: Value, levels: readonly number[]): Value {
  const [rows, steps] = targets.shape as [Value["shape"][number], number];
  const count = levels.length;
  const misses = sub(reshape(targets, [rows, steps, 1]), reshape(predicted, [rows, steps, count])); // y − q
  const level = constant(hostArray("float32", [1, 1, count], Float32Array.from(levels)));
  const pinball = maximum(mul(level, misses), mul(sub(level, 1), misses));
  return sum(mul(mean(pinball, { axes: [2] }), mul(weights, 2)), { axes: [1] });
}

export interface CrossEntropyOptions {
  /** Share of the target spread evenly over all classes (Szegedy 2016 arXiv:1512.00567); 0 … 1, default 0. */
  readonly labelSmoothing?: number;
  /** Weight per class [C]. */
  readonly classWeights?: Value;
  /** Focal loss (Lin 2017, arXiv:1708.02002): γ of the factor (1 − p[y])^γ, which makes sure examples count less; 0 … 10, default 0: none. */
  readonly focal?: number;
}

/** (1 − p)^γ where a loss is −ln p; the least 1 − p is 1e−7, so that gradients of γ below 1 stay finite. */
const focalFactor = (loss: Value, gamma: number): Value => pow(maximum(sub(1, exp(neg(loss))), 1e-7), gamma);

/**
 * Cross-entropy with integer targets, per row.
 * @param logits [N, C] @param labels int32 [N] in 0 … C−1
 * @returns [N]; a focal loss has no label smoothing; with class weights w, (1 − ε)·w[y]·(−log p[y]) + ε/C·Σ_c w[c]·(−log p[c]) as PyTorch defines it
 */
export function classLoss(
  logits: Value,
  labels: Value,
  { labelSmoothing = 0, classWeights, focal = 0 }: CrossEntropyOptions = {},
): Value {
  const picked = crossEntropy(logits, labels);
  const scaled = classWeights ? mul(picked, gather(classWeights, labels)) : picked;
  if (focal > 0) return mul(scaled, focalFactor(picked, focal));
  if (labelSmoothing === 0) return scaled;
  const classes = logits.shape[1] as number;
  const all = neg(logSoftmax(logits));
  const spreadLoss = sum(classWeights ? mul(all, classWeights) : all, { axes: [1] });
  return add(mul(scaled, 1 - labelSmoothing), mul(spreadLoss, labelSmoothing / classes));
}

/** Cross-entropy with target distributions [N, C], per row, with label smoothing. */
export function softClassLoss(logits: Value, targets: Value, labelSmoothing = 0): Value {
  const classes = logits.shape[1] as number;
  const smooth = labelSmoothing === 0 ? targets : add(mul(targets, 1 - labelSmoothing), labelSmoothing / classes);
  return neg(sum(mul(smooth, logSoftmax(logits)), { axes: [1] }));
}

/**
 * Binary cross-entropy on logits by element: max(x, 0) − x·y + ln(1 + e^−|x|), positives weighted by `positiveWeight`.
 * @param logits any shape @param targets the same shape, 0 … 1
 */
export function binaryLoss(logits: Value, targets: Value, positiveWeight?: Value): Value {
  if (!positiveWeight) return sub(softplus(logits), mul(logits, targets));
  // −[p·y·log σ(x) + (1 − y)·log σ(−x)] = (1 − y)·x + (1 + (p − 1)·y)·softplus(−x)
  const factor = add(mul(sub(positiveWeight, 1), targets), 1);
  return add(mul(sub(1, targets), logits), mul(factor, softplus(neg(logits))));
}

/** Mean over labels of {@link binaryLoss}: logits, targets [N, C] → [N]. @param focal γ as in {@link classLoss}, of each label by itself */
export function multiLabelLoss(logits: Value, targets: Value, positiveWeight?: Value, focal = 0): Value {
  const losses = binaryLoss(logits, targets, positiveWeight);
  if (focal === 0) return mean(losses, { axes: [1] });
  const plain = positiveWeight ? binaryLoss(logits, targets) : losses;
  return mean(mul(losses, focalFactor(plain, focal)), { axes: [1] });
}

/** Mean squared error over the columns: [N, C] → [N]. */
export function squaredLoss(predictions: Value, targets: Value): Value {
  const d = sub(predictions, targets);
  return mean(mul(d, d), { axes: [1] });
}

/** Huber loss by element: d²/2 within delta, delta·(|d| − delta/2) beyond (Huber 1964). */
export function huberLoss(predictions: Value, targets: Value, delta = 1): Value {
  const size = abs(sub(predictions, targets));
  const inside = minimum(size, scalar(delta));
  return add(mul(mul(inside, inside), 0.5), mul(sub(size, inside), delta));
}

/** Smooth L1 by element: huber with the inside divided by beta; beta 0 is the absolute error. */
export const smoothL1Loss = (predictions: Value, targets: Value, beta = 1): Value =>
  beta === 0 ? abs(sub(predictions, targets)) : div(huberLoss(predictions, targets, beta), beta);

/** Divergence terms p·(ln p − ln q) by element from log-probabilities ln q and probabilities p; a target of 0 contributes 0. */
export function divergence(logQ: Value, p: Value): Value {
  const positive = less(scalar(0, p.dtype), p);
  return where(positive, mul(p, sub(log(where(positive, p, 1)), logQ)), 0);
}

/** {@link divergence} with the targets as log-probabilities too. */
export const logDivergence = (logQ: Value, logP: Value): Value => mul(exp(logP), sub(logP, logQ));

/** Distillation: t²·KL(teacher ‖ student) at temperature t, per row [N, C] → [N] (Hinton 2015 arXiv:1503.02531). */
export function distillationLoss(student: Value, teacher: Value, temperature: number): Value {
  const logP = logSoftmax(div(teacher, temperature));
  const terms = logDivergence(logSoftmax(div(student, temperature)), logP);
  return mul(sum(terms, { axes: [1] }), temperature ** 2);
}

/**
 * How far a student's logits are from a teacher's, per row, times t²; 0 where they are equal. Of classes {@link distillationLoss}; of
 * labels that do not exclude each other the mean divergence of each label's probability; of numbers the mean squared difference.
 * @param student [N, C] @param teacher [N, C]
 */
export function logitLoss(
  kind: "cross-entropy" | "binary" | "squared" | "none",
  student: Value,
  teacher: Value,
  temperature: number,
): Value {
  if (kind === "squared") return squaredLoss(student, teacher);
  if (kind !== "binary") return distillationLoss(student, teacher, temperature);
  const [s, z] = [div(student, temperature), div(teacher, temperature)];
  const p = sigmoid(z);
  return mul(sub(multiLabelLoss(s, p), multiLabelLoss(z, p)), temperature ** 2);
}

/** −ln p[label] per row from log-probabilities [N, C] and labels int32 [N]. */
export const likelihoodLoss = (logProbabilities: Value, labels: Value): Value =>
  neg(reshape(gatherElements(logProbabilities, reshape(labels, [labels.shape[0]!, 1]), 1), labels.shape));

/** Labels with those equal to `ignored` replaced by 0, and weights that are 0 there and 1 elsewhere. */
export function withoutIgnored(labels: Value, ignored: number): { readonly labels: Value; readonly weights: Value } {
  const out = equal(labels, ignored);
  return { labels: where(out, 0, labels), weights: cast(not(out), "float32") };
}

/** Σ weights·losses / Σ weights; NaN where all weights are 0. */
export const weightedMean = (losses: Value, weights: Value): Value => div(sum(mul(losses, weights)), sum(weights));
