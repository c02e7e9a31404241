// The closed op table. Adding an op is one record here (through its file) and one row in each lowering table.

import type { HostArray } from "../../base/index.ts";
import { registerOps } from "../apply.ts";
import type { Op } from "../value.ts";
import { convolutionOps } from "./convolution.ts";
import { elementwiseOps } from "./elementwise.ts";
import { movementOps } from "./movement.ts";
import { normalOps } from "./normal.ts";
import { productOps } from "./products.ts";
import { reduceOps } from "./reduce.ts";

const sourceOps = {
  input: {
    doc: "A named input; its type is the node's own.",
    traits: {},
    shape: () => [],
    eval: () => [],
    vjp: { none: "a source" },
  },
  constant: {
    doc: "A host array held in the graph.",
    traits: {},
    shape: (_inputs, { value }) => ({ dtype: (value as HostArray).dtype, shape: (value as HostArray).shape }),
    eval: (_inputs, { value }) => {
      const { dtype, shape, data } = value as HostArray;
      return { dtype, shape, data: Float64Array.from(data as Float32Array, Number) };
    },
    vjp: { none: "a source" },
  },
} satisfies Record<string, Op>;

/** Every op by name. */
export const ops = {
  ...sourceOps,
  ...elementwiseOps,
  ...reduceOps,
  ...movementOps,
  ...productOps,
  ...convolutionOps,
  ...normalOps,
};
/** Name of an op: lowering tables are exhaustive over this type. */
export type OpName = keyof typeof ops;

registerOps(ops as unknown as Record<string, Op>); // records are typed by their own attributes; the table by name is not
