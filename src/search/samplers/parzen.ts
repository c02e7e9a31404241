// A density over a space that may have conditions: one kernel for each observed point, and a broad one. Knows no cost.
import { logNormalCdf, normalCdf, normalQuantile, type Random } from "../../base/index.ts";
import { isActive, type Parameter, type Point, type Space, type Value } from "../space.ts";
import { cellOf, fromUnit, indexOf, toUnit } from "../unit.ts";

/** How one kernel looks along one parameter. */
type Kernel =
  | { readonly kind: "normal"; readonly mean: number; readonly std: number }
  | { readonly kind: "weights"; readonly weights: readonly number[] };

export interface Density {
  sample(random: Random): Point;
  logDensity(point: Point): number;
}

export interface ParzenOptions {
  /** Weight of each observed point. Default 1. */
  readonly weights?: readonly number[];
  /** Weight of the broad kernel, in points. Default 1. */
  readonly priorWeight?: number;
}

/**
 * A mixture of product kernels (multivariate, Falkner 2018, arXiv:1807.01774): truncated normals in [0, 1], weights over choices. A
 * parameter that an observed point does not have is broad in its kernel: it knows nothing of it.
 * @param points observed; none leaves the broad kernel alone
 */
export function parzen(
  space: Space,
  points: readonly Point[],
  { weights = points.map(() => 1), priorWeight = 1 }: ParzenOptions = {},
): Density {
  const stds = space.map((parameter) => bandwidth(space, parameter, points));
  const kernels = [...points, undefined].map((point) =>
    space.map((parameter, i) => kernelOf(parameter, point, stds[i]!, points.length + 1)),
  );
  const all = [...weights, priorWeight];
  const total = all.reduce((sum, weight) => sum + weight, 0);
  const logWeights = all.map((weight) => Math.log(weight / total));
  return {
    sample(random) {
      let at = random.float() * total;
      const chosen = all.findIndex((weight) => {
        at -= weight;
        return at < 0;
      });
      const own = kernels[chosen < 0 ? kernels.length - 1 : chosen]!;
      const point: Record<string, Value> = {};
      for (const [i, parameter] of space.entries())
        if (isActive(parameter, point)) point[parameter.name] = drawn(parameter, own[i]!, random);
      return point;
    },
    logDensity(point) {
      const active = space.flatMap((parameter, i) => (isActive(parameter, point) ? [[parameter, i] as const] : []));
      return logSum(
        kernels.map((own, k) =>
          active.reduce((sum, [{ name, range }, i]) => sum + logAt(range, own[i]!, point[name]!), logWeights[k]!),
        ),
      );
    },
  };
}

/** Of the kernels along a numeric parameter: shrinking with their number as Scott's rule does, not narrower than a cell of few points. */
function bandwidth(space: Space, { name, range }: Parameter, points: readonly Point[]): number {
  const values = points.flatMap((point) => (point[name] === undefined ? [] : [toUnit(range, point[name])]));
  if (values.length === 0) return 1;
  const count = values.length;
  const least = 1 / Math.min(100, count + 2);
  return Math.min(1, Math.max(least, 0.1 * count ** (-1 / (space.length + 4))));
}

function kernelOf({ name, range }: Parameter, point: Point | undefined, std: number, kernels: number): Kernel {
  const value = point?.[name];
  if (range.kind === "choice") {
    const weights = range.values.map(() => 1 / kernels);
    if (value !== undefined) weights[indexOf(range, value)]! += 1;
    const sum = weights.reduce((a, b) => a + b, 0);
    return { kind: "weights", weights: weights.map((weight) => weight / sum) };
  }
  return value === undefined
    ? { kind: "normal", mean: 0.5, std: 1 }
    : { kind: "normal", mean: toUnit(range, value), std };
}

function drawn({ range }: Parameter, kernel: Kernel, random: Random): Value {
  if (kernel.kind === "weights") {
    let at = random.float();
    const index = kernel.weights.findIndex((weight) => {
      at -= weight;
      return at < 0;
    });
    return fromUnit(range, ((index < 0 ? kernel.weights.length - 1 : index) + 0.5) / kernel.weights.length);
  }
  const [low, high] = [normalCdf(-kernel.mean / kernel.std), normalCdf((1 - kernel.mean) / kernel.std)];
  return fromUnit(range, kernel.mean + kernel.std * normalQuantile(low + random.float() * (high - low)));
}

/** Log density of a value under a kernel; of a whole number the mass of its cell. */
function logAt(range: Parameter["range"], kernel: Kernel, value: Value): number {
  if (kernel.kind === "weights")
    return Math.log(kernel.weights[indexOf(range as Extract<Parameter["range"], { kind: "choice" }>, value)]!);
  const { mean, std } = kernel;
  const inside = logMass((0 - mean) / std, (1 - mean) / std);
  const cell = cellOf(range, value);
  if (cell) return logMass((cell[0] - mean) / std, (cell[1] - mean) / std) - inside;
  const z = (toUnit(range, value) - mean) / std;
  return -0.5 * z * z - 0.5 * Math.log(2 * Math.PI) - Math.log(std) - inside;
}

/** ln(Φ(b) − Φ(a)), from the tail that keeps its digits. */
function logMass(a: number, b: number): number {
  if (a > 0) return logMass(-b, -a);
  const [low, high] = [logNormalCdf(a), logNormalCdf(b)];
  return high + Math.log1p(-Math.min(1 - 1e-16, Math.exp(low - high)));
}

function logSum(values: readonly number[]): number {
  const most = Math.max(...values);
  return most === Number.NEGATIVE_INFINITY
    ? most
    : most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
