// From a model's logits to an answer: a label with probabilities, several labels, or a number. Pure.
import { ConcordError } from "../base/index.ts";
import { headFactsOf, type Task } from "../models/index.ts";
import { answeringHeads, headAnswers } from "./head-answers.ts";
import type { FoundEntity } from "./word-logits.ts";

/** An answer to one text; of several heads each one's, by its name. */
export type Answer = SingleAnswer | { readonly kind: "tasks"; readonly tasks: Readonly<Record<string, SingleAnswer>> };

/** The answer of one head. */
export type SingleAnswer =
  | { readonly kind: "label"; readonly label: string | null; readonly ranked: readonly RankedLabel[] }
  | { readonly kind: "labels"; readonly labels: readonly string[] | null; readonly ranked: readonly RankedLabel[] }
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "entities"; readonly entities: readonly FoundEntity[] };

/** Quantiles of the steps to come, in the data's own unit. */
export interface Forecast {
  /** Levels, ascending. */
  readonly levels: readonly number[];
  /** [steps][levels], ascending within a step. */
  readonly quantiles: readonly (readonly number[])[];
}

/** A row of quantiles as an answer. @param row [steps · levels], all levels of the first step first */
export const forecastOf = (levels: readonly number[], row: ArrayLike<number>): Forecast => ({
  levels,
  quantiles: Array.from({ length: row.length / levels.length }, (_, k) =>
    levels.map((_, q) => row[k * levels.length + q]!),
  ),
});

export interface RankedLabel {
  readonly label: string;
  readonly probability: number;
}

export interface DecodeOptions {
  /** Of calibration. Default 1: none. */
  readonly temperature?: number;
  /** The same of several heads, by their names. Default 1 */
  readonly temperatures?: Readonly<Record<string, number>>;
  /** Labels and entities below this probability are not given, 0 … 1; null where that leaves no label. Default 0. */
  readonly abstain?: number;
}

/**
 * Decodes one row of logits of a whole text.
 * @param task `regression` gives the number, `multi-label` every label of probability 1/2 or more, any other task the best label
 * @throws E_MODEL for several heads
 * @example decodeAnswer("single-label", ["a", "b"], [2, 0], { abstain: 0.9 }).label // null: 0.88 is below
 */
export function decodeAnswer(
  task: Task,
  labels: readonly string[],
  logits: ArrayLike<number>,
  { temperature = 1, abstain = 0 }: DecodeOptions = {},
): SingleAnswer {
  if (headFactsOf(task).loss === "several")
    throw new ConcordError("E_MODEL", {
      operation: "predict",
      problem: "the model has several heads: no one answer is its own",
      expected: "a model with one head; for several predict.headsAnswers of its logits",
      got: task,
    });
  const { numeric, several, outputs } = headAnswers(task) ?? answeringHeads["single-label"];
  if (numeric) return { kind: "value", value: logits[0]! };
  const ranked = outputs(logits, temperature)
    .map((probability, k) => ({ label: labels[k] ?? `LABEL_${k}`, probability }))
    .sort((a, b) => b.probability - a.probability);
  if (!several) return withheld({ kind: "label", label: ranked[0]!.label, ranked }, abstain);
  const likely = ranked.filter((r) => r.probability >= 0.5).map((r) => r.label);
  return withheld({ kind: "labels", labels: likely, ranked }, abstain);
}

/**
 * An answer without its labels and entities below a probability: null where that leaves no label. A number stays as it is.
 * @param abstain 0 … 1
 * @example withheld({ kind: "label", label: "flu", ranked: [{ label: "flu", probability: 0.6 }] }, 0.8).label // null
 */
export function withheld<A extends Answer>(answer: A, abstain: number): A;
export function withheld(answer: Answer, abstain: number): Answer {
  if (answer.kind === "tasks")
    return {
      ...answer,
      tasks: Object.fromEntries(Object.entries(answer.tasks).map(([name, one]) => [name, withheld(one, abstain)])),
    };
  if (abstain === 0 || answer.kind === "value") return answer;
  if (answer.kind === "entities")
    return { ...answer, entities: answer.entities.filter((e) => e.probability >= abstain) };
  const { ranked } = answer;
  if (answer.kind === "label") return ranked[0]!.probability < abstain ? { ...answer, label: null } : answer;
  const sure = new Set(ranked.filter((r) => r.probability >= abstain).map((r) => r.label));
  const labels = answer.labels?.filter((label) => sure.has(label)) ?? null;
  return { ...answer, labels: answer.labels?.length && !labels?.length ? null : labels };
}
