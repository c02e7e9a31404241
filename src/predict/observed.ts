// Answers with what the head read of each input, in one run of the model: what watching needs beside an answer.
import { ConcordError } from "../base/index.ts";
import { decided, isApplied } from "./decisions.ts";
import { type Answer, type DecodeOptions, decodeAnswer } from "./decode.ts";
import { headAnswers } from "./head-answers.ts";
import type { Predictor } from "./predictor.ts";

/** An answer and the vector [H] that it was read from; none for models that label words. */
export interface ObservedAnswer {
  readonly answer: Answer;
  readonly features?: Float32Array;
}

/**
 * As `predictor.answers`, with the vectors.
 * @throws E_ARGUMENT where thresholds by group need groups that are not given; E_MODEL where the model's file does not give the vectors
 * @example const [{ answer, features }] = await observedAnswers(predictor, ["a sore throat"], { temperature });
 */
export async function observedAnswers<I>(
  predictor: Predictor<I>,
  inputs: readonly I[],
  options: DecodeOptions & { readonly groups?: readonly (string | undefined)[] } = {},
): Promise<ObservedAnswer[]> {
  const { model, decisions } = predictor;
  if (headAnswers(model.task)?.words) return (await predictor.answers(inputs, options)).map((answer) => ({ answer }));
  const { groups } = options;
  if (decisions?.kind === "group-thresholds" && groups?.length !== inputs.length) {
    await predictor.answers(inputs, options); // refuses, and says what is needed
    throw new ConcordError("E_ARGUMENT", { operation: "predict", problem: "groups are missing" });
  }
  const labels = model.labels?.names ?? [];
  return (await predictor.readings(inputs)).map((reading, i) => {
    const logits = isApplied(decisions) ? decided(decisions, reading, groups?.[i]) : reading.logits;
    return { answer: decodeAnswer(model.task, labels, logits, options), features: reading.features };
  });
}
