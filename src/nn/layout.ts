// Where token rows lie: models are written over rows [T, H]; a layout knows which rows form an example.
// Packed (training): no padding, attention blocks are gathered by index. Padded (export): T = B·S, blocks are a reshape.
import { type HostArray, hostArray } from "../base/index.ts";
import {
  broadcastTo,
  cast,
  constant,
  div,
  equal,
  flip,
  gather,
  type InputSpec,
  max,
  moveRows,
  mul,
  mulDims,
  reshape,
  sum,
  transpose,
  type Value,
  where,
} from "../graph/index.ts";

/** How rows [T, ·] and attention blocks [B, A, S, D] correspond. Shapes: T rows, B examples, S longest, A heads, D = width / A. */
export interface Layout {
  /** Rows [T, A·D] → blocks [B, A, S, D]; padding slots are zero. */
  toHeads(x: Value, heads: number): Value;
  /** Blocks [B, A, S, D] → rows [T, A·D]. */
  fromHeads(x: Value): Value;
  /** Added to attention scores: 0 where a query may look, the lowest float32 where not; broadcasts to [B, A, S, S]. */
  readonly scoreBias: Value;
  /** The bias over the rows themselves, where `scoreBias` also has columns of keys that are no rows. Default `scoreBias`. */
  readonly rowBias?: Value;
  /** Keys and values of a layer, each [B, A, S, D], with those of tokens that were read before them. Absent: none were. Asked once by each layer, in order. */
  withPast?(keys: Value, values: Value): readonly [keys: Value, values: Value];
  /** Rows [T, N] → [B, S, N]; padding slots are zero. */
  blocks(x: Value): Value;
  /** The first row of each example: [T, N] → [B, N]. */
  first(x: Value): Value;
  /** The last row of each example, or where the head of a decoder reads it: [T, N] → [B, N]. */
  last(x: Value): Value;
}

/** Rows [T, N] → [B, N]: the mean over each example's tokens, padding left out. */
export function meanOfRows(layout: Layout, x: Value): Value {
  const blocks = layout.blocks(x); // [B, S, N]
  const real = cast(realSlots(layout, blocks), "float32");
  return div(sum(mul(blocks, real), { axes: [1] }), sum(real, { axes: [1] }));
}

/** Rows [T, N] → [B, N]: the largest of each example's tokens, by column. As {@link meanOfRows}. */
export function maxOfRows(layout: Layout, x: Value): Value {
  const blocks = layout.blocks(x); // [B, S, N]
  return max(where(realSlots(layout, blocks), blocks, lowest), { axes: [1] });
}

/** A number of each row [T, 1] → [B, S]; padding has the lowest. */
export function scoresOfRows(layout: Layout, x: Value): Value {
  const blocks = layout.blocks(x); // [B, S, 1]
  const [batch, longest] = blocks.shape as [string, string];
  return reshape(where(realSlots(layout, blocks), blocks, lowest), [batch, longest]);
}

/** Which slots of [B, S, N] are no padding, [B, S, 1]. */
function realSlots({ scoreBias: seen, rowBias: scoreBias = seen }: Layout, blocks: Value): Value {
  const [batch, longest] = blocks.shape as [string, string];
  // [B, 1, 1, S]; [1, 1, 1, 1] where nothing is padded; [B, 1, S, S] of causal models, where a key that is no padding is seen by some query
  const keys = scoreBias.shape[2] === 1 ? scoreBias : max(scoreBias, { axes: [2], keepDims: true });
  const whole = keys.shape[0] === batch && keys.shape[3] === longest;
  return reshape(equal(whole ? keys : broadcastTo(keys, [batch, 1, 1, longest]), 0), [batch, longest, 1]);
}

/** Most negative float32, as Transformers masks with. */
export const lowest = -3.4028234663852886e38;

/** Names and types of a packed layout's inputs, for the head counts that a model uses (1 gives `blocks`). */
export function packedSpecs(headCounts: readonly number[], causal: boolean): Record<string, InputSpec> {
  return {
    ...Object.fromEntries(
      [...new Set([1, ...headCounts])].flatMap((a): [string, InputSpec][] => [
        [`slots.${a}`, ["int32", ["B", a, "S"]]],
        [`rows.${a}`, ["int32", ["T", a]]],
      ]),
    ),
    "layout.first": ["int32", ["B"]],
    ...(causal ? { "layout.last": ["int32", ["B"]] satisfies InputSpec } : {}),
    "layout.bias": ["float32", ["B", 1, causal ? "S" : 1, "S"]],
  };
}

/** The packed layout over inputs made from {@link packedSpecs}. */
export function packedLayout(inputs: Readonly<Record<string, Value>>): Layout {
  const toHeads = (x: Value, heads: number) => {
    const [rows, width] = x.shape as [string, number];
    const index = inputs[`slots.${heads}`]!;
    const inverse = inputs[`rows.${heads}`]!;
    return moveRows(reshape(x, [mulDims(heads, rows), width / heads]), index, inverse, { inverseComplete: true });
  };
  return {
    toHeads,
    fromHeads: (x) => {
      const [batch, heads, longest, width] = x.shape as [string, number, string, number];
      const index = inputs[`rows.${heads}`]!;
      const moved = moveRows(reshape(x, [mulDims(heads, batch, longest), width]), index, inputs[`slots.${heads}`]!, {
        complete: true,
      });
      return reshape(moved, [index.shape[0]!, heads * width]);
    },
    scoreBias: inputs["layout.bias"]!,
    blocks: (x) => {
      const blocks = toHeads(x, 1);
      return reshape(blocks, [blocks.shape[0]!, blocks.shape[2]!, x.shape[1]!]);
    },
    first: (x) => gather(x, inputs["layout.first"]!),
    last: (x) => gather(x, inputs["layout.last"]!),
  };
}

/**
 * The padded layout over examples of sizes [B, S] (numbers or symbols); `scoreBias` broadcasts to [B, A, S, S].
 * @param lastOf float32 [B, S]: 1 at the row that counts as an example's last. Default the last of all, for examples of one length
 */
export function paddedLayout(
  batch: number | string,
  longest: number | string,
  scoreBias: Value,
  lastOf?: Value,
): Layout {
  const blocks = (x: Value) => reshape(x, [batch, longest, x.shape[1]!]);
  return {
    toHeads: (x, heads) => transpose(reshape(x, [batch, longest, heads, (x.shape[1] as number) / heads]), [0, 2, 1, 3]),
    fromHeads: (x) => {
      const [, heads, , width] = x.shape as [string, number, string, number];
      const rows = transpose(x, [0, 2, 1, 3]);
      return reshape(rows, [mulDims(batch, longest), heads * width]);
    },
    scoreBias,
    blocks,
    first: (x) => gather(blocks(x), constant(hostArray("int32", [], [0])), 1),
    last: (x) =>
      lastOf
        ? sum(mul(blocks(x), reshape(lastOf, [batch, longest, 1])), { axes: [1] })
        : gather(flip(blocks(x), 1), constant(hostArray("int32", [], [0])), 1),
  };
}

/**
 * Host arrays of a packed layout for examples of the given lengths (tokens each, none empty).
 * @param lasts place of each example's last row in it, for causal models. Default the last of all
 */
export function packLayout(
  lengths: readonly number[],
  headCounts: readonly number[],
  causal: boolean,
  lasts: readonly number[] = lengths.map((length) => length - 1),
): Record<string, HostArray> {
  const longest = Math.max(...lengths);
  const total = lengths.reduce((a, b) => a + b, 0);
  const batch = lengths.length;
  const starts = new Int32Array(batch);
  for (let b = 1; b < batch; b++) starts[b] = starts[b - 1]! + lengths[b - 1]!;
  const out: Record<string, HostArray> = {
    "layout.first": hostArray("int32", [batch], starts),
    ...(causal
      ? {
          "layout.last": hostArray(
            "int32",
            [batch],
            Int32Array.from(starts, (start, b) => start + lasts[b]!),
          ),
        }
      : {}),
    "layout.bias": hostArray("float32", [batch, 1, causal ? longest : 1, longest], biasOf(lengths, longest, causal)),
  };
  for (const heads of new Set([1, ...headCounts])) {
    const slots = new Int32Array(batch * heads * longest).fill(total * heads); // the zero row
    const rows = new Int32Array(total * heads);
    for (let b = 0; b < batch; b++)
      for (let s = 0; s < lengths[b]!; s++)
        for (let a = 0; a < heads; a++) {
          const slot = (b * heads + a) * longest + s;
          const row = (starts[b]! + s) * heads + a;
          slots[slot] = row;
          rows[row] = slot;
        }
    out[`slots.${heads}`] = hostArray("int32", [batch, heads, longest], slots);
    out[`rows.${heads}`] = hostArray("int32", [total, heads], rows);
  }
  return out;
}

function biasOf(lengths: readonly number[], longest: number, causal: boolean): Float32Array {
  const queries = causal ? longest : 1;
  const bias = new Float32Array(lengths.length * queries * longest);
  lengths.forEach((length, b) => {
    for (let q = 0; q < queries; q++)
      for (let k = 0; k < longest; k++)
        if (k >= length || (causal && k > q)) bias[(b * queries + q) * longest + k] = lowest;
  });
  return bias;
}
