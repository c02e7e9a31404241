// Shapley values of a game over words (Shapley 1953; Lundberg 2017, arXiv:1705.07874): exact for few words, else Owen values over
// halves of the text with a budget, as SHAP's partition explainer. Knows no model: the game is a function of sets.
import { ConcordError } from "../base/index.ts";

/** What is said when the words of each set are shown (1) and all others hidden (0), in order. */
export type Game = (shown: readonly Uint8Array[]) => Promise<ArrayLike<number>>;

export interface ShapleyOptions {
  /** Up to this many words every set is asked. Default 10, at most 16. */
  readonly exactUpTo?: number;
  /** Most sets to ask beyond that. Default 500. */
  readonly evaluations?: number;
  /** Word before which the text is parted first (a pair's second text). Default the middle. */
  readonly split?: number;
}

export interface ShapleyValues {
  /** One a word; they add up to `full` − `empty`. */
  readonly values: Float64Array;
  /** What the game gives with every word and with none. */
  readonly full: number;
  readonly empty: number;
  /** True where every set was asked. */
  readonly exact: boolean;
  readonly evaluations: number;
}

/**
 * Shapley values of `size` words.
 * @throws E_ARGUMENT for options out of range
 * @example await shapleyValues(2, async (sets) => sets.map((s) => 3 * s[0]! - s[1]!)) // values 3, −1
 */
export async function shapleyValues(size: number, game: Game, options: ShapleyOptions = {}): Promise<ShapleyValues> {
  const { exactUpTo = 10, evaluations = 500, split } = options;
  if (
    !(
      Number.isInteger(exactUpTo) &&
      exactUpTo >= 0 &&
      exactUpTo <= 16 &&
      Number.isInteger(evaluations) &&
      evaluations >= 2
    )
  )
    throw new ConcordError("E_ARGUMENT", {
      operation: "shap",
      problem: "an option is out of range",
      expected: "exactUpTo 0 … 16, evaluations 2, 3, …",
      got: `${exactUpTo}, ${evaluations}`,
    });
  return size <= Math.max(1, exactUpTo) ? exactValues(size, game) : owenValues(size, game, evaluations, split);
}

/** φᵢ = Σ_S |S|!(n − |S| − 1)!/n! · (v(S ∪ i) − v(S)). */
async function exactValues(size: number, game: Game): Promise<ShapleyValues> {
  const count = 2 ** size;
  const sets = Array.from({ length: count }, (_, s) => Uint8Array.from({ length: size }, (_, i) => (s >> i) & 1));
  const v = await game(sets);
  const share = new Float64Array(size); // by the size of S
  for (let k = 0; k < size; k++) share[k] = k === 0 ? 1 / size : (share[k - 1]! * k) / (size - k);
  const values = new Float64Array(size);
  for (let s = 0; s < count; s++) {
    const members = sets[s]!.reduce((a, b) => a + b, 0);
    for (let i = 0; i < size; i++) if (!((s >> i) & 1)) values[i]! += share[members]! * (v[s | (1 << i)]! - v[s]!);
  }
  return { values, full: v[count - 1]!, empty: v[0]!, exact: true, evaluations: count };
}

/** Words from … to (exclusive) whose joint worth in a context is known, and how much it counts. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly context: Uint8Array;
  readonly without: number;
  readonly with: number;
  readonly weight: number;
}

const atOnce = 8; // spans parted together: one batch for the model

/** Owen values over a binary tree of halves: the span that matters most is parted next, until the budget is spent. */
async function owenValues(size: number, game: Game, budget: number, split: number | undefined): Promise<ShapleyValues> {
  const values = new Float64Array(size);
  const none = new Uint8Array(size);
  const all = new Uint8Array(size).fill(1);
  const [empty, full] = Array.from(await game([none, all])) as [number, number];
  let used = 2;
  let open: Span[] = [{ from: 0, to: size, context: none, without: empty, with: full, weight: 1 }];
  const settle = (span: Span) => {
    const each = (span.weight * (span.with - span.without)) / (span.to - span.from);
    for (let i = span.from; i < span.to; i++) values[i]! += each;
  };
  const worth = (s: Span) => s.weight * Math.abs(s.with - s.without) * (s.to - s.from);
  while (open.length) {
    open.sort((a, b) => worth(b) - worth(a) || a.from - b.from);
    const parted = open.slice(0, Math.min(atOnce, Math.floor((budget - used) / 2)));
    if (parted.length === 0) break;
    open = open.slice(parted.length);
    const pairs = parted.map((span) => halves(span, split));
    const answers = await game(pairs.flatMap(({ left, right }) => [left, right]));
    used += 2 * parted.length;
    parted.forEach((span, k) => {
      const { middle, left, right } = pairs[k]!;
      const [onlyLeft, onlyRight] = [answers[2 * k]!, answers[2 * k + 1]!];
      const half = span.weight / 2;
      const children: Span[] = [
        { from: span.from, to: middle, context: span.context, without: span.without, with: onlyLeft, weight: half },
        { from: span.from, to: middle, context: right, without: onlyRight, with: span.with, weight: half },
        { from: middle, to: span.to, context: span.context, without: span.without, with: onlyRight, weight: half },
        { from: middle, to: span.to, context: left, without: onlyLeft, with: span.with, weight: half },
      ];
      for (const child of children)
        if (child.to - child.from === 1) settle(child);
        else open.push(child);
    });
  }
  open.forEach(settle); // what was not parted is shared out evenly
  return { values, full, empty, exact: false, evaluations: used };
}

function halves({ from, to, context }: Span, split: number | undefined) {
  const middle = split !== undefined && split > from && split < to ? split : from + Math.ceil((to - from) / 2);
  const [left, right] = [context.slice(), context.slice()];
  left.fill(1, from, middle);
  right.fill(1, middle, to);
  return { middle, left, right };
}
