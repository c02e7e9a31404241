// What a model reads, in words: texts and images have sentences of their own, other kinds of data bring theirs.
import { type Language, say } from "../messages/index.ts";
import { count } from "../pages/index.ts";
import type { Passport } from "../passport/index.ts";

type Facts = Pick<Passport["model"], "maxLength" | "imageSide" | "inputs">;

/** One value for texts, one for images, and one for what else there may be. */
function byKind<T>(
  model: Facts,
  text: (length: number) => T,
  image: (side: number) => T,
  other: (inputs: NonNullable<Facts["inputs"]>) => T,
): T {
  if (model.inputs) return other(model.inputs);
  return model.imageSide === undefined ? text(model.maxLength!) : image(model.imageSide);
}

/** A line of a table: what is limited, and to what. */
export const inputLimit = (model: Facts, language: Language): readonly [string, string] =>
  byKind<readonly [string, string]>(
    model,
    (length) => [say(language, "report.maxLength"), say(language, "report.tokens", { count: length })],
    (side) => [say(language, "report.imageSize"), say(language, "report.pixels", { side })],
    (inputs) => [say(language, "report.inputs"), inputs[language]],
  );

/** What its inputs are called. */
export const inputNoun = (model: Facts, language: Language): string =>
  byKind(
    model,
    () => say(language, "plain.what.texts"),
    () => say(language, "plain.what.images"),
    (inputs) => inputs[language],
  );

/** How it works, for anybody. */
export function inputStory({ model, rows }: Pick<Passport, "model" | "rows">, language: Language): string {
  const facts = { parameters: count(model.parameters), train: count(rows.train ?? 0) };
  return byKind(
    model,
    (length) => say(language, "plain.how.text", { ...facts, length }),
    (side) => say(language, "plain.how.image", { ...facts, side }),
    (inputs) => say(language, "plain.how.other", { ...facts, inputs: inputs[language] }),
  );
}

/** For a model card, in English. */
export const inputSentence = (model: Facts): string =>
  byKind(
    model,
    (length) => `texts up to ${length} tokens; the rest is cut off`,
    (side) => `images, brought to ${side} × ${side} pixels`,
    (inputs) => inputs.en,
  );

/** For a technical file, in English. */
export const inputSize = (model: Facts): string =>
  byKind(
    model,
    (length) => `inputs to ${length} tokens`,
    (side) => `images of ${side} × ${side} pixels`,
    (inputs) => inputs.en,
  );

/** For machines: `text`, `image`. */
export const inputFormat = (model: Facts): string =>
  byKind(
    model,
    () => "text",
    () => "image",
    ({ format }) => format,
  );
