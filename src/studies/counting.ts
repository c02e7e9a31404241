// What members count about a model: how often each label was answered for each, of all rows and by group. Counts are whole numbers
// that add up over members, so that their sum is what one table of all rows would give. Pure.
import type { TextRow } from "../data/index.ts";
import type { Proposal } from "../federated/index.ts";
import type { Recipe } from "../recipe/index.ts";

export type CountedSplit = "dev" | "test";

/** Rows of groups that the recipe does not name, and rows without a group. */
export const otherGroup = "other";

/** Name of the counts of a part, or of one group of it. */
export const countName = (part: CountedSplit, attribute?: string, group?: string): string =>
  attribute === undefined ? part : `${part}.${attribute}.${group}`;

/** Groups of the recipe's section `together`, with the other one. */
export const groupsOf = ({ together }: Recipe): [attribute: string, groups: string[]][] =>
  Object.entries(together?.groups ?? {}).map(([attribute, groups]) => [attribute, [...groups, otherGroup]]);

/** Parts of a proposal: a confusion matrix [label, answer], row by row, of all rows and of each group. */
export function countSegments(recipe: Recipe, part: CountedSplit, labels: number, bound: number): Proposal["counts"] {
  const one = (name: string) => ({ name, size: labels ** 2, kind: "count" as const, bound });
  const groups = groupsOf(recipe).flatMap(([attribute, all]) => all.map((g) => one(countName(part, attribute, g))));
  return [one(countName(part)), ...groups];
}

/**
 * Confusion matrices of a member's rows.
 * @param rows with single labels @param answers index of the label that the model answers for each row
 */
export function countAnswers(
  recipe: Recipe,
  part: CountedSplit,
  labels: readonly string[],
  rows: readonly TextRow[],
  answers: readonly number[],
): Record<string, number[]> {
  const size = labels.length;
  const empty = () => new Array<number>(size ** 2).fill(0);
  const out: Record<string, number[]> = { [countName(part)]: empty() };
  const groups = groupsOf(recipe);
  for (const [attribute, names] of groups) for (const name of names) out[countName(part, attribute, name)] = empty();
  for (const [i, row] of rows.entries()) {
    const at = labels.indexOf(row.labels[0]!) * size + answers[i]!;
    out[countName(part)]![at]!++;
    for (const [attribute, names] of groups) {
      const value = row.attributes[attribute];
      const name = value !== undefined && names.includes(value) ? value : otherGroup;
      out[countName(part, attribute, name)]![at]!++;
    }
  }
  return out;
}
