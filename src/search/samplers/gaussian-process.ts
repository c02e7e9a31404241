// Bayesian optimisation (Jones 1998): a Gaussian process of the cost, and the point of the largest expected improvement. For few parameters.
import { logNormalCdf, type Random } from "../../base/index.ts";
import { isActive, type Parameter, type Point, type Space, type Value } from "../space.ts";
import { hasCosts, type Trial } from "../trials.ts";
import { fromUnit, indexOf, toUnit } from "../unit.ts";
import { randomPoint } from "./random.ts";
import { type Features, fitted, posterior } from "./regression.ts";
import type { Sampler } from "./sampler.ts";

export interface GaussianProcessOptions {
  /** Trials at random before the first that is modelled. Default 8. */
  readonly startup?: number;
  /** Points drawn at random of which the best are moved uphill. Default 400. */
  readonly candidates?: number;
  /** Trials that are modelled, the latest: the time of one suggestion grows with their cube. Default 150. */
  readonly most?: number;
}

/**
 * Tries the point where the first cost is expected to improve most. Failed trials count as the worst cost, running ones as what is
 * expected of them; pruned ones are left out.
 */
export const gaussianProcessSampler =
  ({ startup = 8, candidates = 400, most = 150 }: GaussianProcessOptions = {}): Sampler =>
  (space, history, random) => {
    const finished = history.filter(hasCosts);
    if (finished.length < startup) return randomPoint(space, random);
    const worst = Math.max(...finished.map(({ costs }) => costs[0]!));
    const known = history.filter((trial) => hasCosts(trial) || trial.state === "failed").slice(-most);
    const costs = known.map((trial) => (hasCosts(trial) ? trial.costs[0]! : worst));
    const rows = known.map(({ point }) => featuresOf(space, point));
    const groups = space.flatMap(({ range }, i) => (range.kind === "choice" ? range.values.map(() => i) : [i]));
    return mostImproving(space, modelOf({ rows, groups }, costs, space, history), random, candidates, known);
  };

/** Log of the expected improvement at a point. */
type Acquisition = (point: Point) => number;

function modelOf(features: Features, costs: readonly number[], space: Space, history: readonly Trial[]): Acquisition {
  const mean = costs.reduce((a, b) => a + b, 0) / costs.length;
  const std = Math.sqrt(costs.reduce((sum, cost) => sum + (cost - mean) ** 2, 0) / costs.length) || 1;
  const y = Float64Array.from(costs, (cost) => (cost - mean) / std);
  const logs = fitted(features, y);
  const before = posterior(features, y, logs);
  const running = history.filter(({ state }) => state === "running").map(({ point }) => featuresOf(space, point));
  const whole = { ...features, rows: [...features.rows, ...running] };
  const believed = Float64Array.from([...y, ...running.map((row) => before.at(row).mean)]);
  const model = running.length ? posterior(whole, believed, logs) : before;
  const best = Math.min(...believed);
  return (point) => {
    const { mean, std } = model.at(featuresOf(space, point));
    return logImprovement((best - mean) / std) + Math.log(std);
  };
}

/** ln(z·Φ(z) + φ(z)), also far below 0. */
function logImprovement(z: number): number {
  const logDensity = -0.5 * z * z - 0.5 * Math.log(2 * Math.PI);
  if (z > -8) return Math.log(Math.max(Number.MIN_VALUE, z * Math.exp(logNormalCdf(z)) + Math.exp(logDensity)));
  return logDensity - 2 * Math.log(-z); // z·Φ(z) + φ(z) ≈ φ(z)/z²
}

/** A number for each numeric parameter (the middle where it does not exist), one of several ones for a choice. */
function featuresOf(space: Space, point: Point): Float64Array {
  return Float64Array.from(
    space.flatMap(({ name, range }): number[] => {
      const value = point[name];
      if (range.kind !== "choice") return [value === undefined ? 0.5 : toUnit(range, value)];
      const chosen = value === undefined ? -1 : indexOf(range, value);
      return range.values.map((_, i) => (i === chosen ? 1 : 0));
    }),
  );
}

function mostImproving(
  space: Space,
  value: Acquisition,
  random: Random,
  candidates: number,
  known: readonly Trial[],
): Point {
  const near = [...known]
    .filter(hasCosts)
    .sort((a, b) => a.costs[0]! - b.costs[0]!)
    .slice(0, 5)
    .flatMap(({ point }) => Array.from({ length: 20 }, () => moved(space, point, 0.1, random)));
  const drawn = [...near, ...Array.from({ length: candidates }, () => randomPoint(space, random))];
  const scored = drawn.map((point) => ({ point, value: value(point) })).sort((a, b) => b.value - a.value);
  const climbed = scored.slice(0, 4).map((start) => {
    let best = start;
    for (let step = 0; step < 60; step++) {
      const point = moved(space, best.point, 0.1 * 0.93 ** step, random);
      const next = { point, value: value(point) };
      if (next.value > best.value) best = next;
    }
    return best;
  });
  return climbed.reduce((a, b) => (b.value > a.value ? b : a)).point;
}

/** A neighbour: numbers moved by about `width`, now and then another choice; what comes to exist is drawn. */
function moved(space: Space, from: Point, width: number, random: Random): Point {
  const point: Record<string, Value> = {};
  for (const parameter of space) {
    if (!isActive(parameter, point)) continue;
    const { name, range } = parameter;
    point[name] =
      from[name] === undefined ? fromUnit(range, random.float()) : stepped(parameter, from[name], width, random);
  }
  return point;
}

function stepped({ range }: Parameter, value: Value, width: number, random: Random): Value {
  if (range.kind === "choice") return random.float() < 0.15 ? range.values[random.int(range.values.length)]! : value;
  return fromUnit(range, toUnit(range, value) + width * random.normal());
}
