import { expect, test } from "vitest";
import { random } from "../../base/index.ts";
import type { SparseRows } from "../sparse.ts";
import { rowProducts } from "./products.ts";

/** Rows of 0 to 9 entries each. */
function drawn(seed: number): SparseRows {
  const rng = random(seed);
  const starts = [0];
  for (let i = 0; i < 8; i++) starts.push(starts.at(-1)! + rng.int(10));
  const entries = starts.at(-1)!;
  return {
    rows: 8,
    width: 12,
    starts: Int32Array.from(starts),
    columns: Int32Array.from({ length: entries }, () => rng.int(12)),
    values: Float64Array.from({ length: entries }, () => rng.float() - 0.5),
  };
}

test.each([1, 2, 3, 7, 8, 9, 16, 26])("products with %i outputs have the bits of plain loops", (outputs) => {
  const rows = drawn(outputs);
  const rng = random(3);
  const products = rowProducts(rows, outputs);
  for (let w = 0; w < products.weight.length; w++) products.weight[w] = rng.float() - 0.5;
  const gradient = Float64Array.from(products.gradient, () => rng.float());
  products.gradient.set(gradient);
  for (let i = 0; i < rows.rows; i++) {
    const scores = Float64Array.from({ length: outputs }, () => rng.float());
    products.scores.set(scores);
    products.score(i);
    for (let k = rows.starts[i]!; k < rows.starts[i + 1]!; k++)
      for (let c = 0; c < outputs; c++)
        scores[c]! += rows.values[k]! * products.weight[rows.columns[k]! * outputs + c]!;
    expect(products.scores).toEqual(scores);
    products.add(i, 0.3);
    for (let k = rows.starts[i]!; k < rows.starts[i + 1]!; k++)
      for (let c = 0; c < outputs; c++) gradient[rows.columns[k]! * outputs + c]! += 0.3 * rows.values[k]! * scores[c]!;
  }
  expect(products.gradient).toEqual(gradient);
});
