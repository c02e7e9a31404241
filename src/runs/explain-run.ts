// Explains one answer of a finished run's model, or of any model folder.

import { artifacts, runOf } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { splitWords } from "../data/index.ts";
import {
  type BaselineRole,
  type Explanation,
  type ExplanationMethod,
  explainer,
  type Flip,
  nearest,
  smallestFlip,
} from "../explanation/index.ts";
import { inputOf as inputOfRow } from "../modalities/node/index.ts";
import { type Answer, decodeAnswer, headAnswers, type TextInput, type TextPredictor } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { type OpenedInside, type OpenModelOptions, openWithWeights } from "../stages/index.ts";

export interface ExplainRunOptions extends OpenModelOptions {
  /** Default `integratedGradients`; `shap` for a compressed model without weights to differentiate. */
  readonly method?: ExplanationMethod | "flip";
  readonly label?: string;
  /** Of a model of entities: a word of the text whose label is explained. Default the likeliest entity. */
  readonly word?: string;
  /** The text's group, for models with thresholds by group. */
  readonly group?: string;
  readonly baseline?: BaselineRole;
  /** Of integrated gradients. Default 50. */
  readonly steps?: number;
  /** Training texts to quote that the model finds most alike. Default 0. */
  readonly nearest?: number;
  /** Makes the input of what the user gave, once the recipe is known. */
  readonly inputOf?: (recipe: Recipe | undefined) => TextInput;
}

/** A training text that is near, as it is in the data. */
export interface NearText {
  readonly place: string;
  readonly text: string;
  readonly labels: readonly string[];
  readonly cosine: number;
}

/** An answer and why. */
export interface ExplainedAnswer {
  readonly answer: Answer;
  /** The rule that decided the answer, where the model has one: the explanation is of the model's own score of that label. */
  readonly decidedBy?: string;
  readonly explanation?: Explanation;
  /** Whether the model is a compressed file without weights to differentiate. */
  readonly isCompressed: boolean;
  /** Of method `flip`. */
  readonly flip?: Flip;
  readonly nearest: readonly NearText[];
}

/** What is asked of one answer: {@link ExplainRunOptions} without what opens a model. */
export type ExplainAnswerOptions = Omit<ExplainRunOptions, keyof OpenModelOptions | "inputOf">;

/** Explains answers of a model that is open. `dispose` leaves the model open. */
export interface AnswerExplainer {
  /** @throws as {@link explainRun} */
  explain(input: TextInput, options?: ExplainAnswerOptions): Promise<ExplainedAnswer>;
  dispose(): Promise<void>;
}

/**
 * Explains a model's answer to a text.
 * @throws E_ARGUMENT for a label, method or text that cannot be explained; E_DATA where there are no training texts to quote; as openModel
 * @example const { explanation } = await explainRun("runs/disease", "a sore throat", { method: "shap" });
 */
export async function explainRun(
  path: string,
  text: TextInput,
  options: ExplainRunOptions = {},
): Promise<ExplainedAnswer> {
  const opened = await openWithWeights(path, options);
  const answers = answerExplainer(path, opened);
  try {
    return await answers.explain(options.inputOf?.(opened.recipe) ?? text, options);
  } finally {
    await answers.dispose();
    await opened.predictor.dispose();
  }
}

/**
 * An explainer of an opened model's answers, for a server or a loop: what a method needs is compiled once.
 * @param path run folder, whose training texts are quoted
 * @example
 * const opened = await openWithWeights("runs/disease");
 * const { explanation } = await answerExplainer("runs/disease", opened).explain("a sore throat");
 */
export function answerExplainer(
  path: string,
  { predictor, unadjusted: model, weights, temperature }: Omit<OpenedInside, "modality" | "processor" | "recipe">,
): AnswerExplainer {
  const modelExplainer = explainer(weights, model, cpuRuntime);
  return {
    dispose: () => modelExplainer.dispose(),
    async explain(input, options = {}) {
      const { label, word, baseline, steps, nearest: count = 0 } = options;
      const { method = weights ? "integratedGradients" : "shap" } = options;
      const { task, labels } = model.model;
      // by the model's decisions, or the entities of the whole text
      const decided = predictor.decisions !== undefined || headAnswers(task)?.words;
      const decision = decided ? await decide(predictor, input, options, temperature) : undefined;
      const asked = label ?? (decision?.kind === "label" ? (decision.label ?? undefined) : undefined);
      const flip = method === "flip" ? await smallestFlip(model, input, { label }) : undefined;
      const at = word === undefined ? undefined : placeOf(word, input);
      const explanation =
        method === "flip"
          ? undefined
          : await modelExplainer.explain(input, { method, label: asked, at, baseline, steps });
      const { logits } = (explanation ?? flip)!;
      const answer = decision ?? decodeAnswer(task, labels?.names ?? [], logits, { temperature });
      const near = count > 0 ? await nearTexts(path, predictor.features, input, count) : [];
      const isCompressed = weights === undefined;
      return { isCompressed, answer, decidedBy: predictor.decisions?.kind, explanation, flip, nearest: near };
    },
  };
}

/** Where a word begins. @throws E_ARGUMENT when the text has no such word */
function placeOf(word: string, input: TextInput): number {
  const text = typeof input === "string" ? input : input[0];
  const wanted = word.trim();
  const found = splitWords(text).find(([start]) => wanted !== "" && text.startsWith(wanted, start));
  if (found) return found[0];
  throw new ConcordError("E_ARGUMENT", {
    operation: "explain",
    problem: "the text has no such word",
    expected: "words as they stand in the text",
    got: word,
  });
}

/** The answer by the model's decisions, or the entities of the text. */
async function decide(
  predictor: TextPredictor,
  input: TextInput,
  { group }: ExplainRunOptions,
  temperature: number | undefined,
): Promise<Answer> {
  const groups = group === undefined ? undefined : [group];
  const [answer] = await predictor.answers([input], { temperature, groups });
  return answer!;
}

async function nearTexts(
  path: string,
  features: (inputs: readonly TextInput[]) => Promise<Float32Array[]>,
  input: TextInput,
  count: number,
): Promise<NearText[]> {
  const run = runOf(path);
  if (run === undefined)
    throw new ConcordError("E_DATA", {
      operation: "nearest texts",
      problem: "a model folder has no training texts",
      expected: "a run folder",
      path,
    });
  const rows = await artifacts.textRows.train.read(run);
  const [inputFeatures, ...others] = await features([input, ...rows.map(inputOfRow)]);
  return nearest(inputFeatures!, others, count).map(({ row, cosine }) => {
    const { place, text, pair, labels } = rows[row]!;
    return { place, text: pair === undefined ? text : `${text}\t${pair}`, labels, cosine };
  });
}
