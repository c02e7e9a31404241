// Functions of single elements. Gradients are rows: the equation is the comment.

import type { DType } from "../../base/index.ts";
import {
  abs,
  add,
  and,
  cast,
  cos,
  div,
  equal,
  erf,
  exp,
  geluGrad,
  less,
  log,
  log1p,
  mul,
  neg,
  not,
  pow,
  relu,
  scalar,
  sigmoid,
  sign,
  sin,
  stopGradient,
  sub,
  tanh,
  where,
} from "../build.ts";
import type { Fail, Op, TensorType, Value, Vjp } from "../value.ts";
import { erfFloat64, mapRef, zipRef } from "./reference.ts";
import { broadcastRule, repeatedNorm, repeatsFirst, sumTo, wantDtype } from "./rules.ts";

const floats = ["float32", "float16", "float64"] as const;
const numbers = [...floats, "int32", "int64"] as const;

const unary = (
  doc: string,
  f: (a: number) => number,
  vjp: Vjp | { none: string },
  decompose?: Op["decompose"],
  dtypes: readonly DType[] = floats,
): Op => ({
  doc,
  traits: { elementwise: true },
  shape: ([x], _attrs, fail) => {
    wantDtype(x!, dtypes, fail);
    return { dtype: x!.dtype, shape: x!.shape };
  },
  eval: ([x]) => mapRef(x!, f),
  vjp,
  ...(decompose ? { decompose } : {}),
});

const binary = (
  doc: string,
  f: (a: number, b: number) => number,
  vjp: Vjp | { none: string },
  commutative = false,
): Op => ({
  doc,
  traits: commutative ? { elementwise: true, commutative: true } : { elementwise: true },
  shape: (inputs, _attrs, fail) => broadcastRule(inputs, fail),
  eval: (inputs) => zipRef(inputs, f as (...a: number[]) => number, inputs[0]!.dtype),
  vjp,
});

const comparison = (doc: string, dtypes: readonly DType[] | undefined, f: (...a: number[]) => boolean): Op => ({
  doc,
  traits: { elementwise: true },
  shape: (inputs, _attrs, fail) => {
    if (dtypes) for (const t of inputs) wantDtype(t, dtypes, fail);
    return broadcastRule(inputs, fail, "bool");
  },
  eval: (inputs) => zipRef(inputs, (...a) => Number(f(...a)), "bool"),
  vjp: { none: "truth values have no gradient" },
});

/** g·f for the operand that won; a tie gives each half, as torch does. */
const extremum =
  (wins: (x: Value, y: Value) => Value): Vjp =>
  (g, [x, y]) => {
    const half = mul(cast(equal(x!, y!), g.dtype), 0.5);
    return [
      sumTo(mul(g, add(cast(wins(x!, y!), g.dtype), half)), x!),
      sumTo(mul(g, add(cast(wins(y!, x!), g.dtype), half)), y!),
    ];
  };

/** C's pow, which runtimes use: 1 to any power is 1, and so is −1 to an infinite one, where JavaScript says NaN. */
const power = (a: number, b: number) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b);
const gelu = (x: number) => 0.5 * x * (1 + erfFloat64(x / Math.SQRT2));
const phi = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const tanhArgument = (a: number) => Math.sqrt(2 / Math.PI) * (a + 0.044715 * a ** 3);
const tanhOf = (x: Value): Value => tanh(mul(mul(x, add(mul(mul(x, x), 0.044715), 1)), Math.sqrt(2 / Math.PI)));
/** ½(1 + erf u + 2/√π·u·e^(−u²)) with u = x/√2: the factors of the exponential are in its exponent, for each node is a pass over memory. */
const geluSlope = (x: Value): Value => {
  const u = mul(x, Math.SQRT1_2);
  const bell = exp(sub(Math.log(2 / Math.sqrt(Math.PI)), mul(u, u)));
  return mul(add(add(erf(u), mul(u, bell)), 1), 0.5);
};

/** A sum whose second operand may be a bias, or positions: one value that every example reads. */
function parameterSecond(op: Op): Op {
  return {
    ...op,
    traits: { ...op.traits, parameters: { 1: "bias" } },
    shared: ([x, y]) => repeatsFirst(y!, x!.shape),
    exampleNorm: ([, y], g, _which, _attrs, { blocks }) => repeatedNorm(y!, g, blocks),
    exampleRows: ([, y], g) => (g.shape.length === 2 && y!.shape.at(-1) === g.shape[1] ? g : undefined),
  };
}

export const elementwiseOps = {
  add: parameterSecond(
    binary(
      "Sum.",
      (a, b) => a + b,
      (g, [x, y]) => [sumTo(g, x!), sumTo(g, y!)],
      true,
    ),
  ),
  sub: binary(
    "Difference.",
    (a, b) => a - b,
    (g, [x, y]) => [sumTo(g, x!), sumTo(neg(g), y!)],
  ),
  mul: binary(
    "Product.",
    (a, b) => a * b,
    (g, [x, y]) => [sumTo(mul(g, y!), x!), sumTo(mul(g, x!), y!)],
    true,
  ),
  // d(x/y) = dx/y − x/y² dy
  div: binary(
    "Quotient.",
    (a, b) => a / b,
    (g, [x, y], [q]) => [sumTo(div(g, y!), x!), sumTo(neg(div(mul(g, q!), y!)), y!)],
  ),
  // dxʸ = y·xʸ⁻¹ dx + xʸ·ln x dy; the dy term is 0 where x = 0 and y ≥ 0
  pow: binary(
    "Power; NaN for a negative base with a fractional exponent; 1 to any power is 1.",
    power,
    (g, [x, y], [z]) => {
      const zero = and(equal(x!, scalar(0, x!.dtype)), not(less(y!, scalar(0, y!.dtype))));
      const logX = log(where(zero, 1, x!));
      const yZero = equal(y!, scalar(0, y!.dtype)); // x⁰ = 1 has slope 0 in x, even at x = 0
      return [sumTo(where(yZero, 0, mul(mul(g, y!), pow(x!, sub(y!, 1)))), x!), sumTo(mul(g, mul(z!, logX)), y!)];
    },
  ),
  maximum: binary(
    "Larger of two; NaN if either is.",
    (a, b) => Math.max(a, b),
    extremum((x, y) => less(y, x)),
    true,
  ),
  minimum: binary(
    "Smaller of two; NaN if either is.",
    (a, b) => Math.min(a, b),
    extremum((x, y) => less(x, y)),
    true,
  ),
  equal: comparison("x = y.", undefined, (a, b) => a === b),
  less: comparison("x < y.", undefined, (a, b) => a! < b!),
  and: comparison("Both.", ["bool"], (a, b) => !!a && !!b),
  or: comparison("Either.", ["bool"], (a, b) => !!a || !!b),
  not: comparison("Negation.", ["bool"], (a) => !a),
  where: {
    doc: "condition ? x : y by element.",
    traits: { elementwise: true },
    shape: ([c, x, y], _attrs, fail: Fail): TensorType => {
      wantDtype(c!, ["bool"], fail);
      const values = broadcastRule([x!, y!], fail);
      return { dtype: values.dtype, shape: broadcastRule([{ dtype: "bool", shape: values.shape }, c!], fail).shape };
    },
    eval: (inputs) => zipRef(inputs, (c, x, y) => (c ? x! : y!), inputs[1]!.dtype),
    vjp: (g, [c, x, y]) => [undefined, sumTo(where(c!, g, 0), x!), sumTo(where(c!, 0, g), y!)],
  },
  neg: unary(
    "−x.",
    (a) => -a,
    (g) => [neg(g)],
    undefined,
    numbers,
  ),
  abs: unary("|x|.", Math.abs, (g, [x]) => [mul(g, stopGradient(sign(x!)))], undefined, numbers), // a slope of steps has none
  sign: unary("−1, 0 or 1.", Math.sign, { none: "piecewise constant" }, undefined, numbers),
  floor: unary("Largest integer not above.", Math.floor, { none: "piecewise constant" }),
  exp: unary("eˣ.", Math.exp, (g, _x, [y]) => [mul(g, y!)]),
  log: unary("Natural logarithm; −Infinity at 0, NaN below.", Math.log, (g, [x]) => [div(g, x!)]),
  // ln u · x/(u−1) with u = 1 + x in floating point is exact to rounding (Kahan); u = 1 means log1p(x) = x
  log1p: unary(
    "ln(1 + x), exact near 0.",
    Math.log1p,
    (g, [x]) => [div(g, add(x!, 1))],
    ([x]) => {
      const u = add(x!, 1);
      const d = sub(u, 1);
      const same = equal(d, scalar(0, x!.dtype));
      const far = equal(u, x!); // above 2²⁴ the 1 is lost, and ∞/∞ would be NaN
      return [where(same, x!, where(far, log(u), mul(log(u), div(x!, where(same, 1, d)))))];
    },
  ),
  sqrt: unary("Square root; NaN below 0.", Math.sqrt, (g, _x, [y]) => [div(mul(g, 0.5), y!)]), // d√x = dx / 2√x
  reciprocal: unary(
    "1/x.",
    (a) => 1 / a,
    (g, _x, [y]) => [neg(mul(g, mul(y!, y!)))],
  ),
  tanh: unary("Hyperbolic tangent.", Math.tanh, (g, _x, [y]) => [mul(g, sub(1, mul(y!, y!)))]),
  sigmoid: unary(
    "1/(1 + e⁻ˣ).",
    (a) => (a >= 0 ? 1 / (1 + Math.exp(-a)) : Math.exp(a) / (1 + Math.exp(a))),
    (g, _x, [y]) => [mul(g, mul(y!, sub(1, y!)))],
  ),
  softplus: unary(
    "ln(1 + eˣ).",
    (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))),
    (g, [x]) => [mul(g, sigmoid(x!))],
    ([x]) => [add(relu(x!), log1p(exp(neg(abs(x!)))))], // max(x, 0) + ln(1 + e^−|x|)
  ),
  erf: unary("Error function.", erfFloat64, (g, [x]) => [mul(g, mul(exp(neg(mul(x!, x!))), 2 / Math.sqrt(Math.PI)))]),
  sin: unary("Sine.", Math.sin, (g, [x]) => [mul(g, cos(x!))]),
  cos: unary("Cosine.", Math.cos, (g, [x]) => [neg(mul(g, sin(x!)))]),
  relu: unary(
    "max(x, 0).",
    (a) => (a > 0 ? a : Number.isNaN(a) ? a : 0),
    (g, [x]) => [mul(g, cast(less(scalar(0, x!.dtype), x!), g.dtype))],
  ),
  gelu: unary("x·Φ(x), erf form.", gelu, (g, [x]) => [geluGrad(g, x!)]),
  geluGrad: {
    ...binary(
      "g · d gelu(x)/dx = g·(Φ(x) + x·φ(x)).",
      (g, x) => g * (0.5 * (1 + erfFloat64(x / Math.SQRT2)) + x * phi(x)),
      (gg, [g, x]) => {
        const density = mul(exp(mul(mul(x!, x!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        const bend = mul(density, sub(2, mul(x!, x!))); // gelu″ = φ·(2 − x²)
        return [sumTo(geluGrad(gg, x!), g!), sumTo(mul(mul(gg, g!), bend), x!)];
      },
    ),
    decompose: ([g, x]) => [mul(g!, geluSlope(x!))],
  },
  geluTanh: unary(
    "GELU by the tanh approximation.",
    (a) => 0.5 * a * (1 + Math.tanh(tanhArgument(a))),
    (g, [x]) => {
      // y = x·σ(z), z = cx(1 + 0.044715x²), c = 2√(2/π): y′ = σ(1 + (1 − σ)·xz′), xz′ = 3z − 2cx
      const c = 2 * Math.sqrt(2 / Math.PI);
      const z = mul(x!, add(mul(mul(x!, x!), 0.044715 * c), c));
      const s = sigmoid(z);
      const rise = sub(mul(z, 3), mul(x!, 2 * c));
      return [mul(g, mul(s, add(mul(sub(1, s), rise), 1)))];
    },
    ([x]) => [mul(mul(x!, add(tanhOf(x!), 1)), 0.5)],
  ),
  cast: {
    doc: "Same values in another dtype; floats are truncated towards zero, truth is 0 or 1.",
    traits: { elementwise: true },
    shape: ([x], attrs) => ({ dtype: attrs.dtype as DType, shape: x!.shape }),
    eval: ([x], attrs) =>
      mapRef(
        x!,
        attrs.dtype === "bool" ? (a) => Number(a !== 0) : /^u?int/.test(attrs.dtype as string) ? Math.trunc : (a) => a,
        attrs.dtype as DType,
      ),
    vjp: (g, [x]) => [/^float/.test(x!.dtype) ? cast(g, x!.dtype) : undefined],
  },
  stopGradient: unary(
    "x, with no gradient through it.",
    (a) => a,
    { none: "stopped on purpose" },
    ([x]) => [x!],
    [...numbers, "bool"],
  ),
  straightThrough: {
    doc: "y, whose gradient goes to x as if it were x: steps that have no slope of their own (Bengio 2013, arXiv:1308.3432).",
    traits: { elementwise: true },
    shape: ([x, y], _attrs, fail: Fail): TensorType => {
      wantDtype(x!, floats, fail);
      if (x!.dtype !== y!.dtype || String(x!.shape) !== String(y!.shape))
        fail("x and y differ in type", `y of ${x!.dtype}[${x!.shape}]`);
      return { dtype: y!.dtype, shape: y!.shape };
    },
    eval: ([, y]) => y!,
    vjp: (g) => [g, undefined],
    decompose: ([, y]) => [y!],
  },
} satisfies Record<string, Op>;
