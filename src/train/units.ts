// The units that private training protects: a row or a person, each with one example or several.
import type { Example } from "./example.ts";

type Owned = Pick<Example, "unit">;

/**
 * Examples of each unit, by their numbers, in the order in which units first occur. An example that names none is a unit by itself.
 * @example examplesByUnit([{ ids, unit: 7 }, { ids }, { ids, unit: 7 }]) // [[0, 2], [1]]
 */
export function examplesByUnit(examples: readonly Owned[]): number[][] {
  const units: number[][] = [];
  const known = new Map<number, number[]>();
  for (const [i, { unit }] of examples.entries()) {
    const of = unit === undefined ? undefined : known.get(unit);
    if (of) of.push(i);
    else {
      const first = [i];
      units.push(first);
      if (unit !== undefined) known.set(unit, first);
    }
  }
  return units;
}

/** How many units there are: private batches are drawn from them, and private epochs are counted by them. */
export const unitCount = (examples: readonly Owned[]): number => examplesByUnit(examples).length;
