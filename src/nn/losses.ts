// Losses: one value per row; the caller weighs and sums them. Targets that are ignored have weight 0, never a special label.
import {
  abs,
  add,
  crossEntropy,
  div,
  gather,
  less,
  logSoftmax,
  mean,
  minimum,
  mul,
  neg,
  scalar,
  softmax,
  softplus,
  sub,
  sum,
  type Value,
  where,
} from "../graph/index.ts";

export interface CrossEntropyOptions {
  /** Share of the target spread evenly over all classes (Szegedy 2016 arXiv:1512.00567); 0 … 1, default 0. */
  readonly labelSmoothing?: number;
  /** Weight per class [C]. */
  readonly classWeights?: Value;
}

/**
 * Cross-entropy with integer targets, per row.
 * @param logits [N, C] @param labels int32 [N] in 0 … C−1
 * @returns [N]; with class weights w, (1 − ε)·w[y]·(−log p[y]) + ε/C·Σ_c w[c]·(−log p[c]) as PyTorch defines it
 */
export function classLoss(
  logits: Value,
  labels: Value,
  { labelSmoothing = 0, classWeights }: CrossEntropyOptions = {},
): Value {
  const picked = crossEntropy(logits, labels);
  const weighted = classWeights ? mul(picked, gather(classWeights, labels)) : picked;
  if (labelSmoothing === 0) return weighted;
  const classes = logits.shape[1] as number;
  const all = neg(logSoftmax(logits));
  const spreadLoss = sum(classWeights ? mul(all, classWeights) : all, { axes: [1] });
  return add(mul(weighted, 1 - labelSmoothing), mul(spreadLoss, labelSmoothing / classes));
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

/** Mean over labels of {@link binaryLoss}: logits, targets [N, C] → [N]. */
export const multiLabelLoss = (logits: Value, targets: Value, positiveWeight?: Value): Value =>
  mean(binaryLoss(logits, targets, positiveWeight), { axes: [1] });

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

/** Σ p·(ln p − ln q) by element from log-probabilities ln q; where p = 0 the term is 0. */
export function divergence(logQ: Value, p: Value, logP: Value): Value {
  return where(less(scalar(0), p), mul(p, sub(logP, logQ)), 0);
}

/** Distillation: t²·KL(teacher ‖ student) at temperature t, per row [N, C] → [N] (Hinton 2015 arXiv:1503.02531). */
export function distillationLoss(student: Value, teacher: Value, temperature: number): Value {
  const t = scalar(temperature);
  const logP = logSoftmax(div(teacher, t));
  const term = mul(softmax(div(teacher, t)), sub(logP, logSoftmax(div(student, t))));
  return mul(sum(term, { axes: [1] }), temperature ** 2);
}
