// Answers of a model with several heads on one encoder, each by its name. Knows no file.
import { ConcordError } from "../base/index.ts";
import type { Labels } from "../formats/index.ts";
import { headRanges, type Model } from "../models/index.ts";
import { type Answer, type DecodeOptions, decodeAnswer, type SingleAnswer } from "./decode.ts";

/**
 * What each head answers to one input.
 * @param logits of all heads side by side, as a predictor gives them
 * @throws E_MODEL for a model with one head
 * @example const [logits] = await predictor.logits(["a dry cough"]); headsAnswers(model, logits).urgency // { kind: "label", label: "low", … }
 */
export function headsAnswers(
  model: Pick<Model, "heads" | "architecture">,
  logits: ArrayLike<number>,
  { abstain, temperatures = {} }: Omit<DecodeOptions, "temperature"> = {},
): Readonly<Record<string, SingleAnswer>> {
  if (!model.heads)
    throw new ConcordError("E_MODEL", {
      operation: "predict",
      problem: "the model has one head, not several",
      expected: "a model with task_heads in its config.json",
      got: model.architecture,
    });
  return Object.fromEntries(
    headRanges(model.heads).map(({ head: { name, task, labels }, start, end }) => [
      name,
      decodeAnswer(task, labels, Array.from(logits).slice(start, end), { abstain, temperature: temperatures[name] }),
    ]),
  );
}

/**
 * A model's answer to one input: its head's, or those of several heads by their names.
 * @example answerOf(model, logits, { abstain: 0.5 })
 */
export const answerOf = (
  model: Pick<Model, "task" | "heads" | "architecture"> & { readonly labels?: Pick<Labels, "names"> },
  logits: ArrayLike<number>,
  options: DecodeOptions = {},
): Answer =>
  model.heads
    ? { kind: "tasks", tasks: headsAnswers(model, logits, options) }
    : decodeAnswer(model.task, model.labels?.names ?? [], logits, options);
