// Weights that are removed while a model trains, more and more of them: by their size (Zhu & Gupta 2017, arXiv:1710.01878), or by scores
// that are learned with masks whose gradient passes straight through (movement pruning: Sanh 2020, arXiv:2005.07683; one score for a whole
// block: Lagunas 2021, arXiv:2109.04838). Knows no architecture and no trainer.
import { ConcordError, type HostArray, hostArray, sizeOf } from "../base/index.ts";
import {
  abs,
  cast,
  type InputSpec,
  less,
  mul,
  not,
  reshape,
  slice,
  straightThrough,
  type Value,
} from "../graph/index.ts";
import type { Model } from "../models/index.ts";
import type { Params } from "../nn/index.ts";
import { kthLargest } from "./kth-largest.ts";

/** A matrix of which parts are removed. */
export interface PrunedMatrix {
  /** Name of a parameter that ends in `.weight`, [rows, columns]. */
  readonly name: string;
  /** Share of its parts that is removed in the end, from 0 to below 1. */
  readonly share: number;
  /** Neighbouring columns that stay or go together. Default: every number by itself. */
  readonly columns?: number;
}

/** What is removed, by what, and when. Plain data, so that a job can be posted to a worker. */
export interface PruningPlan {
  /** `magnitude`: the smallest numbers; whole columns are not compared so. `movement`: those whose learned scores are lowest. */
  readonly by: "magnitude" | "movement";
  readonly matrices: readonly PrunedMatrix[];
  /** Share of all steps after which the first parts go. Default 0.1. */
  readonly start?: number;
  /** Share of all steps after which all have gone; the rest of the steps trains what is left. Default 0.6. */
  readonly end?: number;
}

/** Input with the lowest score that stays, one for each matrix. */
const thresholdInput = "pruning.thresholds";
const lowest = -3.4e38;

/**
 * Share that is removed at a step: s·(1 − (1 − t)³), t from 0 at `start` to 1 at `end` (Zhu & Gupta).
 * @param step from 0 @param of steps in all
 */
export function shareAt(share: number, step: number, of: number, { start = 0.1, end = 0.6 }: PruningPlan): number {
  const t = Math.min(1, Math.max(0, (step / of - start) / Math.max(end - start, 1e-9)));
  return share * (1 - (1 - t) ** 3);
}

/** Name of a matrix's learned scores. */
export const scoresName = (matrix: string): string => matrix.replace(/\.weight$/, ".scores");

/** Shape of a matrix's scores: a number for each part. */
const partsOf = ({ columns }: PrunedMatrix, [rows, width]: readonly [number, number]): readonly number[] =>
  columns === undefined ? [rows, width] : [width / columns];

/** How a plan changes a model's training. */
export interface PruningLayout {
  /** Learned scores. */
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /**
   * Scores before the first step: 0 of whole columns, the size of single numbers, of each of which few steps say little.
   */
  startScores(weights: ReadonlyMap<string, HostArray<"float32">>): Map<string, HostArray<"float32">>;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  /** The tree with masked matrices. @param values of `inputs` */
  adapt(params: Params, values: Readonly<Record<string, Value>>): Params;
  /** What a step is fed. @param read a parameter as it is now */
  feeds(step: number, of: number, read: (name: string) => Float32Array): Record<string, HostArray>;
  /** The weights that a run ends with: removed numbers are zero, and scores are as they are. */
  applied(weights: ReadonlyMap<string, HostArray<"float32">>): Map<string, HostArray<"float32">>;
}

/** Lays a plan over a model. @throws E_CONFIG for a matrix that there is not, or settings out of range */
export function pruningLayout({ parameters }: Pick<Model, "parameters">, plan: PruningPlan): PruningLayout {
  const { by, matrices } = plan;
  const shapes = new Map(parameters.map(({ name, shape }) => [name, shape]));
  for (const matrix of matrices) checkMatrix(matrix, shapes.get(matrix.name), by);
  checkSchedule(plan);
  const sized = matrices.map((matrix) => {
    const shape = shapes.get(matrix.name) as readonly [number, number];
    return { ...matrix, shape, parts: partsOf(matrix, shape) };
  });
  const scored = (name: string) => (by === "movement" ? scoresName(name) : name);
  const lowestKept = (share: number, parts: readonly number[], numbers: Float32Array): number => {
    const count = sizeOf(parts);
    return kthLargest(numbers, Math.max(1, count - Math.round(count * share)), by === "magnitude");
  };
  return {
    parameters: by === "movement" ? sized.map(({ name, parts }) => ({ name: scoresName(name), shape: parts })) : [],
    startScores: (weights) =>
      new Map(
        (by === "movement" ? sized : []).map(({ name, parts, columns }) => {
          const data = columns ? new Float32Array(sizeOf(parts)) : weights.get(name)!.data.map(Math.abs);
          return [scoresName(name), { dtype: "float32", shape: parts, data }];
        }),
      ),
    inputs: { [thresholdInput]: ["float32", [matrices.length]] },
    adapt: (params, values) =>
      sized.reduce((tree, { name, parts, columns }, i) => {
        const threshold = slice(values[thresholdInput]!, 0, i, i + 1); // [1]
        return replaced(tree, name.split("."), (weight, beside) =>
          by === "magnitude"
            ? mul(weight, keeps(abs(weight), threshold))
            : masked(weight, beside.scores as Value, threshold, columns && parts),
        );
      }, params),
    feeds: (step, of, read) => {
      const thresholds = sized.map(({ name, share, parts }) => {
        const now = shareAt(share, step, of, plan);
        return now > 0 ? lowestKept(now, parts, read(scored(name))) : lowest;
      });
      return { [thresholdInput]: hostArray("float32", [matrices.length], thresholds) };
    },
    applied: (weights) =>
      new Map([
        ...weights,
        ...sized.map(({ name, share, parts, columns = 1 }) => {
          const numbers = weights.get(scored(name))!.data;
          const threshold = share > 0 ? lowestKept(share, parts, numbers) : lowest;
          const whole = weights.get(name)!;
          const place = (i: number) => (parts.length === 1 ? Math.floor((i % whole.shape[1]!) / columns) : i);
          const score = (i: number) => (by === "magnitude" ? Math.abs(numbers[i]!) : numbers[place(i)]!);
          return [name, { ...whole, data: whole.data.map((x, i) => (score(i) < threshold ? 0 : x)) }] as const;
        }),
      ]),
  };
}

/** 1 where a score is at least the threshold, 0 elsewhere. */
const keeps = (scores: Value, threshold: Value): Value => cast(not(less(scores, threshold)), "float32");

/** Scores learn as if the mask were the scores themselves: by how much the loss falls when their part grows. */
function masked(weight: Value, scores: Value, threshold: Value, blocks?: readonly number[] | 0): Value {
  const mask = straightThrough(scores, keeps(scores, threshold));
  if (!blocks) return mul(weight, mask);
  const [rows, width] = weight.shape as readonly [number, number];
  const [count] = blocks as readonly [number];
  return reshape(mul(reshape(weight, [rows, count, width / count]), reshape(mask, [1, count, 1])), [rows, width]);
}

/** A tree with one leaf changed. @param change is given the leaf and what lies beside it */
function replaced(
  params: Params,
  [first, ...rest]: readonly string[],
  change: (leaf: Value, beside: Params) => Value,
): Params {
  const child = params[first!]!;
  const now = rest.length === 0 ? change(child as Value, params) : replaced(child as Params, rest, change);
  return { ...params, [first!]: now };
}

const refuse = (problem: string, expected: string, got: unknown): never => {
  throw new ConcordError("E_CONFIG", {
    operation: "training options",
    problem,
    expected,
    got: String(got),
    path: "pruning",
  });
};

function checkMatrix(
  { name, share, columns }: PrunedMatrix,
  shape: readonly number[] | undefined,
  by: PruningPlan["by"],
): void {
  if (shape?.length !== 2 || !name.endsWith(".weight"))
    refuse("there is no such matrix to prune", "the weight of a linear layer", name);
  if (!(share >= 0 && share < 1)) refuse("a share to prune is wrong", "from 0 to below 1", share);
  if (columns === undefined) return;
  if (by === "magnitude") refuse("whole columns are pruned by movement only", "movement", by);
  if (!(columns >= 1 && shape![1]! % columns === 0))
    refuse("columns that stay together do not fit the matrix", `a divisor of ${shape![1]}`, columns);
}

function checkSchedule({ start = 0.1, end = 0.6 }: PruningPlan): void {
  if (!(start >= 0 && start <= end && end <= 1))
    refuse("the schedule of pruning is wrong", "0 ≤ start ≤ end ≤ 1", `${start}, ${end}`);
}

/** @throws E_CONFIG for pruning beside what it does not go with */
export function checkPruning(
  pruning: PruningLayout | undefined,
  { adapter, privacy }: { readonly adapter?: object; readonly privacy?: object },
): void {
  if (pruning && (adapter || privacy))
    refuse(
      "weights are pruned in training of the whole model without noise only",
      "neither an adapter nor private training",
      adapter ? "an adapter" : "private training",
    );
}
