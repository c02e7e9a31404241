// Reweighing (Kamiran & Calders 2012): weights under which the label does not depend on the group.
import { checkColumns } from "../eval/index.ts";

/**
 * w(s, y) = P(s)·P(y) / P(s, y) with the frequencies of the rows: each group then has the same share of each label.
 * @param group of each row [N]
 * @param label of each row [N]
 * @returns a weight for each row [N]; they sum to N where every cell has a row
 * @throws E_SHAPE, E_DATA for columns that do not fit
 * @example reweighing(["a", "a", "b", "b"], ["1", "1", "1", "0"]) // [0.75, 0.75, 1.5, 0.5]
 */
export function reweighing(group: ArrayLike<string>, label: ArrayLike<string>): Float64Array {
  checkColumns("reweighing", { group, label });
  const count = (keyOf: (row: number) => string) => {
    const counts = new Map<string, number>();
    for (let row = 0; row < group.length; row++) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
    return (row: number) => counts.get(keyOf(row))!;
  };
  const ofGroup = count((row) => group[row]!);
  const ofLabel = count((row) => label[row]!);
  const ofBoth = count((row) => JSON.stringify([group[row], label[row]]));
  return Float64Array.from(
    { length: group.length },
    (_, row) => (ofGroup(row) * ofLabel(row)) / (group.length * ofBoth(row)),
  );
}
