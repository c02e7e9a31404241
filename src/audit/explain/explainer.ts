// Explains answers: what each word of a text adds to one output of the head, by one of six methods. Sees a model's weights and a
// predictor; opens no file.
import { ConcordError, type HostArray, nearestName } from "../../base/index.ts";
import type { Model } from "../../models/index.ts";
import type { TextInput, TextPredictor } from "../../predict/index.ts";
import type { Runtime } from "../../runtime/index.ts";
import { type Baseline, type BaselineRole, baselineOf } from "./baseline.ts";
import { type GradientProgram, gradientProgram } from "./gradient-program.ts";
import { type IntegratedOptions, integratedGradients } from "./integrated.ts";
import { type ReadText, readText, type SeenWord, type Unseen, withHidden } from "./read-text.ts";
import { type RolloutProgram, rolloutProgram } from "./rollout.ts";
import { type ShapleyOptions, shapleyValues } from "./shapley.ts";

/** Ways to say what a word adds. `saliency` and `rollout` have no sign: they say how much, not which way. */
export const explanationMethods = [
  "integratedGradients",
  "gradientInput",
  "saliency",
  "rollout",
  "occlusion",
  "shap",
] as const;
export type ExplanationMethod = (typeof explanationMethods)[number];

export interface ExplainOptions
  extends Pick<IntegratedOptions, "rule" | "steps" | "mostSteps" | "tolerance">,
    Pick<ShapleyOptions, "exactUpTo" | "evaluations"> {
  /** Default `integratedGradients`. */
  readonly method?: ExplanationMethod;
  /** Label whose logit is explained. Default the likeliest. */
  readonly label?: string;
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
  dispose(): Promise<void>;
}

/**
 * An explainer of a model of whole texts. What a method needs is compiled when it is first asked for.
 * @throws E_MODEL for a model that labels words
 * @example
 * const { words } = await explainer(weights, predictor, cpuRuntime).explain("a sore throat", { method: "shap" });
 */
export function explainer(
  weights: ReadonlyMap<string, HostArray<"float32">>,
  predictor: TextPredictor,
  runtime: Runtime,
): Explainer {
  const { model, tokenizer, limit } = predictor;
  if (model.task === "token")
    throw new ConcordError("E_MODEL", {
      operation: "explain",
      problem: "answers about single words are not explained",
      expected: "a model of whole texts",
      got: model.task,
    });
  let [gradient, rollout]: [Promise<GradientProgram>?, Promise<RolloutProgram>?] = [];
  const programs: Programs = {
    gradient: () => (gradient ??= gradientProgram(model, weights, runtime)),
    rollout: () => (rollout ??= rolloutProgram(model, weights, runtime)),
  };
  const read = (input: TextInput) => readText(tokenizer, input, limit);
  return {
    predictor,
    read,
    async explain(input, options = {}) {
      const seen = await read(input);
      if (seen.words.length === 0)
        throw new ConcordError("E_ARGUMENT", {
          operation: "explain",
          problem: "the model sees no word of the text",
          expected: "a text with at least one word",
          got: JSON.stringify(seen.texts.join("\t").slice(0, 60)),
        });
      const [logits] = await predictor.encodedLogits([seen]);
      const target = targetOf(model, logits!, options.label);
      const baseline = baselineOf(tokenizer, options.baseline);
      const method = options.method ?? "integratedGradients";
      const { values, ...more } = await methods[method]({ seen, target, baseline, predictor, programs, options });
      return {
        method,
        texts: seen.texts,
        label: model.task === "regression" ? undefined : (model.labels?.names[target] ?? `LABEL_${target}`),
        target,
        logits: Array.from(logits!),
        baseline,
        words: seen.words.map((word, w) => ({ ...word, value: values[w]! })),
        unseen: seen.unseen,
        logit: logits![target]!,
        ...more,
      };
    },
    dispose: async () => {
      await (await gradient)?.dispose();
      await (await rollout)?.dispose();
    },
  };
}

function targetOf(model: Model, logits: ArrayLike<number>, label: string | undefined): number {
  const names = model.labels?.names ?? Array.from(logits, (_, i) => `LABEL_${i}`);
  if (label === undefined) return Array.from(logits).indexOf(Math.max(...Array.from(logits)));
  if (names.includes(label) && model.task !== "regression") return names.indexOf(label);
  const near = nearestName(label, names);
  throw new ConcordError("E_ARGUMENT", {
    operation: "explain",
    problem: model.task === "regression" ? "a number has no label" : "the model has no such label",
    expected: model.task === "regression" ? "no label" : names.slice(0, 12).join(", "),
    got: label,
    hint: near && model.task !== "regression" ? `did you mean ${near}?` : undefined,
  });
}

interface Programs {
  gradient(): Promise<GradientProgram>;
  rollout(): Promise<RolloutProgram>;
}

interface Question {
  readonly seen: ReadText;
  readonly target: number;
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
async function hiddenLogits({ seen, target, baseline, predictor }: Question, sets: readonly Uint8Array[]) {
  const rows = await predictor.encodedLogits(sets.map((hidden) => withHidden(seen, hidden, baseline.id)));
  return rows.map((row) => row[target]!);
}

const methods: Readonly<Record<ExplanationMethod, (question: Question) => Promise<Found>>> = {
  integratedGradients: async ({ seen, target, baseline, programs, options }) => {
    const { rule, steps, mostSteps, tolerance } = options;
    const asked = { text: seen, baseline: allHidden(seen, baseline), target, rule, steps, mostSteps, tolerance };
    const { tokens, logit: _, ...found } = await integratedGradients(await programs.gradient(), asked);
    return { values: summed(seen, tokens), ...found };
  },
  gradientInput: async ({ seen, target, programs }) => {
    const { products } = await (await programs.gradient()).run({ text: seen, target, points: [1], weights: [1] });
    return { values: summed(seen, products) };
  },
  saliency: async ({ seen, target, programs }) => {
    const { norm2 } = await (await programs.gradient()).run({ text: seen, target, points: [1], weights: [1] });
    return { values: summed(seen, norm2) };
  },
  rollout: async ({ seen, programs }) => {
    const [first] = await (await programs.rollout()).run(seen);
    return { values: summed(seen, first!) };
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
