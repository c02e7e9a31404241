// Judges explanation methods on a sample of texts: faithfulness beside a random order of words, and whether the explanations depend
// on what the model has learned: weights are drawn anew from the head down, and each time the same label is explained again
// (cascading randomisation, Adebayo 2018, arXiv:1810.03292).
import { type HostArray, isConcordError } from "../base/index.ts";
import { headAnswers, type TextInput } from "../predict/index.ts";
import type { Asked } from "./asked.ts";
import type { Explainer, ExplainOptions } from "./explainer.ts";
import { faithfulness } from "./faithfulness.ts";
import { type Judgement, type JudgementOptions, judgeInputs } from "./judgement.ts";
import type { ExplanationMethod } from "./methods.ts";

/** A model's weights, drawn anew or learned. */
export type Weights = ReadonlyMap<string, HostArray<"float32">>;

/** A model of which a part has random weights. */
export interface RandomisedModel {
  /** What is random: `head`, `upper`, `all`. */
  readonly part: string;
  readonly explainer: Explainer;
}

export interface JudgeOptions
  extends JudgementOptions<ExplanationMethod>,
    Pick<ExplainOptions, "steps" | "evaluations" | "exactUpTo" | "baseline"> {
  /** The same model with more and more of its weights drawn anew, the head first and all last; absent where that check is not wanted. */
  readonly random?: readonly RandomisedModel[];
  /** Of calibration. Default 1. */
  readonly temperature?: number;
}

/** A text that has something to explain. */
interface Judged {
  readonly text: TextInput;
  readonly question: Asked;
}

/**
 * Explains every text by every method and measures the explanations. Texts without words are left out.
 * @example const { methods } = await judgeMethods(own, texts, { methods: ["shap"], resamples: 1000, rng: random(0) });
 */
export async function judgeMethods(
  modelExplainer: Explainer,
  texts: readonly TextInput[],
  options: JudgeOptions,
): Promise<Judgement> {
  const { temperature } = options;
  const asked = await Promise.all(texts.map(async (text) => ({ text, question: await modelExplainer.question(text) })));
  const used = asked.flatMap(({ text, question }): Judged[] => (question ? [{ text, question }] : []));
  const inputs = {
    sizes: used.map(({ question }) => question.seen.words.length),
    faithfulness: (orders: readonly { readonly item: number; readonly order: readonly number[] }[]) => {
      const ranked = orders.map(({ item, order }) => {
        const { seen, target, place } = used[item]!.question;
        return { seen, target, token: place?.token, order };
      });
      return faithfulness(modelExplainer.predictor, ranked, { temperature });
    },
    values: (item: number, method: ExplanationMethod) => valuesOf(modelExplainer, used[item]!, method, options),
    random: (options.random ?? []).map(({ part, explainer }) => ({
      part,
      values: (item: number, method: ExplanationMethod) => valuesOf(explainer, used[item]!, method, options),
    })),
  };
  return await judgeInputs(inputs, options);
}

/** A contribution for each word; undefined where the method refuses. */
async function valuesOf(
  by: Explainer,
  { text, question }: Judged,
  method: ExplanationMethod,
  { steps, evaluations, exactUpTo, baseline }: JudgeOptions,
): Promise<number[] | undefined> {
  const { task, labels } = by.predictor.model;
  const { place, seen, target } = question;
  // a model of random weights is asked about the same label, of the same word, whatever it would answer itself
  const label = headAnswers(task)?.numeric ? undefined : labels?.names[target];
  const same = { label, ...(place && { at: seen.words[place.word]!.start }) };
  try {
    const { words } = await by.explain(text, { method, steps, evaluations, exactUpTo, baseline, ...same });
    return words.map((w) => w.value);
  } catch (fault) {
    if (isConcordError(fault, "E_ARGUMENT")) return undefined;
    throw fault;
  }
}
