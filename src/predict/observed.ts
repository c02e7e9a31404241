// Answers with what the head read of each input, in one run of the model: what watching needs beside an answer.
import { isConcordError } from "../base/index.ts";
import { decided, isApplied } from "./decisions.ts";
import type { Answer, DecodeOptions } from "./decode.ts";
import { headAnswers } from "./head-answers.ts";
import type { Predictor } from "./predictor.ts";
import { answerOf } from "./several.ts";
import { isTextPredictor, type TextInput, type TextPredictor } from "./text-predictor.ts";
import { entitiesOf } from "./word-logits.ts";

/** An answer and the vector [H] that it was read from; of a model that labels words the mean of the last hidden states over its tokens. */
export interface ObservedAnswer {
  readonly answer: Answer;
  readonly features?: Float32Array;
}

/** Predictors whose file does not give the vectors: they are asked for once. */
const withoutVectors = new WeakSet<Predictor<never>>();

/** What `read` gives, or undefined where the model's file lacks the vectors. */
async function unlessMissing<I, T>(predictor: Predictor<I>, read: () => Promise<T>): Promise<T | undefined> {
  if (withoutVectors.has(predictor)) return undefined;
  return await read().catch((fault: unknown) => {
    if (!isConcordError(fault, "E_MODEL") || predictor.decisions?.kind === "linear-post") throw fault;
    withoutVectors.add(predictor);
    return undefined;
  });
}

/** Entities with the vectors of their texts; undefined where the model's file lacks those. @throws E_MODEL for pairs */
async function observedEntities(predictor: TextPredictor, inputs: readonly TextInput[], options: DecodeOptions) {
  const texts = inputs.filter((input) => typeof input === "string");
  if (texts.length < inputs.length) return undefined; // `answers` refuses pairs
  const readings = await unlessMissing(predictor, () => predictor.wordReadings(texts));
  const labels = predictor.model.labels?.names ?? [];
  return readings?.map(({ words, features }, i): ObservedAnswer => {
    const entities = entitiesOf(texts[i]!, labels, words, options);
    return { answer: { kind: "entities", entities }, ...(features && { features }) };
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
  const plain = async () => (await predictor.answers(inputs, options)).map((answer) => ({ answer }));
  if (headAnswers(model.task)?.words) {
    const texts = inputs as readonly unknown[] as readonly TextInput[];
    return (isTextPredictor(predictor) && (await observedEntities(predictor, texts, options))) || (await plain());
  }
  const { groups } = options;
  if (decisions?.kind === "group-thresholds" && groups?.length !== inputs.length) return await plain(); // refuses, and says what is needed
  const readings = await unlessMissing(predictor, () => predictor.readings(inputs));
  if (!readings) return await plain();
  return readings.map((reading, i) => {
    const logits = isApplied(decisions) ? decided(decisions, reading, groups?.[i]) : reading.logits;
    return { answer: answerOf(model, logits, options), features: reading.features };
  });
}
