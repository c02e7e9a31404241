// What membership attacks read off a model: how sure it is of a row's own label, alone or against reference models that were
// trained without the row. Pure.
import { normalCdf } from "../eval/index.ts";

/** Models trained as the attacked one, each attacked row in half of them, as attackers train them. */
export interface References {
  /** [K][N] Signal of each row under each model. */
  readonly signals: readonly ArrayLike<number>[];
  /** [K][N] 1 where the model was trained on the row. */
  readonly trained: readonly ArrayLike<number>[];
}

/**
 * log(p / (1 − p)) of the probability of a row's own label: close to normal over models (Carlini 2022, arXiv:2112.03570).
 * @param logits [C] @param label index of the row's own class
 */
export function logitOfLabel(logits: ArrayLike<number>, label: number): number {
  let others = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < logits.length; k++) if (k !== label) others = logAdd(others, logits[k]!);
  return logits[label]! - others;
}

const logAdd = (a: number, b: number): number =>
  a === Number.NEGATIVE_INFINITY ? b : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** For each row, its signals under the models that were not trained on it. */
function outsideSignals({ signals, trained }: References, row: number): number[] {
  return signals.flatMap((values, k) => (trained[k]![row] ? [] : [values[row]!]));
}

/**
 * RMIA, offline (Zarifzadeh 2024, arXiv:2312.03262): how much more likely the row is under the model than in general, compared with
 * rows drawn from the population.
 * @param signals [N] logit of the own label under the attacked model @param population numbers of rows that are not in its training
 * @param gamma threshold of the pairwise ratio. Default 1 @param mix `a` of the paper: how far a model trained on the row would move. Default 0.3
 * @returns [N] share of the population that the row dominates
 */
export function rmiaScores(
  signals: ArrayLike<number>,
  references: References,
  population: readonly number[],
  { gamma = 1, mix = 0.3 } = {},
): Float64Array {
  const ratios = Float64Array.from(signals, (signal, row) => {
    const outside = outsideSignals(references, row).map(sigmoid);
    const mean = outside.reduce((a, b) => a + b, 0) / Math.max(1, outside.length);
    const general = 0.5 * ((1 + mix) * mean + (1 - mix));
    return sigmoid(signal) / Math.max(1e-12, general);
  });
  const base = Float64Array.from(population, (row) => ratios[row]!).sort();
  return ratios.map((ratio) => share(base, ratio / gamma));
}

/** Share of ascending values that are at most x. */
function share(sorted: Float64Array, x: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low / Math.max(1, sorted.length);
}

/**
 * LiRA, offline (Carlini 2022): how far the signal lies above those of models that were not trained on the row. With fewer than
 * eight such models a row's own spread says little, and the spread of all rows together is taken.
 * @returns [N] 0 … 1
 */
export function liraScores(signals: ArrayLike<number>, references: References): Float64Array {
  const outside = Array.from(signals, (_, row) => outsideSignals(references, row));
  const means = outside.map((values) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length));
  const squares = outside.map((values, row) => values.reduce((a, b) => a + (b - means[row]!) ** 2, 0));
  const freedom = outside.reduce((n, values) => n + Math.max(0, values.length - 1), 0);
  const pooled = Math.sqrt(squares.reduce((a, b) => a + b, 0) / Math.max(1, freedom)) || 1;
  return Float64Array.from(signals, (signal, row) => {
    const { length } = outside[row]!;
    const spread = length >= 8 ? Math.sqrt(squares[row]! / (length - 1)) || pooled : pooled;
    return normalCdf((signal - means[row]!) / (spread * Math.sqrt(1 + 1 / Math.max(1, length))));
  });
}
