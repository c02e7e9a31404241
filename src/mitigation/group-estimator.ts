// P(group | features, label), for rules that answer without being told a group: a logistic regression of the group on what the model's
// head reads and on the label. Knows no model.
import { softmaxRegression } from "./softmax-regression.ts";

export interface GroupEstimator {
  /** Logits of the groups: weights [G, H] on the features, and a constant by label [G, K]. */
  readonly weights: readonly (readonly number[])[];
  readonly constants: readonly (readonly number[])[];
}

export interface LabelledFeatures {
  /** [N][H] */
  readonly features: readonly ArrayLike<number>[];
  readonly label: ArrayLike<number>;
  readonly classes: number;
  /** [N], all of 0 … groups − 1. */
  readonly groupOf: ArrayLike<number>;
  readonly groups: number;
}

/**
 * Fits the estimator that Xian & Zhao 2024 (arXiv:2405.04025) ask for: features are standardised, the penalty is that of scikit-learn's
 * default, and the standardisation is folded into the weights.
 * @example groupEstimator({ features, label, classes: 3, groupOf, groups: 2 }).weights // 2 rows
 */
export function groupEstimator(
  { features, label, classes, groupOf, groups }: LabelledFeatures,
  penalty = 1,
): GroupEstimator {
  const [rows, width] = [features.length, features[0]!.length];
  const mean = Float64Array.from({ length: width }, (_, h) => features.reduce((sum, row) => sum + row[h]!, 0) / rows);
  const scale = mean.map((m, h) => 1 / (Math.sqrt(features.reduce((s, row) => s + (row[h]! - m) ** 2, 0) / rows) || 1));
  const inputs = new Float64Array(rows * (width + classes));
  const wanted = new Float64Array(rows * groups);
  for (const [i, row] of features.entries()) {
    const from = i * (width + classes);
    for (let h = 0; h < width; h++) inputs[from + h] = (row[h]! - mean[h]!) * scale[h]!;
    inputs[from + width + label[i]!] = 1;
    wanted[i * groups + groupOf[i]!] = 1;
  }
  const { weight, bias } = softmaxRegression({ inputs, wanted, rows }, { penalty, tolerance: 1e-5 });
  const weights = Array.from(bias, (_, g) =>
    Array.from(mean, (_m, h) => weight[g * (width + classes) + h]! * scale[h]!),
  );
  const constants = Array.from(bias, (b, g) => {
    const moved = weights[g]!.reduce((sum, w, h) => sum + w * mean[h]!, 0);
    return Array.from({ length: classes }, (_, y) => b - moved + weight[g * (width + classes) + width + y]!);
  });
  return { weights, constants };
}
