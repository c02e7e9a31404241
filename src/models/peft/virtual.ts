// Virtual tokens in PEFT's layout: one tensor of P rows. Of a prefix it is [P, layers · 2 · width], keys and values of a layer beside each other; of
// a prompt [P, width of the word table]. No files.
import { allocate, ConcordError, type HostArray } from "../../base/index.ts";
import { type AdapterLayout, adapterLayout } from "../../nn/index.ts";
import type { Model } from "../model.ts";
import { virtualWidths } from "../sublayers.ts";
import type { PeftSettings } from "./config.ts";

/** Name of the tensor. */
export const virtualTensor = "prompt_embeddings";

type Floats = HostArray<"float32">;

/** Columns of the tensor that each parameter has. */
const columnsOf = ({ parameters }: AdapterLayout) => {
  let at = 0;
  return parameters.map(({ name, shape }) => {
    const [rows, width] = shape as [number, number];
    at += width;
    return { name, rows, width, from: at - width };
  });
};

/** The adapter that a tensor is. @throws E_MODEL where it has not the model's layers and widths */
export function virtualOf(
  model: Model,
  { options }: PeftSettings,
  tensor: Floats,
  where: string,
): { layout: AdapterLayout; weights: Map<string, Floats> } {
  const widths = virtualWidths(model, options.kind);
  const layout = adapterLayout(model.parameters, { ...options, widths, targets: [] }, model.transposedWeights);
  const columns = columnsOf(layout);
  const total = columns.reduce((sum, { width }) => sum + width, 0);
  if (String(tensor.shape) !== String([options.tokens, total]))
    throw new ConcordError("E_MODEL", {
      operation: "read adapter",
      problem: `${virtualTensor} is of another shape`,
      expected: `[${options.tokens},${total}]`,
      got: `[${tensor.shape}]`,
      path: where,
    });
  const weights = new Map(
    columns.map(({ name, rows, width, from }): [string, Floats] => {
      const data = allocate("float32", rows * width);
      for (let row = 0; row < rows; row++)
        data.set(tensor.data.subarray(row * total + from, row * total + from + width), row * width);
      return [name, { dtype: "float32", shape: [rows, width], data }];
    }),
  );
  return { layout, weights };
}

/** The tensor of an adapter. */
export function virtualArray(layout: AdapterLayout, weights: ReadonlyMap<string, HostArray>): Floats {
  const columns = columnsOf(layout);
  const total = columns.reduce((sum, { width }) => sum + width, 0);
  const rows = layout.options.tokens;
  const data = allocate("float32", rows * total);
  for (const { name, width, from } of columns) {
    const own = weights.get(name)!.data as Float32Array;
    for (let row = 0; row < rows; row++) data.set(own.subarray(row * width, (row + 1) * width), row * total + from);
  }
  return { dtype: "float32", shape: [rows, total], data };
}
