// Answers of a watched model: one run gives the answer and what the head read, which watching compares with the data of the passport.
import { isConcordError } from "../../base/index.ts";
import type { Given } from "../../modalities/index.ts";
import { decodeAnswer, headAnswers, isTextPredictor, ruledLogits, type TextInput } from "../../predict/index.ts";
import { answerer } from "../../runs/index.ts";
import type { AnsweredItem } from "./facts.ts";
import type { ServedOpen } from "./open.ts";

let givesFeatures = true; // until the model's file turns out not to

/** Answers with features and tokens. @param given every input as the model reads it */
export async function watchedAnswers(given: readonly Given[], opened: ServedOpen): Promise<AnsweredItem[]> {
  const usable = given.filter(({ input }) => "content" in input);
  const contents = usable.map(({ input }) => (input as { content: unknown }).content);
  const found = (await readAnswers(usable, contents, opened)) ?? (await plainAnswers(usable, opened));
  const counts = await tokenCounts(contents, opened);
  let next = 0;
  return given.map(({ input }): AnsweredItem => {
    if ("unusable" in input) return { unusable: input.unusable };
    const at = next++;
    return { ...found[at]!, ...counts[at] };
  });
}

/** By one run; undefined where the model's file gives no features, or words are labelled. */
async function readAnswers(
  given: readonly Given[],
  contents: readonly unknown[],
  { predictor, unadjusted, temperature }: ServedOpen,
): Promise<AnsweredItem[] | undefined> {
  const { task, labels } = predictor.model;
  if (!givesFeatures || headAnswers(task)?.words) return undefined;
  const readings = await unadjusted.readings(contents).catch((error: unknown) => {
    if (!isConcordError(error, "E_MODEL")) throw error;
    givesFeatures = false;
  });
  return readings?.map((reading, i) => ({
    answer: decodeAnswer(task, labels?.names ?? [], ruledLogits(predictor.decisions, reading, given[i]!.group), {
      temperature,
    }),
    features: reading.features,
  }));
}

async function plainAnswers(given: readonly Given[], opened: ServedOpen): Promise<AnsweredItem[]> {
  const found: AnsweredItem[] = [];
  for await (const { answer } of answerer(opened, { atOnce: Math.max(1, given.length) }).answer(given))
    found.push({ answer });
  return found;
}

/** Tokens of each text, and how many of them the vocabulary lacks; none for other inputs. */
async function tokenCounts(contents: readonly unknown[], { predictor }: ServedOpen) {
  if (!isTextPredictor(predictor)) return [];
  const { tokenizer, limit } = predictor;
  const encodings = await tokenizer.encodeBatch(contents as readonly TextInput[], { truncation: { maxLength: limit } });
  const unknown = tokenizer.special.unk?.id;
  return encodings.map(({ ids }) => ({ tokens: ids.length, unknown: ids.filter((id) => id === unknown).length }));
}
