// Single numbers that compare two columns of classes, by scikit-learn's definitions: accuracy, balanced accuracy, Matthews
// correlation, Cohen's kappa, Hamming loss.
import { type CountOptions, checkIndicators, confusionMatrix, isMultilabel, type Labels } from "./counts.ts";
import { checkColumns, type Label } from "./labels.ts";
import { mean } from "./sums.ts";

interface Weighted {
  /** [N] Default 1 each. */
  readonly sampleWeight?: ArrayLike<number>;
}

/**
 * Share of rows that are right; for multi-label rows all entries must be (subset accuracy).
 * @throws E_SHAPE, E_DATA for columns that do not fit
 * @example accuracy([0, 1, 1], [0, 0, 1]) // 0.666…
 */
export function accuracy(truth: Labels, predicted: Labels, { sampleWeight }: Weighted = {}): number {
  return mean(
    errorShares("accuracy", truth, predicted, sampleWeight).map((share) => (share === 0 ? 1 : 0)),
    sampleWeight,
  );
}

/**
 * Share of wrong labels: rows for classes, entries for multi-label rows.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 */
export function hammingLoss(truth: Labels, predicted: Labels, { sampleWeight }: Weighted = {}): number {
  return mean(errorShares("hammingLoss", truth, predicted, sampleWeight), sampleWeight);
}

/** Share of wrong labels in each row. */
function errorShares(operation: string, truth: Labels, predicted: Labels, sampleWeight?: ArrayLike<number>): number[] {
  checkColumns(operation, { truth, predicted, sampleWeight });
  if (!isMultilabel(truth))
    return Array.from(truth, (label, i) => (label === (predicted as ArrayLike<Label>)[i] ? 0 : 1));
  const guesses = predicted as readonly ArrayLike<number>[];
  for (const rows of [truth, guesses]) checkIndicators(rows, truth[0]!.length);
  return truth.map((row, i) => Array.from(row).filter((entry, c) => entry !== guesses[i]![c]).length / row.length);
}

/**
 * Mean recall over the classes that occur in the truth; `adjusted` puts chance at 0 and perfect at 1.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 */
export function balancedAccuracy(
  truth: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  { sampleWeight, adjusted = false }: Weighted & { readonly adjusted?: boolean } = {},
): number {
  const { matrix } = confusionMatrix(truth, predicted, { sampleWeight });
  const recalls = matrix
    .map((row, i) => row[i]! / row.reduce((a, b) => a + b))
    .filter((recall) => !Number.isNaN(recall));
  const score = mean(recalls);
  const chance = 1 / recalls.length;
  return adjusted ? (score - chance) / (1 - chance) : score;
}

const sumsOf = (matrix: readonly (readonly number[])[]) => ({
  actual: matrix.map((row) => row.reduce((a, b) => a + b, 0)),
  predicted: matrix.map((_, c) => matrix.reduce((sum, row) => sum + row[c]!, 0)),
});
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/**
 * Matthews correlation for any number of classes (Gorodkin 2004); 0 where a column has a single class.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 */
export function matthewsCorrelation(
  truth: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  { sampleWeight }: Weighted = {},
): number {
  const { matrix } = confusionMatrix(truth, predicted, { sampleWeight });
  const { actual, predicted: guesses } = sumsOf(matrix);
  const total = guesses.reduce((a, b) => a + b, 0);
  const right = matrix.reduce((sum, row, i) => sum + row[i]!, 0);
  const product = (total ** 2 - dot(guesses, guesses)) * (total ** 2 - dot(actual, actual));
  return product === 0 ? 0 : (right * total - dot(actual, guesses)) / Math.sqrt(product);
}

/**
 * Cohen's kappa: agreement beyond chance; with `linear` or `quadratic` weights for classes in order. NaN where both
 * columns have one and the same class.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 */
export function cohenKappa(
  truth: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  { weights = "none", ...options }: CountOptions & { readonly weights?: "none" | "linear" | "quadratic" } = {},
): number {
  const { matrix } = confusionMatrix(truth, predicted, options);
  const { actual, predicted: guesses } = sumsOf(matrix);
  const total = actual.reduce((a, b) => a + b, 0);
  const cost = { none: (d: number) => (d ? 1 : 0), linear: Math.abs, quadratic: (d: number) => d * d }[weights];
  let observed = 0;
  let expected = 0;
  for (const [i, row] of matrix.entries())
    for (const [j, count] of row.entries()) {
      observed += cost(i - j) * count;
      expected += (cost(i - j) * (actual[i]! * guesses[j]!)) / total;
    }
  return expected === 0 ? Number.NaN : 1 - observed / expected;
}
