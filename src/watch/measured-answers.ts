// Answers of a model, and what is measured of each, in one run of it. Knows no server and no rows.
import {
  type Answer,
  isTextPredictor,
  observedAnswers,
  type Predictor,
  type TextInput,
  type TextPredictor,
} from "../predict/index.ts";
import { measurementOf, type TokenCounts } from "./measure.ts";
import type { Measurement } from "./profile.ts";

/** Answers and what is measured of each, in one run of the model. */
export async function measuredAnswers(
  predictor: Predictor<unknown>,
  inputs: readonly unknown[],
  options: Parameters<typeof observedAnswers>[2] = {},
): Promise<{ readonly answer: Answer; readonly measurement: Measurement }[]> {
  const seen = await observedAnswers(predictor, inputs, options);
  const counts = isTextPredictor(predictor) ? await tokenCounts(predictor, inputs as TextInput[]) : undefined; // a text predictor's inputs
  return seen.map(({ answer, features }, i) => ({ answer, measurement: measurementOf(answer, features, counts?.[i]) }));
}

/** Tokens of texts as the model reads them, and those that its vocabulary lacks. */
async function tokenCounts(
  { tokenizer, limit }: Pick<TextPredictor, "tokenizer" | "limit">,
  texts: readonly TextInput[],
): Promise<TokenCounts[]> {
  const unknown = tokenizer.special.unk?.id;
  const encoded = await tokenizer.encodeBatch(texts, { truncation: { maxLength: limit } });
  return encoded.map(({ ids }) => ({
    tokens: ids.length,
    unknown: unknown === undefined ? 0 : ids.filter((id) => id === unknown).length,
  }));
}
