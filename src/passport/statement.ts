// What an owner says of a model, in one language or in both.

/** A text in one language, or the same in English and Chinese. */
export type Statement = string | { readonly en?: string; readonly zh?: string };

/** A statement for a reader. */
export interface Stated {
  readonly text: string;
  /** Language of the text: another than the reader's where there is no translation. */
  readonly language: "en" | "zh";
}

/**
 * The statement in the reader's language, or in the other one where it has no translation.
 * @returns undefined where nothing is stated
 * @example statedIn("助理医师使用", "en") // { text: "助理医师使用", language: "zh" }
 */
export function statedIn(statement: unknown, reader: "en" | "zh"): Stated | undefined {
  const written = (text: unknown): text is string => typeof text === "string" && text.trim() !== "";
  if (written(statement)) return { text: statement, language: /\p{Script=Han}/u.test(statement) ? "zh" : "en" };
  if (typeof statement !== "object" || statement === null) return undefined;
  const other = reader === "en" ? "zh" : "en";
  for (const language of [reader, other] as const) {
    const text: unknown = Reflect.get(statement, language);
    if (written(text)) return { text, language };
  }
  return undefined;
}
