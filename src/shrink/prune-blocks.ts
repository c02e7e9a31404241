// Structured pruning: heads and inner units of the feed-forward part are cut out of the matrices and of the config. Pure.
import { ConcordError, type HostArray } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { type Model, modelOf } from "../models/index.ts";
import { blocksOf, headsStay } from "./blocks.ts";
import { headsIn, type Importance } from "./importance.ts";
import type { SmallerModel } from "./smaller-model.ts";

/** How much is cut, as shares from 0 to below 1; every layer loses as many. */
export interface PruneShares {
  /** Of the attention heads. Default 0. */
  readonly heads?: number;
  /** Of the inner units of the feed-forward part. Default 0. */
  readonly width?: number;
}

type Weights = ReadonlyMap<string, HostArray<"float32">>;

/**
 * Cuts the least important heads and inner units of each layer. What is left computes what the model would with the others' columns at zero.
 * @param importance of {@link importanceOf} of this model
 * @throws E_ARGUMENT for shares out of range; E_MODEL for an architecture whose blocks, or whose heads, cannot be cut
 * @example const smaller = pruneBlocks(model, weights, importance, { heads: 0.5, width: 0.5 });
 */
export function pruneBlocks(model: Model, weights: Weights, importance: Importance, shares: PruneShares): SmallerModel {
  const { heads = 0, width = 0 } = shares;
  for (const [name, share] of Object.entries({ heads, width }))
    if (!(share >= 0 && share < 1))
      throw new ConcordError("E_ARGUMENT", {
        operation: "prune",
        problem: `prune.${name} is wrong`,
        expected: "a share from 0 to below 1",
        got: String(share),
      });
  const narrow = width > 0 ? cutInner(model, weights, importance, width) : { model, weights };
  return heads > 0 ? cutHeads(narrow.model, narrow.weights, importance, heads) : narrow;
}

/** Places of the largest numbers, ascending; at least one stays. */
function largest(numbers: Float64Array, share: number): number[] {
  const stays = Math.max(1, numbers.length - Math.round(numbers.length * share));
  const order = [...numbers.keys()].sort((a, b) => numbers[b]! - numbers[a]! || a - b);
  return order.slice(0, stays).sort((a, b) => a - b);
}

function cutInner(model: Model, weights: Weights, { inner }: Importance, share: number): SmallerModel {
  const { blocks, inner: entry } = blocksOf(model);
  const cut = new Map(weights);
  let left = 0;
  for (const { layer, up, down } of blocks) {
    const stays = largest(inner[layer]!, share);
    left = stays.length;
    cut.set(`${up}.weight`, rowsOf(weights.get(`${up}.weight`)!, stays));
    cut.set(`${up}.bias`, rowsOf(weights.get(`${up}.bias`)!, stays));
    cut.set(`${down}.weight`, columnsOf(weights.get(`${down}.weight`)!, stays));
  }
  return { model: modelOf(configOf({ ...model.config, [entry]: left }, "pruned")), weights: cut };
}

function cutHeads(model: Model, weights: Weights, { heads }: Importance, share: number): SmallerModel {
  const { blocks } = blocksOf(model);
  const all = model.config.num_attention_heads as number;
  const before = (model.config.pruned_heads ?? {}) as Record<string, number[]>;
  const cut = new Map(weights);
  const gone: Record<string, number[]> = {};
  for (const { layer, mixing, mixed, ...block } of blocks) {
    if (!mixing || !mixed) throw headsStay(model);
    const names = Array.from({ length: all }, (_, h) => h).filter((h) => !before[layer]?.includes(h));
    const stays = largest(heads[layer]!, share);
    const size = weights.get(`${mixed}.weight`)!.shape[1]! / headsIn(model, weights, { layer, mixed, ...block });
    const places = stays.flatMap((h) => Array.from({ length: size }, (_, i) => h * size + i));
    for (const module of mixing)
      for (const part of ["weight", "bias"])
        cut.set(`${module}.${part}`, rowsOf(weights.get(`${module}.${part}`)!, places));
    cut.set(`${mixed}.weight`, columnsOf(weights.get(`${mixed}.weight`)!, places));
    const kept = new Set(stays.map((h) => names[h]!));
    gone[layer] = Array.from({ length: all }, (_, h) => h).filter((h) => !kept.has(h));
  }
  return { model: modelOf(configOf({ ...model.config, pruned_heads: gone }, "pruned")), weights: cut };
}

/** Some rows of a matrix, or some entries of a vector. */
function rowsOf({ shape, data }: HostArray<"float32">, rows: readonly number[]): HostArray<"float32"> {
  const width = data.length / shape[0]!;
  const out = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) out.set(data.subarray(row * width, (row + 1) * width), i * width);
  return { dtype: "float32", shape: [rows.length, ...shape.slice(1)], data: out };
}

function columnsOf({ shape, data }: HostArray<"float32">, columns: readonly number[]): HostArray<"float32"> {
  const [rows, width] = shape as [number, number];
  const out = new Float32Array(rows * columns.length);
  for (let r = 0; r < rows; r++)
    for (const [i, c] of columns.entries()) out[r * columns.length + i] = data[r * width + c]!;
  return { dtype: "float32", shape: [rows, columns.length], data: out };
}
