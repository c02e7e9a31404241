// Answers with what the head read of each input, in one run of the model: what watching needs beside an answer.
import { isConcordError } from "../base/index.ts";
import { decided, isApplied } from "./decisions.ts";
import { type Answer, type DecodeOptions, decodeAnswer } from "./decode.ts";
import { headAnswers } from "./head-answers.ts";
import type { Predictor } from "./predictor.ts";

/** An answer and the vector [H] that it was read from; none for models that label words. */
export interface ObservedAnswer {
  readonly answer: Answer;
  readonly features?: Float32Array;
}

/** Predictors whose file does not give the vectors: they are asked for once. */
const withoutVectors = new WeakSet<Predictor<never>>();

async function readingsOf<I>(predictor: Predictor<I>, inputs: readonly I[]) {
  return await predictor.readings(inputs).catch((fault: unknown) => {
    if (!isConcordError(fault, "E_MODEL") || predictor.decisions?.kind === "linear-post") throw fault;
    withoutVectors.add(predictor);
    return undefined;
  });
}

/**
 * As `predictor.answers`, with the vectors; without them where the model's file does not give them.
 * @throws E_ARGUMENT where thresholds by group need groups that are not given
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
  if (decisions?.kind === "group-thresholds" && groups?.length !== inputs.length)
    return (await predictor.answers(inputs, options)).map((answer) => ({ answer })); // refuses, and says what is needed
  const labels = model.labels?.names ?? [];
  const readings = withoutVectors.has(predictor) ? undefined : await readingsOf(predictor, inputs);
  if (!readings) return (await predictor.answers(inputs, options)).map((answer) => ({ answer }));
  return readings.map((reading, i) => {
    const logits = isApplied(decisions) ? decided(decisions, reading, groups?.[i]) : reading.logits;
    return { answer: decodeAnswer(model.task, labels, logits, options), features: reading.features };
  });
}
