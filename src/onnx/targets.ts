// One lowering table per target. `cpu` serves onnxruntime-node and its WebAssembly build; `portable` is for export; `webgpu` avoids what that provider lacks.

import { sameShape, type Value } from "../graph/index.ts";
import { blocksProduct, blocksRows } from "./blocks.ts";
import type { Emitter } from "./emit.ts";
import { int8GradientProduct, int8Product, int8Rows, transposed } from "./quantised.ts";
import { type LoweringTable, type Row, standardRows } from "./rows.ts";
import { webgpuRows } from "./webgpu.ts";

/** Operator sets of every emitted model. Opset 20 is the first with Gelu. */
export const opsets = { "": 20, "com.microsoft": 1 } as const;

const microsoft = { domain: "com.microsoft" };

const fusedMatMul: Row = (emit, [a, b], node) => {
  const { transposeA, transposeB, alpha } = node.attrs;
  const frozen = emit.int8Of(node.inputs[1]!);
  if (frozen && !transposeA) {
    const product = int8GradientProduct(emit, a!, frozen, transposeB as boolean, b!);
    return alpha === 1 ? product : emit.node("Mul", [product, emit.float(alpha as number)]);
  }
  if (emit.blocksOf(node.inputs[1]!) && !transposeA) return plainMatMul(emit, [a!, b!], node);
  if (!transposeA && !transposeB && alpha === 1) return emit.node("MatMul", [a!, b!]);
  return emit.node(
    "FusedMatMul",
    [a!, b!],
    { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0, alpha: { float: alpha as number } },
    microsoft,
  );
};

/** a · b; the scale of scaled rows stays outside, for the next product may take the rows without it. */
const scaledMul: Row = (emit, inputs, node) => {
  const { shape } = node.outputs[0]!;
  for (const [i, value] of node.inputs.entries()) {
    const scaled = emit.isUsedOnce(value) && sameShape(value.shape, shape) && emit.rowsOf(inputs[i]!);
    if (scaled) return emit.scaleRows(emit.node("Mul", [scaled.rows, inputs[1 - i]!]), scaled.scale);
  }
  return emit.node("Mul", inputs);
};

/** x · Wᵀ with W stored in integers; undefined where it is not. */
function storedProduct(emit: Emitter, x: string, weight: Value, key: string, bias?: string): string | undefined {
  const int8 = emit.int8Of(weight);
  if (int8) return int8Product(emit, x, int8, true, key, bias);
  const blocks = emit.blocksOf(weight);
  return blocks && blocksProduct(emit, x, blocks, key, bias);
}

/** x · W with W [in, out] stored in integers, as GPT-2 has it. */
const plainMatMul: Row = (emit, inputs, node) => {
  const { transposeA, transposeB, alpha } = node.attrs;
  const int8 = emit.int8Of(node.inputs[1]!);
  const blocks = emit.blocksOf(node.inputs[1]!);
  if (transposeA || (!int8 && !blocks)) return standardRows.matmul(emit, inputs, node);
  const [x, weight] = inputs as [string, string];
  const product = int8
    ? int8Product(emit, x, int8, transposeB as boolean, weight)
    : blocksProduct(emit, x, transposeB ? blocks! : { ...blocks!, array: transposed(blocks!.array) }, weight);
  return alpha === 1 ? product : emit.node("Mul", [product, emit.float(alpha as number)]);
};

const storedRows: Row = (emit, inputs, node) => {
  const table = node.inputs[0]!;
  const int8 = emit.int8Of(table);
  if (int8) return int8Rows(emit, int8, inputs[1]!, inputs[0]!);
  const blocks = emit.blocksOf(table);
  return blocks ? blocksRows(emit, blocks, inputs[1]!, inputs[0]!) : standardRows.embed(emit, inputs);
};

const fusedLinear: Row = (emit, [x, weight, bias], node) => {
  const stored = storedProduct(emit, x!, node.inputs[1]!, weight!, bias);
  if (stored) return stored;
  // below rank 2 the runtime's product has no rows; MatMul promotes a vector, transB does not
  if (node.inputs[0]!.shape.length < 2)
    return addBias(emit, emit.node("MatMul", [x!, emit.node("Transpose", [weight!], { perm: [1, 0] })]), bias);
  return addBias(
    emit,
    emit.node("FusedMatMul", [x!, weight!], { transA: 0, transB: 1, alpha: { float: 1 } }, microsoft),
    bias,
  );
};

const addBias = (emit: Parameters<Row>[0], product: string, bias: string | undefined): string =>
  bias ? emit.node("Add", [product, bias]) : product;

/** x · Wᵀ with Wᵀ stored, where nothing else reads W: no runtime has to turn it. */
const plainLinear: Row = (emit, [x, weight, bias], node) => {
  const stored = storedProduct(emit, x!, node.inputs[1]!, weight!, bias);
  if (stored) return stored;
  const owned = emit.ownedArray(node.inputs[1]!);
  const turned = owned ? emit.initializer(transposed(owned)) : emit.node("Transpose", [weight!], { perm: [1, 0] });
  return addBias(emit, emit.node("MatMul", [x!, turned]), bias);
};

export const targets = {
  cpu: { ...standardRows, mul: scaledMul, matmul: fusedMatMul, linear: fusedLinear, embed: storedRows },
  portable: { ...standardRows, matmul: plainMatMul, linear: plainLinear, embed: storedRows },
  webgpu: webgpuRows,
} satisfies Record<string, LoweringTable>;

export type Target = keyof typeof targets;
