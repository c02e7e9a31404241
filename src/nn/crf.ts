// Linear-chain conditional random field (Lafferty 2001): −ln p(labels | scores) of each sequence. The forward recursion is a product
// of matrices, one a position, taken in pairs, then pairs of pairs (as in Rush 2020, arXiv:2002.00876): the graph has as many levels
// as the longest sequence has bits, and sequences of all lengths are packed. Knows no words and no names of labels.
import { type HostArray, hostArray } from "../base/index.ts";
import {
  add,
  concat,
  constant,
  div,
  exp,
  gather,
  type InputSpec,
  log,
  matmul,
  max,
  maximum,
  moveRows,
  mul,
  reshape,
  scope,
  slice,
  stopGradient,
  sub,
  sum,
  type Value,
} from "../graph/index.ts";

/** Levels that sequences of up to so many positions need. @example chainLevels(64) // 6 */
export const chainLevels = (longest: number): number => Math.max(1, Math.ceil(Math.log2(Math.max(2, longest))));

/** Size of level k, P1, P2 …: what is left of the positions of all sequences after k halvings; one each at the end. */
const dim = (level: number, levels: number): string => (level === levels ? "B" : `P${level}`);

/** Most matrices at each level of sequences that have so many positions together. */
export const chainSizes = (positions: number, sequences: number): [string, number][] =>
  Array.from({ length: 32 }, (_, k) => [`P${k + 1}`, Math.ceil(positions / 2 ** (k + 1)) + sequences]);

/** Inputs that lay sequences out: M positions of all, B sequences. */
export function chainSpecs(levels: number): Record<string, InputSpec> {
  const specs: Record<string, InputSpec> = {
    "chain.kinds": ["float32", ["M", 2]],
    "chain.pairs": ["int32", ["M"]],
    "chain.ends": ["int32", ["B"]],
  };
  for (let k = 1; k <= levels; k++) {
    const [from, to] = [k === 1 ? "M" : dim(k - 1, levels), dim(k, levels)];
    specs[`chain.${k}.index`] = ["int32", [to, 2]];
    specs[`chain.${k}.inverse`] = ["int32", [from]];
    specs[`chain.${k}.alone`] = ["float32", [to, 1]];
  }
  return specs;
}

/**
 * Feeds of {@link chainSpecs}.
 * @param sequences label numbers of each, in order; a sequence may be empty
 * @param labels how many there are
 */
export function packChains(
  sequences: readonly (readonly number[])[],
  labels: number,
  levels: number,
): Record<string, HostArray> {
  const all = sequences.flatMap((tags) => tags.map((tag, i) => ({ tag, before: i === 0 ? labels : tags[i - 1]! })));
  const out: Record<string, HostArray> = {
    "chain.kinds": hostArray(
      "float32",
      [all.length, 2],
      Float32Array.from(all.flatMap(({ before }) => (before === labels ? [0, 1] : [1, 0]))),
    ),
    "chain.pairs": hostArray(
      "int32",
      [all.length],
      Int32Array.from(all, ({ tag, before }) => before * labels + tag),
    ),
    "chain.ends": hostArray(
      "int32",
      [sequences.length],
      Int32Array.from(sequences, (tags) => (labels + 1) * labels + (tags.at(-1) ?? 0)),
    ),
  };
  let counts = sequences.map((tags) => tags.length);
  for (let k = 1; k <= levels; k++) {
    const total = counts.reduce((a, b) => a + b, 0);
    const halves = counts.map((n) => Math.max(1, Math.ceil(n / 2)));
    const size = halves.reduce((a, b) => a + b, 0);
    const index = new Int32Array(2 * size).fill(total); // the row of zeros
    const inverse = new Int32Array(total);
    const alone = new Float32Array(size).fill(1); // until it has a right neighbour
    let [row, place] = [0, 0];
    for (const [s, n] of counts.entries()) {
      for (let i = 0; i < n; i++, row++) {
        const at = 2 * place + i;
        [index[at], inverse[row]] = [row, at];
        if (i % 2 === 1) alone[place + (i - 1) / 2] = 0;
      }
      place += halves[s]!;
    }
    out[`chain.${k}.index`] = hostArray("int32", [size, 2], index);
    out[`chain.${k}.inverse`] = hostArray("int32", [total], inverse);
    out[`chain.${k}.alone`] = hostArray("float32", [size, 1], alone);
    counts = halves;
  }
  return out;
}

/** Where the labelled positions of a sequence lie, as row targets have it. */
export interface ChainRows {
  /** int32 [B, K] → rows of [M], M where there is none; and back, int32 [M]. */
  readonly slots: Value;
  readonly places: Value;
}

/**
 * −ln p of each sequence's own labels, [B]; finite, and without a gradient to scores, for an empty one.
 * @param scores of labels at each position, [M, L]
 * @param transitions [L + 2, L]: from label to label, from the start, to the end
 * @param values of {@link chainSpecs}
 * @param tags own label of each position, int32 [M]
 * @example crfLoss(logits, transitions, values, labels, { slots, places }, chainLevels(128))
 */
export function crfLoss(
  scores: Value,
  transitions: Value,
  values: Readonly<Record<string, Value>>,
  tags: Value,
  { slots, places }: ChainRows,
  levels: number,
): Value {
  const labels = scores.shape[1] as number;
  const flat = reshape(transitions, [(labels + 2) * labels]);
  const gold = scope("own labels", () => {
    const picked = sum(mul(scores, oneHot(tags, labels)), { axes: [1] }); // [M]
    const own = add(picked, gather(flat, values["chain.pairs"]!));
    const blocks = moveRows(reshape(own, [own.shape[0]!, 1]), slots, places, { inverseComplete: true }); // [B, K, 1]
    return add(sum(blocks, { axes: [1, 2] }), gather(flat, values["chain.ends"]!));
  });
  return scope("all labels", () => sub(partition(scores, transitions, values, labels, levels), gold));
}

/** int32 [M] → float32 [M, L]. */
const oneHot = (tags: Value, labels: number): Value => gather(identity(labels, [labels, labels]), tags);

function identity(labels: number, shape: readonly number[]): Value {
  const data = new Float32Array(labels * labels);
  for (let i = 0; i < labels; i++) data[i * labels + i] = 1;
  return constant(hostArray("float32", shape, data));
}

/** ln Σ over all sequences of labels of e^score, [B]. */
function partition(
  scores: Value,
  transitions: Value,
  values: Readonly<Record<string, Value>>,
  labels: number,
  levels: number,
): Value {
  const square = labels * labels;
  // e^transitions by kind of position: [2, L·L], a row for those after a label and one for the first, and what they were divided by
  const part = (from: number, to: number) => slice(transitions, 0, from, to);
  const [table, start, end] = [part(0, labels), part(labels, labels + 1), part(labels + 1, labels + 2)];
  const [topT, topS, topE] = [table, start, end].map((x) => stopGradient(max(x, { keepDims: true }))) as [
    Value,
    Value,
    Value,
  ];
  const first = mul(
    exp(sub(start, topS)),
    constant(hostArray("float32", [labels, 1], new Float32Array(labels).fill(1))),
  );
  const kinds = concat([reshape(exp(sub(table, topT)), [1, square]), reshape(first, [1, square])], 0);
  const top = stopGradient(max(scores, { axes: [1], keepDims: true })); // [M, 1]
  const rows = scores.shape[0]!;
  const seen = reshape(exp(sub(scores, top)), [rows, 1, labels]);
  const steps = mul(reshape(matmul(values["chain.kinds"]!, kinds), [rows, labels, labels]), seen); // [M, L, L]
  const scales = add(matmul(values["chain.kinds"]!, concat([topT, topS], 0)), top); // [M, 1]
  let all: Scaled = { matrices: reshape(steps, [rows, square]), scales };
  for (let k = 1; k <= levels; k++) all = paired(all, (name) => values[`chain.${k}.${name}`]!, labels);
  const forward = slice(all.matrices, 1, 0, labels); // the first position's rows are alike, so any row is the forward variable
  const weight = sum(mul(forward, exp(sub(end, topE))), { axes: [1], keepDims: true });
  const total = add(add(log(maximum(weight, least)), topE), all.scales);
  return reshape(total, [total.shape[0]!]);
}

/** Below every product that counts: what an empty sequence has instead of ln 0. */
const least = 1e-30;

/** Matrices [P, L·L], and ln of what each was divided by [P, 1]. */
interface Scaled {
  readonly matrices: Value;
  readonly scales: Value;
}

/** Neighbours multiplied, the largest entry of each product 1; a matrix without a right neighbour stays as it is. */
function paired({ matrices, scales }: Scaled, at: (name: string) => Value, labels: number): Scaled {
  const square = labels * labels;
  const move = (x: Value) => moveRows(x, at("index"), at("inverse"), { inverseComplete: true }); // [P, 2, …]
  const [both, logs] = [move(matrices), move(scales)];
  const count = both.shape[0]!;
  const side = (which: number) => reshape(slice(both, 1, which, which + 1), [count, labels, labels]);
  const [left, right] = [side(0), side(1)];
  const product = add(
    reshape(matmul(left, right), [count, square]), // 0 where there is no right one
    mul(reshape(left, [count, square]), at("alone")),
  );
  const top = stopGradient(maximum(max(product, { axes: [1], keepDims: true }), least));
  return { matrices: div(product, top), scales: add(sum(logs, { axes: [1] }), log(top)) };
}
