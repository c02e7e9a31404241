// Algebra that is exact in floating point, or within rounding where the row says so; and constant folding.
import { type HostArray, sizeOf } from "../base/index.ts";
import {
  broadcastShapes,
  broadcastTo,
  constant,
  fromRef,
  type MatMul,
  matmul,
  type Node,
  opOf,
  reshape,
  sameShape,
  toRef,
  transpose,
  type Value,
} from "../graph/index.ts";
import { type Rewrite, reapply } from "./rewrite.ts";

/** The number that a value is everywhere, if it is one constant (possibly broadcast). */
export function uniform(value: Value): number | undefined {
  const { op, attrs, inputs } = value.node;
  if (op === "broadcastTo" || op === "reshape") return uniform(inputs[0]!);
  if (op !== "constant") return undefined;
  const { data } = attrs.value as HostArray;
  return data.length === 1 ? Number(data[0]) : undefined;
}

const isOp = (v: Value, op: string): boolean => v.node.op === op;
const keepsType = (node: Node, v: Value): readonly Value[] | undefined =>
  sameShape(v.shape, node.outputs[0]!.shape) && v.dtype === node.outputs[0]!.dtype ? [v] : undefined;

/** x where the other operand is the neutral number. */
const neutral = (op: string, number: number, sides: readonly number[], rule: string): Rewrite => ({
  rule,
  apply: (node) => {
    if (node.op !== op) return undefined;
    const side = sides.find((i) => uniform(node.inputs[i]!) === number);
    return side === undefined ? undefined : keepsType(node, node.inputs[1 - side]!);
  },
});

/** Elements that a folded constant may have: larger ones stay as the expression that makes them. */
const foldLimit = 1024;

export const simplifications: readonly Rewrite[] = [
  neutral("mul", 1, [0, 1], "x·1 → x"),
  neutral("div", 1, [1], "x/1 → x"),
  neutral("add", 0, [0, 1], "x + 0 → x"),
  neutral("sub", 0, [1], "x − 0 → x"),
  {
    rule: "transpose(transpose(x, p), q) → transpose(x, p∘q)",
    apply: (node) => {
      const inner = node.inputs[0];
      if (node.op !== "transpose" || !inner || !isOp(inner, "transpose")) return undefined;
      const [p, q] = [inner.node.attrs.permutation, node.attrs.permutation] as [number[], number[]];
      return [
        transpose(
          inner.node.inputs[0]!,
          q.map((axis) => p[axis]!),
        ),
      ];
    },
  },
  {
    rule: "reshape(reshape(x)) → reshape(x), and to its own shape → x",
    apply: (node) => {
      const inner = node.inputs[0];
      if (node.op !== "reshape" || !inner) return undefined;
      if (isOp(inner, "reshape")) return [reshape(inner.node.inputs[0]!, node.outputs[0]!.shape)];
      return keepsType(node, inner);
    },
  },
  {
    rule: "broadcastTo(broadcastTo(x, a), b) → broadcastTo(x, b)",
    apply: (node) => {
      const inner = node.inputs[0];
      if (
        node.op !== "broadcastTo" ||
        !inner ||
        !isOp(inner, "broadcastTo") ||
        inner.shape.length > node.outputs[0]!.shape.length
      )
        return undefined;
      return [broadcastTo(inner.node.inputs[0]!, node.outputs[0]!.shape)];
    },
  },
  {
    rule: "elementwise(broadcastTo(x), y) → elementwise(x, y), where y alone gives the shape",
    apply: (node) => {
      if (node.inputs.length < 2 || !opOf(node.op).traits.elementwise) return undefined;
      const inputs = node.inputs.map((v) => (isOp(v, "broadcastTo") ? v.node.inputs[0]! : v));
      if (inputs.every((v, i) => v === node.inputs[i])) return undefined;
      const shape = broadcastShapes(...inputs.map((v) => v.shape));
      return shape && sameShape(shape, node.outputs[0]!.shape) ? reapply(node, inputs) : undefined;
    },
  },
  {
    rule: "alpha·matmul(a, b) → matmul(a, b, alpha), within rounding",
    apply: (node) => {
      if (node.op !== "mul") return undefined;
      const side = node.inputs.findIndex((v) => uniform(v) !== undefined);
      const product = node.inputs[1 - side];
      if (side < 0 || !product || !isOp(product, "matmul") || !sameShape(product.shape, node.outputs[0]!.shape))
        return undefined;
      const { attrs, inputs } = product.node;
      return [
        matmul(inputs[0]!, inputs[1]!, {
          ...(attrs as MatMul),
          alpha: (attrs.alpha as number) * uniform(node.inputs[side]!)!,
        }),
      ];
    },
  },
  {
    rule: "matmul(transpose(x, swap last two), b) → matmul(x, b, transposeA), and likewise b",
    apply: (node) => {
      if (node.op !== "matmul") return undefined;
      const side = node.inputs.findIndex(
        (v) => isOp(v, "transpose") && swapsLastTwo(v.node.attrs.permutation as number[]),
      );
      if (side < 0) return undefined;
      const inputs = node.inputs.map((v, i) => (i === side ? v.node.inputs[0]! : v));
      const flag = side === 0 ? "transposeA" : "transposeB";
      return [matmul(inputs[0]!, inputs[1]!, { ...(node.attrs as MatMul), [flag]: !node.attrs[flag] })];
    },
  },
  {
    rule: "op(constants) → constant, up to 1,024 elements",
    apply: (node) => {
      const out = node.outputs[0]!;
      if (node.op === "constant" || node.inputs.length === 0 || !node.inputs.every((v) => isOp(v, "constant")))
        return undefined;
      if (
        node.outputs.some((v) => v.shape.some((d) => typeof d === "string") || sizeOf(v.shape as number[]) > foldLimit)
      )
        return undefined;
      if (node.op === "broadcastTo" && sizeOf(out.shape as number[]) > 1) return undefined; // a repeated number stays short
      const results = [
        opOf(node.op).eval(
          node.inputs.map((v) => toRef(v.node.attrs.value as HostArray)),
          node.attrs,
          { dim: Number },
        ),
      ].flat();
      return results.map((r) => constant(fromRef(r)));
    },
  },
];

const swapsLastTwo = (p: readonly number[]): boolean =>
  p.length >= 2 && p.every((axis, i) => axis === (i === p.length - 1 ? i - 1 : i === p.length - 2 ? i + 1 : i));
