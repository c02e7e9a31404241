// Arbitrary small graphs over the op table, as lists of numbers that are decoded into ops that fit what is there: they shrink.
import fc from "fast-check";
import { hostArray, random } from "../../src/base/index.ts";
import {
  apply,
  broadcastTo,
  concat,
  constant,
  type Dim,
  evalDim,
  type Graph,
  gather,
  input,
  less,
  makeGraph,
  matmul,
  mul,
  mulDims,
  ops,
  type RefArray,
  reshape,
  sameShape,
  scalar,
  slice,
  softmax,
  transpose,
  type Value,
  where,
} from "../../src/graph/index.ts";

/** A graph over float64 values, and feeds for it; the symbol B is 3. */
export interface Sample {
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, RefArray>>;
}

const symbols = new Map([["B", 3]]);
const inputShapes: readonly (readonly Dim[])[] = [["B", 2], [2, 3], [], [1, 2], ["B", 2, 2], [2, 1], [3, 2]];

const bounded = ["neg", "abs", "tanh", "sigmoid", "sin", "cos", "relu", "gelu", "erf", "stopGradient", "softplus"];
const twoOperands = Object.keys(ops).filter((name) =>
  ["add", "sub", "mul", "div", "maximum", "minimum"].includes(name),
);
const folds = ["sum", "mean", "max", "min", "prod"];
const neutral = [0, 1, 1, 2, -0.5];

/** Draws numbers below a bound from one step of a sample. */
type Pick = (bound: number) => number;
/** One way to grow a pool of values; undefined where it does not fit what was drawn. */
type Step = (pool: readonly Value[], pick: Pick) => Value | undefined;

const any = (pool: readonly Value[], pick: Pick): Value => pool[pool.length - 1 - pick(pool.length)]!;
const shuffled = (rank: number, pick: Pick): number[] => {
  const left = [...Array(rank).keys()];
  return Array.from({ length: rank }, () => left.splice(pick(left.length), 1)[0]!);
};

const steps: readonly Step[] = [
  (pool, pick) => apply(bounded[pick(bounded.length)]!, [any(pool, pick)]),
  (pool, pick) => {
    const [x, y] = [any(pool, pick), any(pool, pick)];
    return fits(x, y) ? apply(twoOperands[pick(twoOperands.length)]!, [x, y]) : undefined;
  },
  (pool, pick) => {
    const number = scalar(neutral[pick(neutral.length)]!, "float64");
    const x = any(pool, pick);
    const operand = pick(2) ? broadcastTo(number, x.shape) : number;
    return apply(twoOperands[pick(4)]!, pick(2) ? [x, operand] : [operand, x]);
  },
  (pool, pick) => {
    const x = any(pool, pick);
    return apply("transpose", [x], { permutation: shuffled(x.shape.length, pick) });
  },
  (pool, pick) => {
    const x = any(pool, pick);
    const at = pick(x.shape.length + 1);
    if (at > 0 && pick(2))
      return reshape(x, [
        ...x.shape.slice(0, at - 1),
        mulDims(x.shape[at - 1]!, x.shape[at] ?? 1),
        ...x.shape.slice(at + 1),
      ]);
    return x.shape.length > 3 ? undefined : reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
  },
  (pool, pick) => {
    const x = any(pool, pick);
    return x.shape.length > 2 ? undefined : broadcastTo(x, [[2, "B", 3][pick(3)]!, ...x.shape]);
  },
  (pool, pick) => {
    const x = any(pool, pick);
    const to = x.shape.map((d, i) => (d === 1 ? [2, "B", 1][pick(3)]! : x.shape[i]!));
    return apply("broadcastTo", [x], { shape: to });
  },
  (pool, pick) => product(any(pool, pick), pool, pick),
  (pool, pick) => {
    const made = product(any(pool, pick), pool, pick);
    return made && (pick(2) ? mul(made, scalar(0.5, "float64")) : mul(scalar(3, "float64"), made));
  },
  (pool, pick) => {
    const x = any(pool, pick);
    const axes = x.shape.flatMap((_, i) => (pick(2) ? [i] : []));
    return apply(folds[pick(folds.length)]!, [x], { axes, keepDims: pick(2) === 1 });
  },
  (pool, pick) => {
    const x = any(pool, pick);
    const axis = pick(Math.max(1, x.shape.length));
    return typeof x.shape[axis] === "number" ? slice(x, axis, pick(2), 9, 1 + pick(2)) : undefined;
  },
  (pool, pick) => {
    const x = any(pool, pick);
    return x.shape.length ? concat([x, x], pick(x.shape.length)) : undefined;
  },
  (pool, pick) => {
    const x = any(pool, pick);
    return x.shape.length ? gather(x, constant(hostArray("int32", [2], [0, 0])), pick(x.shape.length)) : undefined;
  },
  (pool, pick) => {
    const x = any(pool, pick);
    return x.shape.length ? softmax(x, pick(x.shape.length)) : undefined;
  },
  (pool, pick) => {
    const [x, y] = [any(pool, pick), any(pool, pick)];
    return fits(x, y) ? where(less(x, y), x, y) : undefined;
  },
  (_pool, pick) => constant(constants[pick(constants.length)]!),
];

const constants = [
  hostArray("float64", [2], [0.5, -1]),
  hostArray("float64", [1, 3], [1, 2, 3]),
  hostArray("float64", [], [1]),
];

/** A product of x with something of the pool that fits, either perhaps seen through a transpose. */
function product(x: Value, pool: readonly Value[], pick: Pick): Value | undefined {
  const [transposeA, transposeB] = [pick(2) === 1, pick(2) === 1];
  const inner = (v: Value, last: boolean) => v.shape.at(last ? -1 : -2);
  const partners = pool.filter(
    (v) =>
      x.shape.length > 1 &&
      v.shape.length > 1 &&
      inner(x, !transposeA) === inner(v, transposeB) &&
      (x.shape.length === 2 || v.shape.length === 2 || sameShape(x.shape.slice(0, -2), v.shape.slice(0, -2))),
  );
  if (partners.length === 0) return undefined;
  const y = partners[pick(partners.length)]!;
  const alpha = [1, 0.5][pick(2)]!;
  if (pick(2)) return matmul(x, y, { transposeA, transposeB, alpha });
  const swap = (v: Value) =>
    transpose(
      v,
      [...v.shape.keys()].map((i, _, all) => all.at(i === all.length - 1 ? -2 : i === all.length - 2 ? -1 : i)!),
    );
  return pick(2)
    ? matmul(swap(x), y, { transposeA: !transposeA, transposeB, alpha })
    : matmul(x, swap(y), { transposeA, transposeB: !transposeB, alpha });
}

function fits(x: Value, y: Value): boolean {
  const rank = Math.min(x.shape.length, y.shape.length);
  return Array.from({ length: rank }, (_, i) => [x.shape.at(-1 - i)!, y.shape.at(-1 - i)!]).every(
    ([a, b]) => a === b || a === 1 || b === 1,
  );
}

const tooLarge = (v: Value): boolean => v.shape.reduce<number>((n, d) => n * evalDim(d, symbols), 1) > 200;
const isEmpty = (v: Value): boolean => v.shape.some((d) => d === 0);

/** Decodes numbers into a graph: each row of numbers is one step. */
function decode(rows: readonly (readonly number[])[]): Sample {
  const rng = random("random graph");
  const pool: Value[] = inputShapes.map((shape, i) => input(`x${i}`, "float64", shape));
  const inputs = Object.fromEntries(pool.map((v, i) => [`x${i}`, v]));
  for (const row of rows) {
    let next = 0;
    const pick: Pick = (bound) => (row[next++ % row.length] ?? 0) % bound;
    const value = steps[pick(steps.length)]!(pool, pick);
    if (value && !tooLarge(value) && !isEmpty(value)) pool.push(value);
  }
  const feeds = Object.fromEntries(
    inputShapes.map((shape, i) => {
      const sizes = shape.map((d) => evalDim(d, symbols));
      const data = new Float64Array(sizes.reduce((a, b) => a * b, 1)).map(() => rng.normal());
      return [`x${i}`, { dtype: "float64", shape: sizes, data } as RefArray];
    }),
  );
  const read = new Set(pool.flatMap((v) => v.node.inputs));
  const last = pool.slice(inputShapes.length).filter((v) => !read.has(v));
  return { graph: makeGraph(inputs, { ...Object.fromEntries(last.map((v, i) => [`y${i}`, v])), x: pool[0]! }), feeds };
}

/** Graphs of up to 40 steps; a counterexample shrinks to few. */
export const sample: fc.Arbitrary<Sample> = fc
  .array(fc.array(fc.noBias(fc.nat(5039)), { minLength: 12, maxLength: 12 }), {
    minLength: 1,
    maxLength: 40,
    size: "max",
  })
  .map(decode);
