// Errors and warnings in the user's language. A room of its own, loaded when there is something to say: help does not wait for it.
import type { Language } from "../messages/index.ts";
import { chineseOf } from "./translate.ts";

export { translatedSentences } from "./translate.ts";

/** A sentence of an error or a warning, which the code says in English, in the user's language. */
export const inLanguage = (language: Language, sentence: string): string =>
  language === "zh" ? chineseOf(sentence) : sentence;
