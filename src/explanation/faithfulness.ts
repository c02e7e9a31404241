// How faithful attributions are (ERASER, DeYoung 2020, arXiv:1911.03429): how much the answer loses without the words that are said
// to matter, and how much of it they carry alone. Asks the predictor only.
import type { Task } from "../models/index.ts";
import type { TextPredictor } from "../predict/index.ts";
import { headAnswers, softmax } from "../predict/index.ts";
import { logitsAt } from "./asked.ts";
import { baselineOf } from "./baseline.ts";
import { type ReadText, withHidden, withoutHidden } from "./read-text.ts";

/** Shares of the words, or of other parts, that are taken out, as in ERASER's AOPC. */
export const faithfulnessShares = [0.01, 0.05, 0.1, 0.2, 0.5] as const;

/** The share at which comprehensiveness and sufficiency are given by themselves. */
export const rationaleShare = 0.2;

/** An explanation as an order of words, the one that speaks most for the answer first. */
export interface RankedWords {
  readonly seen: ReadText;
  readonly target: number;
  readonly order: readonly number[];
  /** Where words are labelled: the token whose label it is. Words are hidden then instead of left out, so that it keeps its place. */
  readonly token?: number;
}

/** Of one text, in units of the probability (or of the number that is predicted). */
export interface Faithfulness {
  /** Loss without the first fifth of the words. High is faithful. */
  readonly comprehensiveness: number;
  /** Loss with nothing but the first fifth. Low is faithful. */
  readonly sufficiency: number;
  /** Comprehensiveness averaged over all shares: area over the perturbation curve. */
  readonly aopc: number;
  /** Sufficiency averaged over all shares. */
  readonly aopcSufficiency: number;
}

/** Words by value, largest first; by size for methods without a sign. @example rankWords([1, -3, 2]) // [2, 0, 1] */
export function rankWords(values: ArrayLike<number>): number[] {
  return Array.from(values, (_, w) => w).sort((a, b) => values[b]! - values[a]! || a - b);
}

/**
 * Measures explanations of many texts at once. Words are left out as tokens, special tokens stay; where words are labelled they are
 * replaced by the mask token instead.
 * @param options `temperature` of calibration, default 1
 * @example const [f] = await faithfulness(predictor, [{ seen, target, order: rankWords(values) }]);
 */
export async function faithfulness(
  predictor: TextPredictor,
  items: readonly RankedWords[],
  { temperature = 1 }: { readonly temperature?: number } = {},
): Promise<Faithfulness[]> {
  const inputs: { ids: readonly number[]; typeIds: readonly number[] }[] = [];
  const places = new Map<string, number>();
  const mask = () => baselineOf(predictor.tokenizer).id;
  const ask = (item: number, hidden: Uint8Array): number => {
    const { seen, token } = items[item]!;
    const input = token === undefined ? withoutHidden(seen, hidden) : withHidden(seen, hidden, mask());
    const key = `${input.ids.join(",")}/${input.typeIds.join(",")}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, inputs.length);
    return inputs.push(input) - 1;
  };
  const plans = items.map(({ seen, order }, i) => hiddenSets(order, seen.words.length).map((hidden) => ask(i, hidden)));
  const logits = await predictor.encodedLogits(inputs);
  return plans.map((places, i) => {
    const { target, token } = items[i]!;
    const score = (at: number) =>
      scoreOf(predictor.model.task, logitsAt(predictor.model, logits[at]!, token), target, temperature);
    return faithfulnessOf(places.map(score));
  });
}

/** Sets of parts to hide (1): none, then for each share its first parts, and all but those. @param order the part that matters most first */
export function hiddenSets(order: readonly number[], size: number): Uint8Array[] {
  const cut = faithfulnessShares.flatMap((share) => {
    const without = new Uint8Array(size);
    for (const part of order.slice(0, Math.max(1, Math.ceil(share * size)))) without[part] = 1;
    return [without, without.map((x) => 1 - x)];
  });
  return [new Uint8Array(size), ...cut];
}

/** What scores of {@link hiddenSets}, in their order, say. */
export function faithfulnessOf([whole, ...cut]: readonly number[]): Faithfulness {
  const losses = cut.map((score) => whole! - score);
  const [without, only] = [losses.filter((_, i) => i % 2 === 0), losses.filter((_, i) => i % 2 === 1)];
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const fifth = faithfulnessShares.indexOf(rationaleShare);
  return {
    comprehensiveness: without[fifth]!,
    sufficiency: only[fifth]!,
    aopc: mean(without),
    aopcSufficiency: mean(only),
  };
}

/** Probability of an output, or the number that is predicted. */
export function scoreOf(task: Task, logits: ArrayLike<number>, target: number, temperature: number): number {
  const outputs = headAnswers(task)?.outputs ?? softmax;
  return outputs(logits, temperature)[target]!;
}
