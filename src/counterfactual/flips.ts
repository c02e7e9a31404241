// How often an answer changes when a text is about somebody else, and by how much, with intervals over texts (Garg 2019,
// arXiv:1809.10610: counterfactual fairness of text), beside what neutral rewording of the same texts does. Knows no model: it is given outputs.
import { type AxisFlips, axisFlips, type MovedText } from "./axis-flips.ts";
import { placebo } from "./placebo.ts";
import { type Counterfactual, counterfactualAxes, type Edit, swaps } from "./swap.ts";

/** An answer to one text: what is said, and the numbers behind it (probabilities of labels, or a value). */
export interface TextAnswer {
  readonly answer: string;
  readonly scores: ArrayLike<number>;
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
  /** Texts that name somebody and are not asked, because an exchange could say something else or contradict itself. */
  readonly leftOut: number;
  /** How often each rule exchanged a word. */
  readonly rules: Readonly<Record<string, number>>;
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
  /** Default {@link counterfactualAxes}. */
  readonly axes?: readonly string[];
  /** Unit (patient) of each text: intervals redraw units. */
  readonly clusters?: readonly string[];
}

/**
 * Asks a model about each text, its counterfactuals, and the text in neutral other words.
 * @param ask answers of texts, in order; `from` says which of the given texts each one is or was made of
 * @example await counterfactualFlips(["He has a cough"], ask) // { withoutTerm: 0, axes: { gender: { flipRate, change, … } }, … }
 */
export async function counterfactualFlips(
  texts: readonly string[],
  ask: (texts: readonly string[], from: readonly number[]) => Promise<readonly TextAnswer[]>,
  options: CounterfactualOptions = {},
): Promise<CounterfactualFindings> {
  const { flips = true, examples = 5, axes: wanted = counterfactualAxes, clusters } = options;
  const swapped = texts.map((text) => swaps(text, wanted));
  const asked = swapped.flatMap(({ made }, from) => (made.length ? [{ text: texts[from]!, made, from }] : []));
  const pairs = await askedPairs(asked, ask);
  const axes = [...new Set(pairs.map((pair) => pair.axis))];
  const moved = Object.fromEntries(
    axes.map((axis) => [
      axis,
      movedTexts(
        pairs.filter((pair) => pair.axis === axis),
        clusters,
      ),
    ]),
  );
  const rules: Record<string, number> = {};
  for (const { rule } of pairs.flatMap((pair) => pair.edits)) rules[rule] = (rules[rule] ?? 0) + 1;
  return {
    texts: texts.length,
    withoutTerm: swapped.filter(({ made, unsure }) => made.length + unsure.length === 0).length,
    leftOut: swapped.filter(({ made, unsure }) => made.length === 0 && unsure.length > 0).length,
    rules,
    axes: Object.fromEntries(axes.map((axis) => [axis, axisFlips(moved[axis]!, flips)])),
    moved,
    examples: [...pairs]
      .sort((a, b) => Number(b.before !== b.after) - Number(a.before !== a.after) || b.change - a.change)
      .slice(0, examples)
      .map(({ from: _, placebo: __, ...example }) => example),
  };
}

interface Asked {
  readonly text: string;
  readonly made: readonly Counterfactual[];
  readonly from: number;
}
interface Pair extends FlipExample {
  readonly from: number;
  /** Of the text in neutral other words, as many as the pair exchanges; absent where it has none. */
  readonly placebo?: { readonly flipped: boolean; readonly change: number };
}

/** All texts are asked in three calls: as they are, about somebody else, in other words. */
async function askedPairs(
  asked: readonly Asked[],
  ask: (texts: readonly string[], from: readonly number[]) => Promise<readonly TextAnswer[]>,
): Promise<Pair[]> {
  const answers = async (rows: readonly { readonly text: string; readonly from: number }[]) =>
    rows.length
      ? ask(
          rows.map(({ text }) => text),
          rows.map(({ from }) => from),
        )
      : [];
  const before = new Map((await answers(asked)).map((answer, i) => [asked[i]!.from, answer]));
  const others = asked.flatMap(({ text, made, from }) =>
    made.map((one) => ({ original: text, one, text: one.text, from })),
  );
  const after = await answers(others);
  const reworded = asked.flatMap(({ text, made, from }) =>
    [...new Map(made.map((one) => [one.axis, one.edits.length]))].flatMap(([axis, count]) => {
      const other = placebo(text, count)?.text;
      return other === undefined ? [] : [{ text: other, from, axis }];
    }),
  );
  const neutral = new Map(
    (await answers(reworded)).map((answer, i) => [`${reworded[i]!.from} ${reworded[i]!.axis}`, answer]),
  );
  return others.map(({ original, one, from }, i) => {
    const [first, other] = [before.get(from)!, neutral.get(`${from} ${one.axis}`)];
    return {
      axis: one.axis,
      text: original,
      counterfactual: one.text,
      edits: one.edits,
      before: first.answer,
      after: after[i]!.answer,
      change: farthest(first, after[i]!),
      from,
      placebo: other && { flipped: other.answer !== first.answer, change: farthest(first, other) },
    };
  });
}

const farthest = (one: TextAnswer, other: TextAnswer): number =>
  Array.from(one.scores).reduce((most, score, k) => Math.max(most, Math.abs(score - other.scores[k]!)), 0);

/** One entry a text, whatever number of counterparts it has. */
function movedTexts(pairs: readonly Pair[], clusters: readonly string[] | undefined): MovedText[] {
  const byText = new Map<number, Pair[]>();
  for (const pair of pairs) byText.set(pair.from, [...(byText.get(pair.from) ?? []), pair]);
  return [...byText].map(([from, flips]) => {
    const changes = flips.map(({ change }) => change);
    const flipped = flips.filter(({ before, after }) => before !== after).length;
    return {
      flipped: flipped > 0,
      change: Math.max(...changes),
      pairs: flips.length,
      flippedShare: flipped / flips.length,
      meanChange: changes.reduce((a, b) => a + b, 0) / flips.length,
      placebo: flips[0]!.placebo,
      cluster: clusters?.[from],
    };
  });
}
