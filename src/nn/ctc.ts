// Connectionist temporal classification (Graves 2006): −ln p(target | frames), summed over all alignments in log space.
// The recursion over frames is unrolled, so the number of frames is a number, not a symbol.
import { hostArray } from "../base/index.ts";
import {
  add,
  and,
  broadcastTo,
  concat,
  constant,
  equal,
  exp,
  gatherElements,
  greater,
  less,
  log,
  maximum,
  mul,
  neg,
  not,
  or,
  pad,
  reshape,
  scope,
  slice,
  stopGradient,
  sub,
  type Value,
  where,
} from "../graph/index.ts";
import { select } from "./arrange.ts";

/** ln 0, but finite: sums of it do not become NaN, and adding any log-probability leaves it as it is. */
const impossible = -1e30;

export interface CtcOptions {
  /** Class that means "no label". Default 0. */
  readonly blank?: number;
  /** An infeasible target (more labels than frames) costs 0 instead of Infinity, without a gradient. Default false. */
  readonly zeroInfinity?: boolean;
}

const int32 = (shape: readonly number[], data: readonly number[]): Value => constant(hostArray("int32", shape, data));

/** ln(eᵃ + eᵇ + eᶜ). */
function logSum(parts: readonly Value[]): Value {
  const top = stopGradient(parts.reduce(maximum));
  return add(log(parts.map((p) => exp(sub(p, top))).reduce(add)), top);
}

/**
 * CTC loss per example.
 * @param logProbabilities [T, B, C], T a number
 * @param targets int32 [B, S]; what lies beyond a target's length is not read
 * @param inputLengths int32 [B], 1 … T @param targetLengths int32 [B], 0 … S
 * @returns [B]
 */
export function ctcLoss(
  logProbabilities: Value,
  targets: Value,
  inputLengths: Value,
  targetLengths: Value,
  { blank = 0, zeroInfinity = false }: CtcOptions = {},
): Value {
  const frames = logProbabilities.shape[0] as number;
  const batch = logProbabilities.shape[1]!;
  const longest = targets.shape[1] as number;
  const width = 2 * longest + 1;
  const column = (v: Value) => reshape(v, [batch, 1]);
  const place = int32([1, width], [...Array(width).keys()]);
  const lengths = column(targetLengths);
  // labels with blanks around each: – a – b –
  const valid = less(int32([1, longest], [...Array(longest).keys()]), lengths);
  const known = reshape(where(valid, targets, blank), [batch, longest, 1]);
  const blanks = (count: number) => broadcastTo(int32([], [blank]), [batch, count, 1]);
  const pairs = reshape(concat([blanks(longest), known], 2), [batch, 2 * longest]);
  const labels = concat([pairs, reshape(blanks(1), [batch, 1])], 1); // [B, 2S + 1]
  // a path may skip the blank between two different labels
  const before = slice(pad(labels, 1, 2, 0, blank), 1, 0, width);
  const skips = and(not(equal(labels, before)), not(equal(labels, blank)));
  const shifted = (v: Value, by: number) => slice(pad(v, 1, by, 0, impossible), 1, 0, width);
  const start = less(place, 2);
  const reachable = or(equal(place, 0), and(start, greater(lengths, 0)));
  const scores = (t: number) => gatherElements(select(logProbabilities, 0, t), labels, 1);
  const paths = scope("ctc", () => {
    let alpha = where(reachable, scores(0), impossible);
    for (let t = 1; t < frames; t++) {
      const skipped = where(skips, shifted(alpha, 2), impossible);
      const next = add(logSum([alpha, shifted(alpha, 1), skipped]), scores(t));
      alpha = where(less(int32([], [t]), column(inputLengths)), next, alpha);
    }
    return alpha;
  });
  const at = (index: Value) => gatherElements(paths, index, 1);
  const end = mul(lengths, 2);
  const nonEmpty = greater(lengths, 0);
  const total = logSum([at(end), where(nonEmpty, at(where(nonEmpty, sub(end, 1), 0)), impossible)]);
  const loss = neg(reshape(total, [batch]));
  return where(less(loss, -impossible / 2), loss, zeroInfinity ? 0 : Number.POSITIVE_INFINITY);
}
