// The recipe of a trial: the study's recipe with the settings of a point; and whether every corner of a space is a recipe.
import { ConcordError, isConcordError } from "../base/index.ts";
import { type Recipe, readRecipe, recipeText } from "../recipe/index.ts";
import { isActive, type Parameter, type Point, type Space, type Value } from "../search/index.ts";

export interface TrialRecipeOptions {
  /** Added to the recipe's seed; the splits stay: rows of the winner's test set are never seen. Default 0. */
  readonly seed?: number;
  /** Of the winner: number of settings that were tried. */
  readonly tried?: number;
}

/**
 * The recipe with a point's settings, without its section `search`.
 * @throws E_CONFIG where that is no recipe
 * @example trialRecipe(recipe, { "adapt.learningRate": 1e-3 }).adapt.learningRate // 0.001
 */
export function trialRecipe(recipe: Recipe, point: Point, { seed = 0, tried }: TrialRecipeOptions = {}): Recipe {
  const { search: _, ...rest } = recipe;
  const changed = structuredClone(rest) as Record<string, unknown>;
  for (const [name, value] of Object.entries(point)) set(changed, name.split("."), value);
  changed.seed = recipe.seed + seed;
  if (seed > 0) set(changed, ["data", "split", "seed"], recipe.data.split.seed ?? recipe.seed);
  if (tried !== undefined) changed.evaluate = { ...recipe.evaluate, tried };
  return readRecipe(recipeText(changed), "recipe");
}

function set(into: Record<string, unknown>, keys: readonly string[], value: Value): void {
  let at = into;
  for (const key of keys.slice(0, -1)) {
    if (typeof at[key] !== "object" || at[key] === null) at[key] = {};
    at = at[key] as Record<string, unknown>;
  }
  const last = keys.at(-1)!;
  if (value === null) delete at[last];
  else at[last] = value;
}

/**
 * Refuses a space with a hole: every choice and both bounds of every parameter, where it exists, must make a recipe.
 * @throws E_CONFIG naming the parameter and what is wrong with its value
 */
export function checkCorners(recipe: Recipe, space: Space): void {
  for (const parameter of space)
    for (const value of cornersOf(parameter)) {
      const point = pointWith(space, parameter, value);
      try {
        trialRecipe(recipe, point);
      } catch (fault) {
        if (!isConcordError(fault, "E_CONFIG")) throw fault;
        const { problem, expected, hint } = fault.facts;
        throw new ConcordError("E_CONFIG", {
          operation: "read search space",
          problem: `the space has a hole, settings that are no recipe: ${problem}`,
          expected,
          got: settingsText(point),
          hint,
          path: `search.space.${parameter.name}`,
        });
      }
    }
}

/** Settings as one types them. @example settingsText({ "adapt.rank": 8 }) // "adapt.rank=8" */
export const settingsText = (point: Point): string =>
  Object.entries(point)
    .map(([name, value]) => `${name}=${shortSetting(value)}`)
    .join(" ");

/** One value: numbers with four digits. @example shortSetting(0.000123456) // "0.0001235" */
export const shortSetting = (value: Value): string =>
  typeof value === "string"
    ? value
    : typeof value === "number" && !Number.isInteger(value)
      ? String(Number(value.toPrecision(4)))
      : JSON.stringify(value);

const cornersOf = ({ range }: Parameter): readonly Value[] =>
  range.kind === "choice" ? range.values : [range.low, range.high];

/** A point where a parameter exists and has a value; others have their first value that lets it exist. */
function pointWith(space: Space, of: Parameter, value: Value): Point {
  const wanted = new Map<string, Value>([[of.name, value]]);
  const byName = new Map(space.map((parameter) => [parameter.name, parameter]));
  const need = (parameter: Parameter) => {
    for (const { parameter: name, values } of parameter.when ?? []) {
      if (!wanted.has(name)) wanted.set(name, values[0]!);
      need(byName.get(name)!);
    }
  };
  need(of);
  const point: Record<string, Value> = {};
  for (const parameter of space)
    if (isActive(parameter, point)) point[parameter.name] = wanted.get(parameter.name) ?? cornersOf(parameter)[0]!;
  return point;
}
