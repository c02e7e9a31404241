// Which cells of a table are not shown, so that no small one can be told: the small ones, and as many others as make their sum one of two
// cells or more and no small cell itself (complementary suppression). Pure.

/**
 * Cells that are not shown where the whole is.
 * @param sizes rows of each cell; empty cells have nothing to hide
 * @returns the numbers of the cells; all of them where two cells cannot hide each other
 * @example hiddenCells([5, 40, 300], 10) // Set { 0, 1 }: the whole less 300 gives the sum of both
 */
export function hiddenCells(sizes: readonly number[], smallest: number): Set<number> {
  const filled = [...sizes.keys()].filter((i) => sizes[i]! > 0).sort((a, b) => sizes[a]! - sizes[b]!);
  const hidden = new Set(filled.filter((i) => sizes[i]! < smallest));
  let rows = [...hidden].reduce((n, i) => n + sizes[i]!, 0);
  for (const i of filled) {
    if (hidden.size === 0 || (hidden.size > 1 && rows >= smallest)) break;
    if (hidden.has(i)) continue;
    hidden.add(i);
    rows += sizes[i]!;
  }
  return hidden;
}
