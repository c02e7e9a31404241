// The groups by which a run's scores and audits are reported: values of data.attributes, numbers cut as evaluate.bins says.
import { ConcordError } from "../base/index.ts";
import { attributeGroups, binned, fifths, type NumberGroups, type Row } from "../data/index.ts";
import type { Recipe } from "../recipe/index.ts";

/**
 * Groups of each attribute, row by row. Edges that are not given are quintiles of these rows.
 * @throws E_CONFIG for edges of what is no attribute, or of an attribute without numbers
 */
export function attributeGroupsOf(
  { data: { attributes, decimal }, evaluate: { bins } }: Pick<Recipe, "data" | "evaluate">,
  rows: readonly Pick<Row, "attributes">[],
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

/**
 * Rows in which the numbers of adapt.mitigation's attribute are their groups: those of evaluate.bins, by which scores and audits are reported.
 * Edges have to be given, because those that a report finds are of the test rows, which training must not see; `[]` leaves each number a group.
 * @param parts training rows, then dev rows
 * @throws E_CONFIG for numbers without edges, edges of what has no numbers, and thresholds by groups of numbers
 */
export function mitigationGroups<R extends Row>(
  { adapt: { mitigation }, evaluate: { bins } }: Recipe,
  parts: readonly (readonly R[])[],
): readonly R[][] {
  const { attribute, decisions } = mitigation;
  if (attribute === undefined) return parts.map((rows) => [...rows]);
  const values = parts.flat().map((row) => row.attributes[attribute] ?? "");
  const edges = Object.hasOwn(bins, attribute) ? bins[attribute]! : undefined;
  const found = edges ? undefined : attributeGroups(values).cut && fifths(values);
  if (found)
    throw fault(
      `${attribute} is a number, and nothing says which of its values are a group`,
      "edges",
      `${new Set(values).size} values`,
      `evaluate: { bins: { ${attribute}: [${found.join(", ")}] } } makes groups of about as many rows each; [] leaves each number a group`,
    );
  if (!edges?.length) return parts.map((rows) => [...rows]);
  const { groups, numbers } = binned(values, edges);
  if (numbers === 0)
    throw fault(`${attribute} has edges, and no value is a number`, "numbers", values.find(Boolean) ?? "");
  if (decisions === "group-thresholds")
    throw fault(
      "thresholds by group are told the group of each text, and groups of numbers are not told",
      "linear-post or exponentiated-gradient",
      `group-thresholds of ${attribute}`,
      "use decisions: linear-post, or a column of groups",
    );
  let next = 0;
  return parts.map((rows) =>
    rows.map((row) => ({ ...row, attributes: { ...row.attributes, [attribute]: groups[next++]! } })),
  );
}

const fault = (problem: string, expected: string, got: string, hint?: string) =>
  new ConcordError("E_CONFIG", { operation: "evaluate", problem, expected, got, hint, path: "evaluate.bins" });
