// Which rows of a program's values belong to which example of the batch. Knows the programs' symbols, no op and no model.
import {
  broadcastTo,
  type Dim,
  divDims,
  type ExampleLayout,
  gather,
  moveRows,
  mulDims,
  reshape,
  type Value,
} from "../graph/index.ts";
import type { Layout } from "../nn/index.ts";

/** Rows of a batch by their leading size: T token rows, M wanted rows, or a multiple of B. */
export interface ExampleRows extends ExampleLayout {
  /** True for a leading size whose rows have examples. */
  covers(rows: Dim): boolean;
  /** One number per example [B] as a column [rows, 1]. */
  column(perExample: Value, rows: Dim): Value;
}

/** @param values the batch inputs by name @param layout of the token rows, if the model has tokens */
export function exampleRows(values: Readonly<Record<string, Value>>, layout: Layout | undefined): ExampleRows {
  const per = (rows: Dim) => divDims(rows, "B");
  const wanted = values["labels.slots"];
  return {
    covers: (rows) =>
      (rows === "T" && layout !== undefined) || (rows === "M" && wanted !== undefined) || per(rows) !== undefined,
    blocks(x) {
      const rows = x.shape[0]!;
      if (rows === "T") return layout!.blocks(x);
      if (rows === "M") return moveRows(x, wanted!, values["labels.places"]!, { inverseComplete: true });
      return x.shape.length === 3 ? x : reshape(x, ["B", per(rows)!, x.shape[1]!]);
    },
    column(perExample, rows) {
      const spread = (width: Dim) =>
        reshape(broadcastTo(reshape(perExample, ["B", 1]), ["B", width]), [mulDims("B", width), 1]);
      if (rows === "T") return gather(spread("S"), reshape(values["rows.1"]!, ["T"]));
      if (rows === "M") return gather(spread("K"), values["labels.places"]!);
      return spread(per(rows)!);
    },
  };
}
