// The one table of user-visible text, English and Chinese side by side. Knows no terminal and no page: it returns strings.
import { auditMessages } from "./audit.ts";
import { banditMessages } from "./bandits.ts";
import { baselineMessages } from "./baseline.ts";
import { cliMessages } from "./cli.ts";
import { compareMessages } from "./compare.ts";
import { compressMessages } from "./compress.ts";
import { errorMessages } from "./errors.ts";
import { explainMessages } from "./explain.ts";
import { fairnessMessages } from "./fairness.ts";
import { initMessages } from "./init.ts";
import { mitigationMessages } from "./mitigation.ts";
import { modelsMessages } from "./models.ts";
import { privacyMessages } from "./privacy.ts";
import { releaseMessages } from "./release.ts";
import { reportMessages } from "./report.ts";
import { reviewMessages } from "./review.ts";
import { robustnessMessages } from "./robustness.ts";
import { runMessages } from "./run.ts";
import { searchMessages } from "./search.ts";
import { studyMessages } from "./study.ts";
import { togetherMessages } from "./together.ts";
import { valueMessages } from "./values.ts";
import { verdictMessages } from "./verdict.ts";

export type Language = "en" | "zh";

/** A text in both languages: in a table of this room, or in the file of the one command, stage or section that says it. */
export interface Message {
  readonly en: string;
  readonly zh: string;
}

const table = {
  ...auditMessages,
  ...banditMessages,
  ...baselineMessages,
  ...cliMessages,
  ...compareMessages,
  ...compressMessages,
  ...errorMessages,
  ...explainMessages,
  ...fairnessMessages,
  ...initMessages,
  ...mitigationMessages,
  ...modelsMessages,
  ...releaseMessages,
  ...privacyMessages,
  ...reportMessages,
  ...reviewMessages,
  ...robustnessMessages,
  ...runMessages,
  ...searchMessages,
  ...studyMessages,
  ...togetherMessages,
  ...valueMessages,
  ...verdictMessages,
} as const;

export type MessageKey = keyof typeof table;

/** Every key, for those that have only a name and ask whether there is a message of it. */
export const messageKeys: ReadonlySet<string> = new Set(Object.keys(table));

/** The names between braces in a message: `"{rows} rows"` needs `rows`. */
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

type Values<M extends Message> = Names<M["en"]>;
type Given<M extends Message> = [Values<M>] extends [never] ? [] : [Record<Values<M>, string | number>];

/**
 * A message in one language, its `{name}`s filled in, each on one line (a name with an end of line would begin a message of its own); a missing value does not compile where the message is `as const`.
 *
 * @example
 * ```ts
 * inWords("zh", { en: "{rows} rows", zh: "{rows} 行" } as const, { rows: 120 });  // "120 行"
 * ```
 */
export const inWords = <const M extends Message>(language: Language, message: M, ...[values]: Given<M>): string =>
  message[language].replace(/\{(\w+)\}/g, (whole, name: string, at: number, text: string) => {
    const value = String(given(values, name) ?? whole).replace(/\s*[\r\n]+\s*/g, " ");
    if (language !== "zh") return value;
    const [before, after] = [text[at - 1] ?? "", text[at + whole.length] ?? ""];
    return `${touches(before, value[0]) ? " " : ""}${value}${touches(after, value.at(-1)) ? " " : ""}`;
  });

/** Whether a Chinese character and a Latin letter or a digit would stand together without a space. */
const touches = (chinese: string, latin = ""): boolean => /\p{Script=Han}/u.test(chinese) && /[A-Za-z0-9]/.test(latin);

const given = (values: Readonly<Record<string, string | number>> | undefined, name: string) => values?.[name];

/**
 * A message of the table in one language, its `{name}`s filled in.
 *
 * @throws {TypeError} at compile time only: a missing value, an unknown key or a key without both languages does not compile.
 * @example
 * ```ts
 * say("zh", "report.rows", { rows: 120 });  // "120 行"
 * ```
 */
export const say = <Key extends MessageKey>(
  language: Language,
  key: Key,
  ...values: Given<(typeof table)[Key]>
): string => inWords(language, table[key], ...values);

/**
 * The language a user asked for: `zh` for tags such as `zh`, `zh_CN.UTF-8` or `zh-Hans`; `en` for anything else.
 *
 * @example
 * ```ts
 * languageOf("zh_CN.UTF-8");  // "zh"
 * ```
 */
export const languageOf = (tag: string | undefined): Language => (/^zh([-_.]|$)/i.test(tag ?? "") ? "zh" : "en");
