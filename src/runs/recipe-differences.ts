// What recipes say differently, key by key. Pure.
import type { Recipe } from "../recipe/index.ts";

/** Keys that name a run, and those whose values are free text. */
const leftOut = /^(name|version|about)(\.|$)/;

/**
 * Keys that recipes differ in.
 * @returns dotted keys in the order of the first recipe, with the value that each recipe has as text; undefined where it has none
 * @example recipeDifferences([a, b]) // [{ key: "adapt.epochs", values: ["3", "5"] }]
 */
export function recipeDifferences(
  recipes: readonly Recipe[],
): { readonly key: string; readonly values: readonly (string | undefined)[] }[] {
  const flat = recipes.map((recipe) => new Map(leaves(recipe, "")));
  const keys = [...new Set(flat.flatMap((values) => [...values.keys()]))];
  return keys
    .filter((key) => !leftOut.test(key))
    .map((key) => ({ key, values: flat.map((values) => values.get(key)) }))
    .filter(({ values }) => new Set(values).size > 1);
}

function leaves(value: unknown, key: string): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [[key, typeof value === "string" ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, key ? `${key}.${name}` : name));
}
