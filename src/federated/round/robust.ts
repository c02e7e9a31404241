// Rules that combine the means of several buckets of members so that a few false ones cannot move the result beyond the others' (median and
// trimmed mean of each coordinate: Yin 2018, arXiv:1803.01498; means of buckets: Karimireddy 2022, arXiv:2006.09365). Knows no round.
import { z } from "zod";

/** How the buckets' means become one. */
export const robustSchema = z
  .strictObject({
    rule: z
      .enum(["median", "trimmed-mean"])
      .default("median")
      .describe(
        "What is taken of the buckets' means, for each parameter. median: withstands false means in fewer than half of the buckets; trimmed-mean: the mean without the largest and the smallest.",
      ),
    bucketSize: z
      .int()
      .min(3)
      .max(65_535)
      .describe(
        "Least number of participants in a bucket. At least three buckets are needed. Who shares a bucket follows from the proposal's digest.",
      ),
    trim: z
      .number()
      .gt(0)
      .lt(0.5)
      .optional()
      .describe(
        "trimmed-mean: share of the buckets that is cut at each end, rounded down. So many buckets may have false means. Default: 0.25.",
      ),
  })
  .refine(({ rule, trim }) => rule === "trimmed-mean" || trim === undefined, {
    path: ["trim"],
    message: "is of the rule trimmed-mean only",
  });

export type Robust = z.output<typeof robustSchema>;

/**
 * Buckets whose means may be false, whatever they are, so that each coordinate of the result still lies between those of two true means: as many
 * are cut at each end.
 * @param buckets of the proposal
 * @param left that have a sum in the round. Default all; where some have none, at least one is left in the middle
 * @example toleratedBuckets({ rule: "median", bucketSize: 4 }, 5) // 2
 */
export function toleratedBuckets(robust: Robust, buckets: number, left: number = buckets): number {
  const most = Math.ceil(left / 2) - 1;
  return robust.rule === "median" ? most : Math.min(most, Math.floor((robust.trim ?? 0.25) * buckets));
}

/**
 * For each coordinate the mean of the values that are left when as many were cut at each end: of the median one or two. Each bucket has one voice,
 * whatever rows it claims.
 * @param means of the same size, one or more
 * @param buckets of the proposal. Default as many as there are means
 * @example combineMeans({ rule: "median", bucketSize: 3 }, [[1], [2], [90]].map((m) => Float64Array.from(m))) // [2]
 */
export function combineMeans(robust: Robust, means: readonly Float64Array[], buckets = means.length): Float64Array {
  const count = means.length;
  const cut = toleratedBuckets(robust, buckets, count);
  const values = new Float64Array(count);
  return means[0]!.map((_, i) => {
    for (let b = 0; b < count; b++) values[b] = means[b]![i]!;
    values.sort();
    let sum = 0;
    for (let b = cut; b < count - cut; b++) sum += values[b]!;
    return sum / (count - 2 * cut);
  });
}
