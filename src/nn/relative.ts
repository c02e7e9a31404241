// What attention knows of the distance between two tokens: neighbourhoods, and buckets of distances. Works in every layout, whose
// slots count the tokens of an example. Shapes: B examples, S longest, T rows.
import { hostArray } from "../base/index.ts";
import {
  add,
  broadcastTo,
  cast,
  constant,
  cumsum,
  gather,
  less,
  maximum,
  minimum,
  reshape,
  scalar,
  sub,
  type Value,
  where,
} from "../graph/index.ts";
import { type Layout, lowest } from "./layout.ts";

/** Places of queries minus places of keys, int32 [S, S]. @param rows any rows [T, N] of the layout */
export function distances(layout: Layout, rows: Value): Value {
  const longest = layout.blocks(rows).shape[1]!;
  const places = cumsum(broadcastTo(scalar(1, "int32"), [1, longest]), 1);
  return sub(reshape(places, [longest, 1]), reshape(places, [1, longest]));
}

/**
 * The layout's score bias where a query sees only keys at most `reach` places before and after it.
 * @param positions int32 [T]
 */
export function neighbours(layout: Layout, positions: Value, reach: number): Value {
  const distance = distances(layout, cast(reshape(positions, [positions.shape[0]!, 1]), "float32"));
  const far = less(scalar(reach, "int32"), maximum(distance, sub(0, distance)));
  const longest = distance.shape[0]!;
  const bias = where(far, lowest, broadcastTo(scalar(0), distance.shape));
  return minimum(layout.scoreBias, reshape(bias, [1, 1, longest, longest]));
}

/** A whole number for each distance, int32 of the shape of `distance`. @param of for −most … most */
export function bucketed(distance: Value, most: number, of: (distance: number) => number): Value {
  const table = Int32Array.from({ length: 2 * most + 1 }, (_, i) => of(i - most));
  return gather(constant(hostArray("int32", [table.length], table)), add(distance, most), 0);
}
