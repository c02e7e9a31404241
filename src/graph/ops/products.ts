// Matrix products, and the composites through which trained weights enter: linear and embed.
import { sizeOf } from "../../base/index.ts";
import type { MatMul } from "../build.ts";
import { add, cast, equal, gather, matmul, mul, not, reshape, scalar, scatterSum, sum, where } from "../build.ts";
import { broadcastShapes, type Dim, sizeOfDims } from "../dims.ts";
import type { Op, TensorType, Value } from "../value.ts";
import { at, broadcastStrides, eachIndex, refArray } from "./reference.ts";
import { rowSumNorm, sumTo, wantDtype } from "./rules.ts";

type MatMulAttrs = Required<MatMul> & { readonly [key: string]: boolean | number };

/** Rows and columns of the last two axes, after the transpose flag. */
const matrix = (shape: readonly Dim[], transposed: boolean): [rows: Dim, columns: Dim] =>
  transposed ? [shape.at(-1)!, shape.at(-2)!] : [shape.at(-2)!, shape.at(-1)!];

/** All rows of x as one matrix [N, width]. */
const asRows = (x: Value): Value => reshape(x, [sizeOfDims(x.shape.slice(0, -1)), x.shape.at(-1)!]);

/**
 * True where a gradient [out, in] per example costs less than two Gram matrices [S, S] of some 64 rows: S²·(in + out) against
 * S·in·out products. Adapters are thin, and so are small heads.
 */
const isThin = ({ shape }: TensorType): boolean => {
  const [outs, ins] = shape as [number, number];
  return outs * ins <= 64 * (outs + ins);
};

/** ‖dyᵀx‖² of each example [B] from blocks [B, S, out] and [B, S, in]: the product itself where it is thin, else two Gram matrices. */
function outerNorm(dy: Value, x: Value, weight: TensorType): Value {
  if (isThin(weight)) {
    const each = matmul(dy, x, { transposeA: true });
    return sum(mul(each, each), { axes: [1, 2] });
  }
  return sum(mul(matmul(x, x, { transposeB: true }), matmul(dy, dy, { transposeB: true })), { axes: [1, 2] });
}

/** (f∘a)ᵀ·b = aᵀ·(f∘b) of rows [N, ..]: the thinner side is scaled. */
function weightedOuter(a: Value, b: Value, factors: Value): Value {
  return Number(a.shape[1]) < Number(b.shape[1])
    ? matmul(mul(a, factors), b, { transposeA: true })
    : matmul(a, mul(b, factors), { transposeA: true });
}

export const productOps = {
  matmul: {
    doc: "alpha · a · b over the last two axes, each optionally transposed; leading axes broadcast.",
    traits: { parameters: { 1: "weight" } },
    shape: ([a, b], { transposeA, transposeB }, fail): TensorType => {
      wantDtype(a!, ["float32", "float64", "float16"], fail);
      if (a!.dtype !== b!.dtype) fail("operands have different dtypes", "one dtype", undefined, "E_DTYPE");
      if (a!.shape.length < 2 || b!.shape.length < 2)
        fail("an operand has fewer than two axes", "a [.., M, K] · b [.., K, N]", "reshape the vector to a matrix");
      const [m, k] = matrix(a!.shape, transposeA);
      const [k2, n] = matrix(b!.shape, transposeB);
      if (k !== k2)
        fail(
          "inner sizes differ",
          `a[.., K] · b[K, ..]     (${k} ≠ ${k2})`,
          n === k ? `transpose b: matmul(a, b, { transposeB: ${!transposeB} })` : undefined,
        );
      const lead = broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
      return lead
        ? { dtype: a!.dtype, shape: [...lead, m, n] }
        : fail("leading sizes do not broadcast", "equal sizes, or 1, in each leading axis");
    },
    eval: ([a, b], { transposeA, transposeB, alpha }) => {
      const [m, k] = matrix(a!.shape, transposeA) as [number, number];
      const n = matrix(b!.shape, transposeB)[1] as number;
      const lead = broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2)) as number[];
      const out = refArray([...lead, m, n], a!.dtype);
      const strideA = broadcastStrides(a!.shape.slice(0, -2), lead);
      const strideB = broadcastStrides(b!.shape.slice(0, -2), lead);
      const [rowA, colA] = transposeA ? [1, m] : [k, 1];
      const [rowB, colB] = transposeB ? [1, k] : [n, 1];
      eachIndex(lead, (index, flat) => {
        const [baseA, baseB, base] = [at(index, strideA) * m * k, at(index, strideB) * k * n, flat * m * n];
        for (let i = 0; i < m; i++)
          for (let j = 0; j < n; j++) {
            let total = 0;
            for (let p = 0; p < k; p++)
              total += a!.data[baseA + i * rowA + p * colA]! * b!.data[baseB + p * rowB + j * colB]!;
            out.data[base + i * n + j] = alpha * total;
          }
      });
      return out;
    },
    // C = α·A·B:  dA = α·dC·Bᵀ,  dB = α·Aᵀ·dC
    vjp: (g, [a, b], _y, { transposeA, transposeB, alpha }) => [
      sumTo(
        transposeA
          ? matmul(b!, g, { transposeA: transposeB, transposeB: true, alpha })
          : matmul(g, b!, { transposeB: !transposeB, alpha }),
        a!,
      ),
      sumTo(
        transposeB
          ? matmul(g, a!, { transposeA: true, transposeB: transposeA, alpha })
          : matmul(a!, g, { transposeA: !transposeA, alpha }),
        b!,
      ),
    ],
    // rows times one matrix: the linear layer of models that store [in, out]
    shared: ([, b], _which, { transposeA, alpha }) => b!.shape.length === 2 && !transposeA && alpha === 1,
    exampleNorm: ([a, b], g, _which, _attrs, { blocks }) => outerNorm(blocks(asRows(g)), blocks(asRows(a!)), b!),
    weightedGradient: ([a], g, _which, factors, { transposeB }) => {
      const [outwards, inwards] = [asRows(g), asRows(a!)];
      return transposeB ? weightedOuter(outwards, inwards, factors) : weightedOuter(inwards, outwards, factors);
    },
  } satisfies Op<MatMulAttrs>,
  linear: {
    doc: "x · Wᵀ + b with W [out, in].",
    traits: { parameters: { 1: "weight", 2: "bias" } },
    shape: ([x, weight, bias], _attrs, fail): TensorType => {
      wantDtype(x!, ["float32", "float64"], fail);
      if (weight!.shape.length !== 2 || x!.shape.length < 1 || x!.shape.at(-1) !== weight!.shape[1])
        fail(
          "the input's last size is not the weight's second",
          `x [.., in] · weight [out, in]     (${x!.shape.at(-1)} ≠ ${weight!.shape[1]})`,
        );
      if (bias && (bias.shape.length !== 1 || bias.shape[0] !== weight!.shape[0]))
        fail("the bias does not fit the weight", `bias [${weight!.shape[0]}]`);
      return { dtype: x!.dtype, shape: [...x!.shape.slice(0, -1), weight!.shape[0]!] };
    },
    eval: ([x, weight, bias]) => {
      const [outs, ins] = weight!.shape as [number, number];
      const rows = sizeOf(x!.shape.slice(0, -1));
      const out = refArray([...x!.shape.slice(0, -1), outs], x!.dtype);
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < outs; j++) {
          let total = bias ? bias.data[j]! : 0;
          for (let p = 0; p < ins; p++) total += x!.data[i * ins + p]! * weight!.data[j * ins + p]!;
          out.data[i * outs + j] = total;
        }
      return out;
    },
    // y = x·Wᵀ + b:  dx = dy·W,  dW = dyᵀ·x,  db = Σ dy
    vjp: (g, [x, weight, bias]) => {
      const rows = asRows(g);
      return [
        matmul(g.shape.length === 1 ? rows : g, weight!),
        matmul(rows, asRows(x!), { transposeA: true }),
        ...(bias ? [sum(rows, { axes: [0] })] : []),
      ].map((d, i) => (i === 0 ? reshape(d, x!.shape) : d));
    },
    decompose: ([x, weight, bias]) => {
      const product = reshape(matmul(asRows(x!), weight!, { transposeB: true }), [
        ...x!.shape.slice(0, -1),
        weight!.shape[0]!,
      ]);
      return [bias ? add(product, bias) : product];
    },
    // ‖dyᵀx‖² of one example = Σ_{s,t} (dy_s·dy_t)(x_s·x_t), or of the product itself where it is thin; of a bias ‖Σ_s dy_s‖²
    exampleNorm: ([x, weight], g, which, _attrs, { blocks }) => {
      const dy = blocks(asRows(g));
      if (which === 2) return rowSumNorm(dy);
      return outerNorm(dy, blocks(asRows(x!)), weight!);
    },
    weightedGradient: ([x, weight], g, which, factors) => {
      const [dy, rows] = [asRows(g), asRows(x!)];
      if (which === 2) return reshape(matmul(factors, dy, { transposeA: true }), [weight!.shape[0]!]);
      return weightedOuter(dy, rows, factors);
    },
    exampleRows: (_inputs, g, which) => (which === 2 ? asRows(g) : undefined),
  } satisfies Op,
  embed: {
    doc: "Rows of a table [V, H] by id (int32); the row paddingId gets no gradient from here.",
    traits: { parameters: { 0: "table" } },
    shape: ([table, ids], _attrs, fail): TensorType => {
      wantDtype(ids!, ["int32"], fail);
      if (table!.shape.length !== 2) fail("the table has not two axes", "table [V, H]");
      return { dtype: table!.dtype, shape: [...ids!.shape, table!.shape[1]!] };
    },
    eval: ([table, ids]) => {
      const width = table!.shape[1]!;
      const out = refArray([...ids!.shape, width], table!.dtype);
      for (const [row, id] of ids!.data.entries())
        out.data.set(table!.data.subarray(id * width, (id + 1) * width), row * width);
      return out;
    },
    vjp: (g, [table, ids], _y, { paddingId }) => [
      scatterSum(embedRows(g, ids!, paddingId as number | undefined), ids!, table!.shape[0]!),
      undefined,
    ],
    rowVjp: (g, [, ids], { paddingId }) => ({
      ids: reshape(ids!, [sizeOfDims(ids!.shape)]),
      rows: asRows(g),
      skipId: paddingId as number | undefined,
    }),
    decompose: ([table, ids]) => [gather(table!, ids!)],
    // rows with the same id add up: Σ_{s,t} [id_s = id_t] dy_s·dy_t
    exampleNorm: ([, ids], g, _which, { paddingId }, { blocks }) => {
      const dy = blocks(asRows(embedRows(g, ids!, paddingId as number | undefined)));
      const id = blocks(cast(add(reshape(ids!, [sizeOfDims(ids!.shape), 1]), 1), g.dtype)); // padding slots read 0: no id
      const [b, s] = [id.shape[0]!, id.shape[1]!];
      const same = cast(equal(id, reshape(id, [b, 1, s])), g.dtype);
      return sum(mul(same, matmul(dy, dy, { transposeB: true })), { axes: [1, 2] });
    },
  } satisfies Op,
};

/** Gradient rows of an embedding, with those of the padding id set to zero. */
function embedRows(g: Value, ids: Value, paddingId: number | undefined): Value {
  if (paddingId === undefined) return g;
  const keep = not(equal(reshape(ids, [...ids.shape, 1]), scalar(paddingId, "int32")));
  return where(keep, g, 0);
}
