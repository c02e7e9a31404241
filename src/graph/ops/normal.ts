// Softmax, cross-entropy and normalisations: composites that are differentiated as one and have kernels on most targets.
import {
  add,
  div,
  exp,
  gatherElements,
  log,
  logSoftmax,
  max,
  mean,
  mul,
  neg,
  reciprocal,
  reshape,
  scatterElements,
  softmax,
  sqrt,
  sub,
  sum,
} from "../build.ts";
import type { Op, RefArray, TensorType, Value } from "../value.ts";
import { alongAxis, refArray } from "./reference.ts";
import { reciprocalCount, rowSumNorm, rowTotals, softmaxStep, sumTo, wantAxis, wantDtype } from "./rules.ts";

const sameType = (op: Pick<Op, "doc" | "eval" | "vjp" | "decompose">): Op => ({
  traits: {},
  shape: ([x], { axis }, fail): TensorType => {
    wantDtype(x!, ["float32", "float64"], fail);
    wantAxis(x!, axis as number, fail);
    return { dtype: x!.dtype, shape: x!.shape };
  },
  ...op,
});

/** x − max(x). */
const shifted = (x: Value, axis: number): Value =>
  x.shape[axis] === 0 ? x : sub(x, max(x, { axes: [axis], keepDims: true }));

const softmaxLine = (line: Float64Array): Float64Array => {
  const top = line.reduce((a, b) => Math.max(a, b), -Infinity);
  const e = line.map((a) => Math.exp(a - top));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((a) => a / total);
};
const logSoftmaxLine = (line: Float64Array): Float64Array => {
  const top = line.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = Math.log(line.reduce((a, b) => a + Math.exp(b - top), 0));
  return line.map((a) => a - top - total);
};

const last = (x: { readonly shape: readonly unknown[] }) => x.shape.length - 1;

/** The three sums of the layer-norm gradient, at normalised rows `hat` and scale `inv`. */
const normStep = (gw: Value, hat: Value, inv: Value, centred: boolean): Value => {
  const axes = [last(gw)];
  const along = mul(hat, mean(mul(gw, hat), { axes, keepDims: true }));
  return mul(inv, centred ? sub(sub(gw, mean(gw, { axes, keepDims: true })), along) : sub(gw, along));
};

/** dx plus what the other outputs add, which a gradient of the gradient reaches: dm/dx = 1/H, d inv/dx = −inv²·hat/H. */
function withRowOutputs(dx: Value, x: Value, hat: Value, inv: Value, gMean?: Value, gInv?: Value): Value {
  const share = reciprocalCount(x, [last(x)]);
  const ofMean = gMean ? add(dx, mul(gMean, share)) : dx;
  return gInv ? sub(ofMean, mul(mul(mul(gInv, mul(inv, inv)), share), hat)) : ofMean;
}

/** Per row: normalised values, mean and inverse deviation. */
function normaliseRef(
  x: RefArray,
  epsilon: number,
  centred: boolean,
): { hat: RefArray; mean: RefArray; inv: RefArray } {
  const line = (row: Float64Array) => {
    const m = centred ? row.reduce((a, b) => a + b, 0) / row.length : 0;
    return { m, inv: 1 / Math.sqrt(row.reduce((a, b) => a + (b - m) ** 2, 0) / row.length + epsilon) };
  };
  const axis = last(x);
  return {
    hat: alongAxis(x, axis, (row) => row.map((a) => (a - line(row).m) * line(row).inv)),
    mean: alongAxis(x, axis, (row) => [line(row).m]),
    inv: alongAxis(x, axis, (row) => [line(row).inv]),
  };
}

const scaleShift = (hat: RefArray, weight: RefArray, bias?: RefArray): RefArray => {
  const width = weight.data.length;
  return refArray(
    hat.shape,
    hat.dtype,
    hat.data.map((a, i) => a * weight.data[i % width]! + (bias ? bias.data[i % width]! : 0)),
  );
};

const normShape = (inputs: readonly TensorType[], fail: Parameters<Op["shape"]>[2]): TensorType => {
  const [x, ...weights] = inputs as [TensorType, ...TensorType[]];
  wantDtype(x, ["float32", "float64"], fail);
  if (weights.some((w) => w.shape.length !== 1 || w.shape[0] !== x.shape.at(-1)))
    fail("scale or shift does not fit the last axis", `[${x.shape.at(-1)}]`);
  return x;
};

/** dy ∘ hat for the scale of a layer norm, dy for its shift. */
function normRows(x: Value, g: Value, which: number, epsilon: number, outputs?: readonly Value[]): Value {
  if (which === 2) return g;
  if (outputs) return mul(g, mul(sub(x, outputs[1]!), outputs[2]!));
  const axes = [last(x)];
  const c = sub(x, mean(x, { axes, keepDims: true }));
  return mul(g, mul(c, reciprocal(sqrt(add(mean(mul(c, c), { axes, keepDims: true }), epsilon)))));
}

export const normalOps = {
  softmax: sameType({
    doc: "eˣ / Σeˣ along an axis; NaN where all are −∞.",
    eval: ([x], { axis }) => alongAxis(x!, axis as number, softmaxLine),
    vjp: (g, _x, [y], { axis }) => [softmaxStep(g, y!, axis as number)],
    decompose: ([x], { axis }) => {
      const e = exp(shifted(x!, axis as number));
      return [div(e, sum(e, { axes: [axis as number], keepDims: true }))];
    },
  }),
  logSoftmax: sameType({
    doc: "x − ln Σeˣ along an axis.",
    eval: ([x], { axis }) => alongAxis(x!, axis as number, logSoftmaxLine),
    // dx = g − softmax(x)·Σg
    vjp: (g, [x], _y, { axis }) => [
      sub(g, mul(softmax(x!, axis as number), sum(g, { axes: [axis as number], keepDims: true }))),
    ],
    decompose: ([x], { axis }) => {
      const s = shifted(x!, axis as number);
      return [sub(s, log(sum(exp(s), { axes: [axis as number], keepDims: true })))];
    },
  }),
  crossEntropy: {
    doc: "−log softmax(logits)[label] per row: logits [N, C], labels int32 [N].",
    traits: {},
    shape: ([logits, labels], _attrs, fail): TensorType => {
      wantDtype(labels!, ["int32"], fail);
      if (logits!.shape.length !== 2 || labels!.shape.length !== 1 || logits!.shape[0] !== labels!.shape[0])
        fail("labels do not fit the logits", "logits [N, C] and labels [N]");
      return { dtype: logits!.dtype, shape: [logits!.shape[0]!] };
    },
    eval: ([logits, labels]) => {
      const table = alongAxis(logits!, 1, logSoftmaxLine);
      return refArray(
        [labels!.data.length],
        logits!.dtype,
        labels!.data.map((label, row) => -table.data[row * logits!.shape[1]! + label]!),
      );
    },
    // dlogits = g·(softmax − onehot)
    vjp: (g, [logits, labels]) => {
      const column = reshape(g, [g.shape[0]!, 1]);
      return [
        scatterElements(mul(softmax(logits!), column), reshape(labels!, [g.shape[0]!, 1]), neg(column), 1),
        undefined,
      ];
    },
    decompose: ([logits, labels]) => [
      neg(reshape(gatherElements(logSoftmax(logits!), reshape(labels!, [labels!.shape[0]!, 1]), 1), labels!.shape)),
    ],
  },
  layerNorm: {
    doc: "(x − mean)/√(var + ε)·scale + shift over the last axis; also gives mean and 1/√(var + ε), [.., 1].",
    traits: { parameters: { 1: "scale", 2: "shift" } },
    shape: (inputs, _attrs, fail): TensorType[] => {
      const x = normShape(inputs, fail);
      const row = { dtype: x.dtype, shape: [...x.shape.slice(0, -1), 1] };
      return [{ dtype: x.dtype, shape: x.shape }, row, row];
    },
    eval: ([x, weight, bias], { epsilon }) => {
      const { hat, mean: m, inv } = normaliseRef(x!, epsilon as number, true);
      return [scaleShift(hat, weight!, bias!), m, inv];
    },
    vjp: (g, [x, weight, bias], [, m, inv], _attrs, [, gMean, gInv]) => {
      const hat = mul(sub(x!, m!), inv!);
      const dx = withRowOutputs(normStep(mul(g, weight!), hat, inv!, true), x!, hat, inv!, gMean, gInv);
      return [dx, sumTo(mul(g, hat), weight!), sumTo(g, bias!)];
    },
    decompose: ([x, weight, bias], { epsilon }) => {
      const axes = [last(x!)];
      const m = mean(x!, { axes, keepDims: true });
      const c = sub(x!, m);
      const inv = reciprocal(sqrt(add(mean(mul(c, c), { axes, keepDims: true }), epsilon as number)));
      return [add(mul(mul(c, inv), weight!), bias!), m, inv];
    },
    // the gradient of scale is Σ_s dy_s ∘ hat_s per example; of shift Σ_s dy_s
    exampleNorm: (inputs, g, which, { epsilon }, { blocks, outputs }) =>
      rowSumNorm(blocks(rowTotals(normRows(inputs[0]!, g, which, epsilon as number, outputs)))),
    exampleRows: (inputs, g, which, { epsilon }, outputs) =>
      g.shape.length === 2 ? normRows(inputs[0]!, g, which, epsilon as number, outputs) : undefined,
  },
  rmsNorm: {
    doc: "x/√(mean x² + ε)·scale over the last axis; also gives 1/√(mean x² + ε), [.., 1].",
    traits: { parameters: { 1: "scale" } },
    shape: (inputs, _attrs, fail): TensorType[] => {
      const x = normShape(inputs, fail);
      return [
        { dtype: x.dtype, shape: x.shape },
        { dtype: x.dtype, shape: [...x.shape.slice(0, -1), 1] },
      ];
    },
    eval: ([x, weight], { epsilon }) => {
      const { hat, inv } = normaliseRef(x!, epsilon as number, false);
      return [scaleShift(hat, weight!), inv];
    },
    vjp: (g, [x, weight], [, inv], _attrs, [, gInv]) => {
      const hat = mul(x!, inv!);
      const dx = withRowOutputs(normStep(mul(g, weight!), hat, inv!, false), x!, hat, inv!, undefined, gInv);
      return [dx, sumTo(mul(g, hat), weight!)];
    },
    decompose: ([x, weight], { epsilon }) => {
      const inv = reciprocal(sqrt(add(mean(mul(x!, x!), { axes: [last(x!)], keepDims: true }), epsilon as number)));
      return [mul(mul(x!, inv), weight!), inv];
    },
    exampleNorm: ([x], g, _which, { epsilon }, { blocks }) => {
      const inv = reciprocal(sqrt(add(mean(mul(x!, x!), { axes: [last(x!)], keepDims: true }), epsilon as number)));
      return rowSumNorm(blocks(rowTotals(mul(g, mul(x!, inv)))));
    },
  },
} satisfies Record<string, Op>;
