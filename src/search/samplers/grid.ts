// Grid search: every combination once, in the order of the space; parameters that do not exist beside others are left out.
import { ConcordError, canonicalJson } from "../../base/index.ts";
import { isActive, type Parameter, type Point, type Space, type Value } from "../space.ts";
import type { Sampler } from "./sampler.ts";

export interface GridOptions {
  /** Values of a numeric parameter, evenly spaced with both bounds; whole numbers have no more than there are. Default 5. */
  readonly values?: number;
}

const largest = 100_000;

/** All points of the grid. @throws E_CONFIG for more than 100,000 */
export function gridPoints(space: Space, { values = 5 }: GridOptions = {}): Point[] {
  let points: Point[] = [{}];
  for (const parameter of space) {
    const own = valuesOf(parameter, values);
    const count = points.reduce((sum, point) => sum + (isActive(parameter, point) ? own.length : 1), 0);
    if (count > largest)
      throw new ConcordError("E_CONFIG", {
        operation: "search",
        problem: "the grid has too many points",
        expected: `at most ${largest}`,
        got: `${count} with ${parameter.name}, and more`,
        hint: "set search.sampler: tpe, or fewer values",
        path: "search.sampler",
      });
    points = points.flatMap((point): Point[] =>
      isActive(parameter, point) ? own.map((value) => ({ ...point, [parameter.name]: value })) : [point],
    );
  }
  return points;
}

function valuesOf({ range }: Parameter, most: number): Value[] {
  if (range.kind === "choice") return [...range.values];
  const { kind, low, high, log } = range;
  const count = kind === "integer" ? Math.min(most, high - low + 1) : most;
  const between = Array.from({ length: count }, (_, i) => {
    const at = count === 1 ? 0.5 : i / (count - 1);
    return log ? low * (high / low) ** at : low + at * (high - low);
  });
  if (kind === "number") return between.map((value) => Math.min(high, Math.max(low, value)));
  return [...new Set(between.map(Math.round))];
}

/** The first point of a grid that was not tried. */
export const gridSampler =
  (options: GridOptions = {}): Sampler =>
  (space, history) => {
    const tried = new Set(history.map(({ point }) => canonicalJson(point)));
    return gridPoints(space, options).find((point) => !tried.has(canonicalJson(point)));
  };
