// Judges methods by the orders in which they put the parts of inputs: faithfulness beside a random order, and whether the explanations
// depend on what the model has learned (Adebayo 2018, arXiv:1810.03292). Knows no model and no kind of part.
import { type Random, shuffle } from "../base/index.ts";
import { type MeanScore, meansOf, spearman } from "../eval/index.ts";
import { type Faithfulness, rankWords } from "./faithfulness.ts";
import type { ExplanationMethod } from "./methods.ts";

/** How a method did. Means over inputs with bootstrap intervals. */
export interface MethodJudgement extends Readonly<Record<keyof Faithfulness, MeanScore>> {
  /** AOPC less that of a random order of the parts of the same input: above 0 where the method knows more than nothing. */
  readonly aboveRandom: MeanScore;
  /**
   * Rank correlation of attributions, signs included, with those of the model of random weights for the same label: near 0 where they depend
   * on learning. Of saliency and rollout, which have no sign, that of their sizes.
   */
  readonly randomised?: MeanScore;
  /** The same for each part of the model that is drawn anew, the head first; a method that stays near 1 does not look at that part. */
  readonly cascade?: Readonly<Record<string, MeanScore>>;
  /** Inputs that the method refused to explain (integrated gradients that do not add up). */
  readonly refused: number;
}

export interface Judgement<Method extends string = ExplanationMethod> {
  readonly methods: Readonly<Partial<Record<Method, MethodJudgement>>>;
  /** Of random orders. */
  readonly random: Readonly<Record<keyof Faithfulness, MeanScore>>;
  /** Inputs that were explained. */
  readonly rows: number;
}

export interface JudgementOptions<Method extends string = string> {
  readonly methods: readonly Method[];
  /** Inputs that are explained of randomised models too: the first so many. Default 20. */
  readonly randomRows?: number;
  /** Random orders of the parts of each input. Default 5. */
  readonly orders?: number;
  readonly resamples: number;
  readonly rng: Random;
  /** Told after each method. */
  readonly onMethod?: (done: number) => void;
}

/** A contribution for each part of an input; undefined where the method refuses. */
type Values<Method> = (item: number, method: Method) => Promise<ArrayLike<number> | undefined>;

/** Inputs whose parts can be hidden. */
export interface JudgedInputs<Method extends string> {
  /** Parts of each input. */
  readonly sizes: readonly number[];
  faithfulness(
    orders: readonly { readonly item: number; readonly order: readonly number[] }[],
  ): Promise<Faithfulness[]>;
  readonly values: Values<Method>;
  /** The same of models of which a part was drawn anew, the head first and all last. */
  readonly random: readonly { readonly part: string; readonly values: Values<Method> }[];
}

const measures = ["comprehensiveness", "sufficiency", "aopc", "aopcSufficiency"] as const;

/** Explains every input by every method and measures the explanations. */
export async function judgeInputs<Method extends string>(
  { sizes, faithfulness, values, random }: JudgedInputs<Method>,
  { methods, orders = 5, randomRows = 20, resamples, rng, onMethod }: JudgementOptions<Method>,
): Promise<Judgement<Method>> {
  const interval = (columns: readonly ArrayLike<number>[], name: string) =>
    meansOf(columns, { resamples, random: rng.split(name) });
  const drawn = sizes.flatMap((size, item) =>
    Array.from({ length: orders }, (_, k) => ({
      item,
      order: shuffle(
        Array.from({ length: size }, (_, part) => part),
        rng.split(`order ${item} ${k}`),
      ),
    })),
  );
  const orderScores = await faithfulness(drawn);
  const byChance = sizes.map((_, i) => meanOf(orderScores.slice(i * orders, (i + 1) * orders)));
  const chance = interval(
    measures.map((m) => byChance.map((f) => f[m])),
    "chance",
  );
  const judged: Partial<Record<Method, MethodJudgement>> = {};
  for (const [k, method] of methods.entries()) {
    const explained = await each(sizes.length, (item) => values(item, method));
    const kept = explained.flatMap((found, item) => (found ? [{ item, order: rankWords(found) }] : []));
    const found = await faithfulness(kept);
    const columns = measures.map((m) => found.map((f) => f[m]));
    const above = found.map((f, j) => f.aopc - byChance[kept[j]!.item]!.aopc);
    const scores = interval([...columns, above], method);
    const cascade: Record<string, MeanScore> = {};
    for (const { part, values: otherValues } of random) {
      const again = await each(Math.min(randomRows, sizes.length), (item) => otherValues(item, method));
      const correlations = again.map((theirs, item) => alike(explained[item], theirs));
      if (!correlations.every(Number.isNaN)) cascade[part] = interval([correlations], `${method} ${part}`)[0]!;
    }
    judged[method] = {
      ...named(scores),
      aboveRandom: scores[measures.length]!,
      ...(Object.keys(cascade).length && { randomised: Object.values(cascade).at(-1)!, cascade }),
      refused: sizes.length - kept.length,
    };
    onMethod?.(k + 1);
  }
  return { methods: judged, random: named(chance), rows: sizes.length };
}

async function each<T>(count: number, work: (item: number) => Promise<T>): Promise<T[]> {
  const out: T[] = [];
  for (let item = 0; item < count; item++) out.push(await work(item));
  return out;
}

/** Rank correlation of attributions; NaN where there is none, or too few parts, or one is constant. */
const alike = (ours: ArrayLike<number> | undefined, theirs: ArrayLike<number> | undefined): number =>
  ours && theirs && ours.length >= 3 ? spearman(ours, theirs) : Number.NaN;

const named = (scores: readonly MeanScore[]) =>
  Object.fromEntries(measures.map((m, k) => [m, scores[k]!])) as Record<keyof Faithfulness, MeanScore>;

const meanOf = (all: readonly Faithfulness[]) =>
  Object.fromEntries(
    measures.map((m) => [m, all.reduce((sum, f) => sum + f[m], 0) / all.length]),
  ) as unknown as Faithfulness;
