// Judges explanation methods on a sample of texts: faithfulness beside a random order of words, and whether the explanations depend
// on what the model has learned: weights are drawn anew from the head down, and each time the same label is explained again
// (cascading randomisation, Adebayo 2018, arXiv:1810.03292).
import type { HostArray, Random } from "../base/index.ts";
import { isConcordError, shuffle } from "../base/index.ts";
import { type MeanScore, meansOf, spearman } from "../eval/index.ts";
import { headAnswers, type TextInput } from "../predict/index.ts";
import type { Asked } from "./asked.ts";
import type { Explainer, ExplainOptions, Explanation, ExplanationMethod } from "./explainer.ts";
import { type Faithfulness, faithfulness, rankWords } from "./faithfulness.ts";

/** A model's weights, drawn anew or learned. */
export type Weights = ReadonlyMap<string, HostArray<"float32">>;

/** A model of which a part has random weights. */
export interface RandomisedModel {
  /** What is random: `head`, `upper`, `all`. */
  readonly part: string;
  readonly explainer: Explainer;
}

export interface JudgeOptions extends Pick<ExplainOptions, "steps" | "evaluations" | "exactUpTo" | "baseline"> {
  readonly methods: readonly ExplanationMethod[];
  /** The same model with more and more of its weights drawn anew, the head first and all last; absent where that check is not wanted. */
  readonly random?: readonly RandomisedModel[];
  /** Texts of that check: the first so many. Default 20. */
  readonly randomRows?: number;
  /** Of calibration. Default 1. */
  readonly temperature?: number;
  /** Random orders of words of each text. Default 5. */
  readonly orders?: number;
  readonly resamples: number;
  readonly rng: Random;
  /** Told after each method. */
  readonly onMethod?: (done: number) => void;
}

/** A text that has something to explain. */
interface Judged {
  readonly text: TextInput;
  readonly question: Asked;
  readonly token?: number;
}

/** How a method did. Means over texts with bootstrap intervals. */
export interface MethodJudgement extends Readonly<Record<keyof Faithfulness, MeanScore>> {
  /** AOPC less that of a random order of the words of the same text: above 0 where the method knows more than nothing. */
  readonly aboveRandom: MeanScore;
  /**
   * Rank correlation of attributions, signs included, with those of the model of random weights for the same label: near 0 where they depend
   * on learning. Of saliency and rollout, which have no sign, that of their sizes.
   */
  readonly randomised?: MeanScore;
  /** The same for each part that is drawn anew, the head first; a method that stays near 1 does not look at that part. */
  readonly cascade?: Readonly<Record<string, MeanScore>>;
  /** Texts that the method refused to explain (integrated gradients that do not add up). */
  readonly refused: number;
}

export interface Judgement {
  readonly methods: Readonly<Partial<Record<ExplanationMethod, MethodJudgement>>>;
  /** Of random orders. */
  readonly random: Readonly<Record<keyof Faithfulness, MeanScore>>;
  readonly rows: number;
}

const measures = ["comprehensiveness", "sufficiency", "aopc", "aopcSufficiency"] as const;

/**
 * Explains every text by every method and measures the explanations. Texts without words are left out.
 * @example const { methods } = await judgeMethods(own, texts, { methods: ["shap"], resamples: 1000, rng: random(0) });
 */
export async function judgeMethods(
  modelExplainer: Explainer,
  texts: readonly TextInput[],
  options: JudgeOptions,
): Promise<Judgement> {
  const { methods, orders = 5, temperature, resamples, rng, onMethod } = options;
  const asked = await Promise.all(texts.map(async (text) => ({ text, question: await modelExplainer.question(text) })));
  const used = asked.flatMap(({ text, question }): Judged[] =>
    question ? [{ text, question, token: question.place?.token }] : [],
  );
  const interval = (columns: readonly ArrayLike<number>[], name: string) =>
    meansOf(columns, { resamples, random: rng.split(name) });
  const drawn = used.flatMap(({ question: { seen, target }, token }, i) =>
    Array.from({ length: orders }, (_, k) => {
      const order = shuffle(
        Array.from(seen.words, (_, w) => w),
        rng.split(`order ${i} ${k}`),
      );
      return { seen, target, token, order };
    }),
  );
  const orderScores = await faithfulness(modelExplainer.predictor, drawn, { temperature });
  const byChance = used.map((_, i) => meanOf(orderScores.slice(i * orders, (i + 1) * orders)));
  const chance = interval(
    measures.map((m) => byChance.map((f) => f[m])),
    "chance",
  );
  const judged: Partial<Record<ExplanationMethod, MethodJudgement>> = {};
  for (const [k, method] of methods.entries()) {
    const explained = await explainAll(modelExplainer, used, method, options);
    const kept = explained.flatMap((e, i) => (e ? [{ e, i }] : []));
    const ranked = kept.map(({ e, i }) => ({
      ...used[i]!.question,
      token: used[i]!.token,
      order: rankWords(e.words.map((w) => w.value)),
    }));
    const found = await faithfulness(modelExplainer.predictor, ranked, { temperature });
    const columns = measures.map((m) => found.map((f) => f[m]));
    const above = found.map((f, j) => f.aopc - byChance[kept[j]!.i]!.aopc);
    const scores = interval([...columns, above], method);
    const cascade: Record<string, MeanScore> = {};
    for (const { part, explainer } of options.random ?? []) {
      const correlations = await withRandomWeights(explainer, options, used, explained, method);
      if (correlations) cascade[part] = interval([correlations], `${method} ${part}`)[0]!;
    }
    judged[method] = {
      ...named(scores),
      aboveRandom: scores[measures.length]!,
      ...(Object.keys(cascade).length && { randomised: Object.values(cascade).at(-1)!, cascade }),
      refused: used.length - kept.length,
    };
    onMethod?.(k + 1);
  }
  return { methods: judged, random: named(chance), rows: used.length };
}

const named = (scores: readonly MeanScore[]) =>
  Object.fromEntries(measures.map((m, k) => [m, scores[k]!])) as Record<keyof Faithfulness, MeanScore>;

const meanOf = (all: readonly Faithfulness[]) =>
  Object.fromEntries(
    measures.map((m) => [m, all.reduce((sum, f) => sum + f[m], 0) / all.length]),
  ) as unknown as Faithfulness;

/** Explanations in order; undefined where the method refuses. */
async function explainAll(
  by: Explainer,
  texts: readonly Judged[],
  method: ExplanationMethod,
  { steps, evaluations, exactUpTo, baseline }: JudgeOptions,
): Promise<(Explanation | undefined)[]> {
  const out: (Explanation | undefined)[] = [];
  const { labels } = by.predictor.model;
  for (const { text, question } of texts) {
    const { place, seen, target } = question;
    // a model of random weights is asked about the same label, of the same word, whatever it would answer itself
    const label = headAnswers(by.predictor.model.task)?.numeric ? undefined : labels?.names[target];
    const same = { label, ...(place && { at: seen.words[place.word]!.start }) };
    out.push(
      await by.explain(text, { method, steps, evaluations, exactUpTo, baseline, ...same }).catch((fault: unknown) => {
        if (isConcordError(fault, "E_ARGUMENT")) return undefined;
        throw fault;
      }),
    );
  }
  return out;
}

/** Rank correlation of each text's attributions with those of a randomised model; NaN where one is constant. */
async function withRandomWeights(
  other: Explainer,
  { randomRows = 20, ...options }: JudgeOptions,
  texts: readonly Judged[],
  explained: readonly (Explanation | undefined)[],
  method: ExplanationMethod,
): Promise<number[] | undefined> {
  const again = await explainAll(other, texts.slice(0, randomRows), method, options);
  const out = again.map((theirs, i) => {
    const ours = explained[i];
    if (!theirs || !ours || ours.words.length < 3) return Number.NaN;
    const values = (e: Explanation) => e.words.map((w) => w.value);
    return spearman(values(ours), values(theirs));
  });
  return out.every(Number.isNaN) ? undefined : out;
}
