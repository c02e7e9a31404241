// The groups by which a run's scores and audits are reported: values of data.attributes, numbers cut as evaluate.bins says.
import { ConcordError } from "../../base/index.ts";
import { attributeGroups, type NumberGroups, type TextRow } from "../../data/index.ts";
import type { Recipe } from "../recipe.ts";

/**
 * Groups of each attribute, row by row. Edges that are not given are quintiles of these rows.
 * @throws E_CONFIG for edges of what is no attribute, or of an attribute without numbers
 */
export function groupsOfRows(
  { data: { attributes, decimal }, evaluate: { bins } }: Recipe,
  rows: readonly Pick<TextRow, "attributes">[],
): Readonly<Record<string, NumberGroups>> {
  const stranger = Object.keys(bins).find((name) => !attributes.includes(name));
  if (stranger !== undefined) throw fault("there is no such attribute", attributes.join(", "), stranger);
  const groups = attributes.map((name) => {
    const values = rows.map((row) => row.attributes[name] ?? "");
    const found = attributeGroups(values, Object.hasOwn(bins, name) ? bins[name] : undefined, decimal);
    if (found.numbers === 0 && values.some(Boolean))
      throw fault(`${name} has edges, and no value is a number`, "numbers", values.find(Boolean)!);
    return [name, found] as const;
  });
  return Object.fromEntries(groups);
}

const fault = (problem: string, expected: string, got: string) =>
  new ConcordError("E_CONFIG", { operation: "evaluate", problem, expected, got, path: "evaluate.bins" });
