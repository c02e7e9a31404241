// Which rows of a program's values belong to which example of the batch. Knows the programs' symbols, no op and no model.
import {
  broadcastTo,
  cast,
  type Dim,
  divDims,
  type ExampleLayout,
  equal,
  gather,
  matmul,
  moveRows,
  mulDims,
  reshape,
  sum,
  type Value,
} from "../graph/index.ts";
import type { Layout } from "../nn/index.ts";

/** Rows of a batch by their leading size: T token rows, M wanted rows, or a multiple of B. */
export interface ExampleRows extends ExampleLayout {
  /** True for a leading size whose rows have examples. */
  covers(rows: Dim): boolean;
  /** Sums of each example's rows, [rows, n] → [B, n]. */
  sums(x: Value): Value;
  /** One number per example [B] as a column [rows, 1]. */
  column(perExample: Value, rows: Dim): Value;
}

/** @param values the batch inputs by name @param layout of the token rows, if the model has tokens */
export function exampleRows(values: Readonly<Record<string, Value>>, layout: Layout | undefined): ExampleRows {
  const per = (rows: Dim) => divDims(rows, "B");
  const wanted = values["labels.slots"];
  const blocks = (x: Value): Value => {
    const rows = x.shape[0]!;
    if (rows === "T") return layout!.blocks(x);
    if (rows === "M") return moveRows(x, wanted!, values["labels.places"]!, { inverseComplete: true });
    return x.shape.length === 3 ? x : reshape(x, ["B", per(rows)!, x.shape[1]!]);
  };
  const column = (perExample: Value, rows: Dim): Value => {
    const spread = (width: Dim) =>
      reshape(broadcastTo(reshape(perExample, ["B", 1]), ["B", width]), [mulDims("B", width), 1]);
    if (rows === "T") return gather(spread("S"), reshape(values["rows.1"]!, ["T"]));
    if (rows === "M") return gather(spread("K"), values["labels.places"]!);
    return spread(per(rows)!);
  };
  /** 1 where a token row is of an example, [T, B]: each example is known by its first row. */
  const membership = (dtype: Value["dtype"]): Value => {
    const first = cast(values["layout.first"]!, dtype);
    return cast(equal(column(first, "T"), reshape(first, [1, "B"])), dtype);
  };
  return {
    blocks,
    column,
    // a product with 0 and 1 is cheaper than moving the rows
    sums: (x) =>
      x.shape[0] === "T" ? matmul(membership(x.dtype), x, { transposeA: true }) : sum(blocks(x), { axes: [1] }),
    covers: (rows) =>
      (rows === "T" && layout !== undefined) || (rows === "M" && wanted !== undefined) || per(rows) !== undefined,
  };
}
