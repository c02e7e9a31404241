// How often an answer changes when a text is about somebody else, and by how much, with intervals over texts (Garg 2019,
// arXiv:1809.10610: counterfactual fairness of text). Knows no model: it is given outputs.
import { random } from "../../base/index.ts";
import { bootstrap, wilson } from "../../eval/index.ts";
import { type Counterfactual, counterfactuals, type Edit } from "./swap.ts";

/** An answer to one text: what is said, and the numbers behind it (probabilities of labels, or a value). */
export interface TextAnswer {
  readonly said: string;
  readonly scores: ArrayLike<number>;
}

interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What became of one text on one axis. */
export interface MovedText {
  /** Whether the answer to some counterfactual is another. */
  readonly flipped: boolean;
  /** Largest change of a score. */
  readonly change: number;
}

/** What one axis showed. */
export interface AxisFlips {
  /** Texts with a word of the axis, and their counterfactuals. */
  readonly texts: number;
  readonly pairs: number;
  /** Share of these texts whose answer changes in some counterfactual. Absent for numbers. */
  readonly flipRate?: Share;
  /** Mean over texts of the largest change of a score. */
  readonly change: Share;
}

/** A pair, with where the words stand. */
export interface FlipExample {
  readonly axis: string;
  readonly text: string;
  readonly counterfactual: string;
  readonly edits: readonly Edit[];
  readonly before: string;
  readonly after: string;
  readonly change: number;
}

export interface CounterfactualFindings {
  readonly texts: number;
  /** Texts that name nobody: nothing can be asked of them. */
  readonly withoutTerm: number;
  readonly axes: Readonly<Record<string, AxisFlips>>;
  /** Of each axis its texts, in order: what {@link compareFlips} compares. */
  readonly moved: Readonly<Record<string, readonly MovedText[]>>;
  /** The pairs whose answers are furthest apart, changed answers first. */
  readonly examples: readonly FlipExample[];
}

export interface CounterfactualOptions {
  /** False for numbers, which have no answer that could flip. Default true. */
  readonly flips?: boolean;
  /** Pairs to quote. Default 5. */
  readonly examples?: number;
  readonly resamples?: number;
  readonly seed?: number | string;
}

/**
 * Asks a model about each text and its counterfactuals.
 * @param ask answers of texts, in order; `from` says which of the given texts each one is or was made of
 * @example await counterfactualFlips(["He has a cough"], ask) // { withoutTerm: 0, axes: { gender: { flipRate, change, … } }, … }
 */
export async function counterfactualFlips(
  texts: readonly string[],
  ask: (texts: readonly string[], from: readonly number[]) => Promise<readonly TextAnswer[]>,
  { flips = true, examples = 5, resamples = 1000, seed = 0 }: CounterfactualOptions = {},
): Promise<CounterfactualFindings> {
  const own = texts.map((text) => counterfactuals(text));
  const asked = own.flatMap((list, i) => (list.length ? [{ text: texts[i]!, list, from: i }] : []));
  const before = await ask(
    asked.map(({ text }) => text),
    asked.map(({ from }) => from),
  );
  const flat = asked.flatMap(({ list }) => list.map((one) => one.text));
  const origins = asked.flatMap(({ list, from }) => list.map(() => from));
  const after = flat.length ? await ask(flat, origins) : [];
  let next = 0;
  const pairs = asked.flatMap(({ text, list }, i) => list.map((one) => pairOf(text, one, before[i]!, after[next++]!)));
  const axes = [...new Set(pairs.map((pair) => pair.axis))];
  const moved = Object.fromEntries(axes.map((axis) => [axis, movedTexts(pairs.filter((pair) => pair.axis === axis))]));
  return {
    texts: texts.length,
    withoutTerm: texts.length - asked.length,
    axes: Object.fromEntries(
      axes.map((axis) => {
        const count = pairs.filter((pair) => pair.axis === axis).length;
        return [axis, axisOf(moved[axis]!, count, flips, { resamples, seed: `counterfactual ${seed} ${axis}` })];
      }),
    ),
    moved,
    examples: [...pairs]
      .sort((a, b) => Number(b.before !== b.after) - Number(a.before !== a.after) || b.change - a.change)
      .slice(0, examples),
  };
}

const pairOf = (text: string, { axis, text: other, edits }: Counterfactual, before: TextAnswer, after: TextAnswer) => ({
  axis,
  text,
  counterfactual: other,
  edits,
  before: before.said,
  after: after.said,
  change: Array.from(before.scores).reduce((most, score, k) => Math.max(most, Math.abs(score - after.scores[k]!)), 0),
});

/** One entry a text, whatever number of counterparts it has. */
function movedTexts(pairs: readonly FlipExample[]): MovedText[] {
  const byText = new Map<string, MovedText>();
  for (const { text, before, after, change } of pairs) {
    const known = byText.get(text);
    byText.set(text, {
      flipped: before !== after || (known?.flipped ?? false),
      change: Math.max(change, known?.change ?? 0),
    });
  }
  return [...byText.values()];
}

function axisOf(
  all: readonly MovedText[],
  pairs: number,
  flips: boolean,
  { resamples, seed }: { resamples: number; seed: string },
): AxisFlips {
  const flipped = all.filter((each) => each.flipped).length;
  const rate = wilson(flipped, all.length);
  const mean = (rows: Int32Array) => rows.reduce((sum, row) => sum + all[row]!.change, 0) / rows.length;
  const { estimate, low, high } = bootstrap(mean, all.length, {
    random: random(seed),
    resamples,
    method: "percentile",
  });
  return {
    texts: all.length,
    pairs,
    ...(flips ? { flipRate: { value: rate.estimate, low: rate.low, high: rate.high } } : {}),
    change: { value: estimate, low, high },
  };
}
