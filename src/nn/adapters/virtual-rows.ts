// Rows of virtual tokens before each text of a model whose tokens all see each other. Rows lie after those of the texts: [T + B·P, H]; in
// blocks they stand before their text: [B, A, P + S, D].
// Shapes: T rows of texts, B texts, S longest, P virtual tokens, A heads, D head width, N columns.
import {
  add,
  addDims,
  broadcastTo,
  cast,
  concat,
  cumsum,
  type Dim,
  equal,
  gather,
  minimum,
  moveRows,
  mul,
  mulDims,
  reshape,
  scalar,
  sub,
  sum,
  transpose,
  type Value,
  where,
} from "../../graph/index.ts";
import type { Layout } from "../layout.ts";
import type { ModelPass } from "./kind.ts";
import { widened } from "./virtual-keys.ts";

/** 0, 1, 2 … as int32. */
const counted = (size: Dim): Value => sub(cumsum(broadcastTo(scalar(1, "int32"), [size]), 0), 1);
/** A size as an int32 scalar. */
const sizeOf = (size: Dim): Value => sum(broadcastTo(scalar(1, "int32"), [size]), { axes: [0] });

/** Where rows lie in blocks: the row of each slot [B, P + S], one past the last for padding, and the slot of each row. */
function places(layout: Layout, rows: Dim, tokens: number) {
  const one = cast(reshape(add(counted(rows), 1), [rows, 1]), "float32"); // exact below 2^24 rows
  const blocks = layout.blocks(one); // [B, S, 1], 0 for padding
  const [batch, longest] = blocks.shape as [Dim, Dim, 1];
  const whole = addDims(tokens, longest);
  const virtual = mulDims(tokens, batch);
  const total = addDims(rows, virtual);
  const virtualRows = reshape(add(counted(virtual), sizeOf(rows)), [batch, tokens]);
  const textRows = sub(cast(reshape(blocks, [batch, longest]), "int32"), 1);
  const slots = concat([virtualRows, where(equal(textRows, -1), sizeOf(total), textRows)], 1);
  const numbers = mul(reshape(counted(batch), [batch, 1]), sizeOf(whole)); // the first slot of each text
  const virtualSlots = add(numbers, reshape(counted(tokens), [1, tokens]));
  const textSlots = add(numbers, add(reshape(counted(longest), [1, longest]), tokens));
  const asBlocks = reshape(cast(textSlots, "float32"), [batch, 1, longest, 1]);
  const rowSlots = concat(
    [cast(reshape(layout.fromHeads(asBlocks), [rows]), "int32"), reshape(virtualSlots, [virtual])],
    0,
  );
  return { batch, whole, virtual, total, slots, rowSlots };
}

/**
 * A pass over the rows of texts and of virtual tokens. As in PEFT a head of whole texts that reads the first token reads the first virtual one.
 * @param rows of the virtual tokens [P, E], in the place of the word table's
 */
export function withVirtualRows(
  { inputs, layout, ...pass }: ModelPass & { readonly layout: Layout },
  rows: Value,
): ModelPass {
  const tokens = rows.shape[0] as number;
  const count = inputs.positions!.shape[0]!; // T
  const { batch, whole, virtual, total, slots, rowSlots } = places(layout, count, tokens);
  const forEach = (own: Value, ...rest: Dim[]) =>
    reshape(broadcastTo(reshape(own, [1, tokens, ...rest]), [batch, tokens, ...rest]), [virtual, ...rest]);
  const positions = add(counted(tokens), pass.firstPosition);
  const blocks = (x: Value) => moveRows(x, slots, rowSlots, { inverseComplete: true });
  return {
    ...pass,
    inputs: {
      ...inputs,
      words: concat([pass.words(), forEach(rows, rows.shape[1]!)], 0),
      positions: concat([add(inputs.positions!, tokens), forEach(positions)], 0),
      ...(inputs.types && { types: concat([inputs.types, broadcastTo(scalar(0, "int32"), [virtual])], 0) }),
    },
    layout: {
      toHeads: (x, heads) => {
        const width = (x.shape[1] as number) / heads;
        return transpose(reshape(blocks(x), [batch, whole, heads, width]), [0, 2, 1, 3]);
      },
      fromHeads: (x) => {
        const [, heads, , width] = x.shape as [Dim, number, Dim, number];
        const flat = reshape(transpose(x, [0, 2, 1, 3]), [mulDims(batch, whole), heads * width]);
        return moveRows(flat, rowSlots, slots, { complete: true });
      },
      scoreBias: widened(layout.scoreBias, tokens),
      blocks,
      first: (x) => gather(x, add(mul(counted(batch), tokens), sizeOf(count))),
      last: (x) => layout.last(ownRows(x)),
    },
    ownRows,
  };

  function ownRows(x: Value): Value {
    if (x.shape[0] !== total) return x;
    const all = sizeOf(count);
    return moveRows(x, counted(count), minimum(counted(total), all), { complete: true });
  }
}
