// One lowering table per target. `cpu` serves onnxruntime-node and its WebAssembly build; `portable` is for export; `webgpu` avoids what that provider lacks.
import { int8GradientProduct, int8Product, transposed } from "./quantised.ts";
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
  if (!transposeA && !transposeB && alpha === 1) return emit.node("MatMul", [a!, b!]);
  return emit.node(
    "FusedMatMul",
    [a!, b!],
    { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0, alpha: { float: alpha as number } },
    microsoft,
  );
};

const fusedLinear: Row = (emit, [x, weight, bias], node) => {
  const frozen = emit.int8Of(node.inputs[1]!);
  if (frozen) return int8Product(emit, x!, frozen, true, weight!, bias);
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
  const quantised = emit.int8Of(node.inputs[1]!);
  if (quantised) return int8Product(emit, x!, quantised, true, weight!, bias);
  const owned = emit.ownedArray(node.inputs[1]!);
  const turned = owned ? emit.initializer(transposed(owned)) : emit.node("Transpose", [weight!], { perm: [1, 0] });
  return addBias(emit, emit.node("MatMul", [x!, turned]), bias);
};

export const targets = {
  cpu: { ...standardRows, matmul: fusedMatMul, linear: fusedLinear },
  portable: { ...standardRows, linear: plainLinear },
  webgpu: webgpuRows,
} satisfies Record<string, LoweringTable>;

export type Target = keyof typeof targets;
