// Random search (Bergstra & Bengio 2012): each parameter that exists is drawn by itself.
import type { Random } from "../../base/index.ts";
import { isActive, type Point, type Space, type Value } from "../space.ts";
import { fromUnit } from "../unit.ts";
import type { Sampler } from "./sampler.ts";

/** A point drawn evenly from a space. */
export function randomPoint(space: Space, random: Random): Point {
  const point: Record<string, Value> = {};
  for (const parameter of space)
    if (isActive(parameter, point)) point[parameter.name] = fromUnit(parameter.range, random.float());
  return point;
}

/** Samples without looking at earlier trials. @example suggest({ space, sampler: randomSampler(), seed: 1 }, []) */
export const randomSampler = (): Sampler => (space, _history, random) => randomPoint(space, random);
