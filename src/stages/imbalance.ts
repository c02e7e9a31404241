// Weights of classes by how often training rows have them, for data of which some classes have few rows.
import type { Recipe } from "../recipe/index.ts";
import type { Example } from "../train/index.ts";

/** How classes are weighed. `none` is no weight at all. */
export const classWeightings = ["none", "balanced", "effective"] as const;

/**
 * A weight for each class. `balanced`: n / (C·n_c), as scikit-learn has it. `effective`: (1 − β) / (1 − β^n_c), the inverse of the effective
 * number of rows (Cui 2019, arXiv:1901.05555), scaled so that they add up to C. A class without rows counts as one with one row.
 * @param counts training rows of each class
 * @example classWeights("balanced", [9, 1], 0) // [0.556, 5]
 */
export function classWeights(kind: "balanced" | "effective", counts: readonly number[], beta: number): number[] {
  const rows = counts.map((n) => Math.max(1, n));
  const total = rows.reduce((sum, n) => sum + n, 0);
  if (kind === "balanced") return rows.map((n) => total / (rows.length * n));
  const raw = rows.map((n) => (1 - beta) / (1 - beta ** n));
  const scale = rows.length / raw.reduce((sum, w) => sum + w, 0);
  return raw.map((w) => w * scale);
}

/** Settings of a trainer that a recipe's section `adapt.imbalance` asks for. @param labels of the head */
export function imbalanceOptions(
  { adapt: { imbalance } }: Pick<Recipe, "adapt">,
  labels: number,
  examples: readonly Example[],
): { readonly focal?: number; readonly classWeights?: readonly number[] } {
  const { focal, weights, beta } = imbalance;
  const counts = new Array<number>(labels).fill(0);
  if (weights !== "none") for (const { label } of examples) if (typeof label === "number") counts[label]!++;
  return {
    ...(focal > 0 && { focal }),
    ...(weights !== "none" && { classWeights: classWeights(weights, counts, beta) }),
  };
}
