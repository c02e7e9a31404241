// Explains answers: what each word of a text adds to one output of the head, by one of six methods. Sees a model's weights and a
// predictor; opens no file.
import { ConcordError, type HostArray, isConcordError } from "../base/index.ts";
import { type FoundEntity, headAnswers, type TextInput, type TextPredictor } from "../predict/index.ts";

import type { Runtime } from "../runtime/index.ts";
import { type Asked, askOfText, askOfWord, logitsAt } from "./asked.ts";
import { type Baseline, type BaselineRole, baselineOf } from "./baseline.ts";
import { type GradientProgram, gradientProgram } from "./gradient-program.ts";
import { type IntegratedOptions, integratedGradients } from "./integrated.ts";
import type { ExplanationMethod } from "./methods.ts";
import { type ReadText, readText, type SeenWord, type Unseen, withHidden } from "./read-text.ts";
import { type RolloutProgram, rolloutProgram } from "./rollout.ts";
import { type ShapleyOptions, shapleyValues } from "./shapley.ts";

export interface ExplainOptions
  extends Pick<IntegratedOptions, "rule" | "steps" | "mostSteps" | "tolerance">,
    Pick<ShapleyOptions, "exactUpTo" | "evaluations"> {
  /** Default `integratedGradients`. */
  readonly method?: ExplanationMethod;
  /** Label whose logit is explained. Default the likeliest. Of a model that labels words a tag (`B-LOC`) or a type (`LOC`). */
  readonly label?: string;
  /** Of a model that labels words: where the word begins whose label is explained. Default the likeliest entity's first word. */
  readonly at?: number;
  /** What stands for a hidden word. Default the mask token, else pad, else unk. */
  readonly baseline?: BaselineRole;
}

/** What a word adds to the logit. */
export interface WordAttribution extends SeenWord {
  readonly value: number;
}

/** An answer, explained. */
export interface Explanation {
  readonly method: ExplanationMethod;
  /** One or two texts; offsets of words count in them. */
  readonly texts: readonly string[];
  /** The label that is explained; undefined for a number. */
  readonly label?: string;
  readonly target: number;
  /** Of a model that labels words: the word whose label is explained, and the entity that was found there, if any. */
  readonly place?: { readonly word: number; readonly token: number; readonly entity?: FoundEntity };
  /** Of the text, or of the word. */
  readonly logits: readonly number[];
  readonly baseline: Baseline;
  readonly words: readonly WordAttribution[];
  /** What the model did not see. */
  readonly unseen: readonly Unseen[];
  /** The target's logit for the text, and with every word hidden. */
  readonly logit: number;
  readonly baselineLogit?: number;
  /** Of integrated gradients: sum of all attributions less the change of the logit, its share, and the steps taken. */
  readonly delta?: number;
  readonly missed?: number;
  readonly steps?: number;
  /** Of shap: whether every set of words was asked; and how many were, of occlusion too. */
  readonly exact?: boolean;
  readonly evaluations?: number;
}

/** Explains answers of one model. Call `dispose` when done; the predictor stays open. */
export interface Explainer {
  readonly predictor: TextPredictor;
  /** @throws E_ARGUMENT for an unknown label, a text without words, and as {@link integratedGradients}; E_MODEL, E_TOKENIZER */
  explain(input: TextInput, options?: ExplainOptions): Promise<Explanation>;
  /** The words that the model sees of a text. */
  read(input: TextInput): Promise<ReadText>;
  /**
   * What is explained of a text unless something else is asked for: its words and the likeliest label, of its likeliest entity where
   * words are labelled. Undefined where there is nothing: no word, or no entity.
   */
  question(input: TextInput): Promise<Asked | undefined>;
  dispose(): Promise<void>;
}

/**
 * An explainer of a model. What a method needs is compiled when it is first asked for.
 * @example
 * const { words } = await explainer(weights, predictor, cpuRuntime).explain("a sore throat", { method: "shap" });
 */
export function explainer(
  weights: ReadonlyMap<string, HostArray<"float32">> | undefined,
  predictor: TextPredictor,
  runtime: Runtime,
): Explainer {
  const { model, tokenizer, limit } = predictor;
  let [gradient, rollout]: [Promise<GradientProgram>?, Promise<RolloutProgram>?] = [];
  const programs: Programs = {
    gradient: () => (gradient ??= gradientProgram(model, weightsFor(weights), runtime)),
    rollout: () => (rollout ??= rolloutProgram(model, weightsFor(weights), runtime)),
  };
  const read = (input: TextInput) => readText(tokenizer, input, limit);
  const ask = (input: TextInput, options: ExplainOptions): Promise<Asked> =>
    headAnswers(model.task)?.words ? askOfWord(predictor, input, options) : askOfText(predictor, input, options);
  return {
    predictor,
    read,
    question: (input) =>
      ask(input, {}).catch((fault: unknown) => {
        if (isConcordError(fault, "E_ARGUMENT")) return undefined;
        throw fault;
      }),
    async explain(input, options = {}) {
      const { seen, target, logits, place } = await ask(input, options);
      const baseline = baselineOf(tokenizer, options.baseline);
      const method = options.method ?? "integratedGradients";
      const { token } = place ?? {};
      const question = { seen, target, token, baseline, predictor, programs, options };
      const { values, ...more } = await methods[method](question);
      return {
        method,
        texts: seen.texts,
        label: headAnswers(model.task)?.numeric ? undefined : (model.labels?.names[target] ?? `LABEL_${target}`),
        target,
        place,
        logits: Array.from(logits),
        baseline,
        words: seen.words.map((word, w) => ({ ...word, value: values[w]! })),
        unseen: seen.unseen,
        logit: logits[target]!,
        ...more,
      };
    },
    dispose: async () => {
      await (await gradient)?.dispose();
      await (await rollout)?.dispose();
    },
  };
}

/** @throws E_MODEL where there are none: gradients and attention are not to be had of a file in integers */
function weightsFor(weights: ReadonlyMap<string, HostArray<"float32">> | undefined) {
  if (weights) return weights;
  throw new ConcordError("E_MODEL", {
    operation: "explain",
    problem: "the compressed model has no weights that can be differentiated",
    expected: "method shap or occlusion, which ask the model only",
    hint: "use --method shap, or explain the run's own model",
  });
}

interface Programs {
  gradient(): Promise<GradientProgram>;
  rollout(): Promise<RolloutProgram>;
}

interface Question {
  readonly seen: ReadText;
  readonly target: number;
  readonly token?: number;
  readonly baseline: Baseline;
  readonly predictor: TextPredictor;
  readonly programs: Programs;
  readonly options: ExplainOptions;
}

type Found = { readonly values: ArrayLike<number> } & Pick<
  Explanation,
  "baselineLogit" | "delta" | "missed" | "steps" | "exact" | "evaluations"
>;

const summed = ({ words }: ReadText, tokens: ArrayLike<number>): number[] =>
  words.map((word) => word.tokens.reduce((sum, t) => sum + tokens[t]!, 0));

/** Ids of the text with every word hidden. */
const allHidden = (seen: ReadText, { id }: Baseline): number[] =>
  withHidden(seen, new Uint8Array(seen.words.length).fill(1), id).ids;

/** The target's logit with the words of each set hidden (1). */
async function hiddenLogits({ seen, target, token, baseline, predictor }: Question, sets: readonly Uint8Array[]) {
  const rows = await predictor.encodedLogits(sets.map((hidden) => withHidden(seen, hidden, baseline.id)));
  return rows.map((row) => logitsAt(predictor.model, row, token)[target]!);
}

const methods: Readonly<Record<ExplanationMethod, (question: Question) => Promise<Found>>> = {
  integratedGradients: async ({ seen, target, token, baseline, programs, options }) => {
    const { rule, steps, mostSteps, tolerance } = options;
    const hidden = allHidden(seen, baseline);
    const asked = { text: seen, baseline: hidden, target, token, rule, steps, mostSteps, tolerance };
    const { tokens, logit: _, ...found } = await integratedGradients(await programs.gradient(), asked);
    return { values: summed(seen, tokens), ...found };
  },
  gradientInput: async ({ seen, target, token, programs }) => {
    const { products } = await (await programs.gradient()).run({
      text: seen,
      target,
      token,
      points: [1],
      weights: [1],
    });
    return { values: summed(seen, products) };
  },
  saliency: async ({ seen, target, token, programs }) => {
    const { norm2 } = await (await programs.gradient()).run({ text: seen, target, token, points: [1], weights: [1] });
    return { values: summed(seen, norm2) };
  },
  rollout: async ({ seen, token = 0, programs }) => {
    const rows = await (await programs.rollout()).run(seen);
    return { values: summed(seen, rows[token]!) };
  },
  occlusion: async (question) => {
    const { length } = question.seen.words;
    const sets = Array.from({ length }, (_, w) => Uint8Array.from({ length }, (_, i) => Number(i === w)));
    const [full, ...without] = await hiddenLogits(question, [new Uint8Array(length), ...sets]);
    return { values: without.map((v) => full! - v), evaluations: length + 1 };
  },
  shap: async (question) => {
    const { seen, options } = question;
    const hide = (shown: Uint8Array) => shown.map((x) => 1 - x);
    const split = seen.words.findIndex((word) => word.part === 1);
    const { values, empty, exact, evaluations } = await shapleyValues(
      seen.words.length,
      (sets) => hiddenLogits(question, sets.map(hide)),
      { exactUpTo: options.exactUpTo, evaluations: options.evaluations, split: split > 0 ? split : undefined },
    );
    return { values, baselineLogit: empty, exact, evaluations };
  },
};
