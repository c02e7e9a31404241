// An error in the user's language: the code's meaning, what was found, and always what to try. Knows no command.
import { type ConcordError, padded, visible } from "../base/index.ts";
import { type Language, say } from "../messages/index.ts";
import { inLanguage } from "../translations/index.ts";
import { asCalled } from "./as-called.ts";
import type { Surroundings } from "./context.ts";

/**
 * Words of an error, a line per fact; in Chinese the code's meaning stands first.
 * @param env of the process: how the program was started, for the commands in hints. Default none
 * @example renderFault(error, "zh") // "E_DATA  输入数据缺失、为空或格式有误。\n  问题      读取数据：文件为空 …"
 */
export function renderFault({ code, facts }: ConcordError, language: Language, env: Surroundings["env"] = {}): string {
  const t = (sentence: string) => inLanguage(language, sentence);
  const advice = (sentence: string) => asCalled(sentence, env);
  const phrase = (text: string) => (/ |^nothing$/.test(text) ? t(text) : text); // a single word may be a name
  const what = `${t(facts.operation)}${language === "zh" ? "：" : ": "}${t(facts.problem)}`;
  const row = (name: "problem" | "expected" | "got" | "try" | "in" | "at", text: string | undefined) => {
    const label = say(language, `error.${name}`);
    return text === undefined ? [] : [`  ${padded(label, 9)} ${text}`];
  };
  const lines = [
    `${code}  ${language === "en" ? what : say(language, `meaning.${code}`)}`,
    ...(language === "en" ? [] : row("problem", what)),
    ...row("expected", facts.expected === undefined ? undefined : advice(phrase(facts.expected))),
    ...row("got", facts.got === undefined ? undefined : phrase(facts.got)),
    ...row("try", advice(facts.hint !== undefined ? t(facts.hint) : say(language, `remedy.${code}`))),
    ...row("in", facts.path),
    ...row("at", facts.at),
  ];
  return visible(lines.join("\n")); // facts quote files
}
