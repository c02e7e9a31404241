// Sentences of errors and warnings in the user's language. The code says them in English, as data; here each English sentence, with
// {0}, {1} … for what it fills in, has its Chinese. A sentence that has none stays English.
import { adaptingFaults } from "./adapting.ts";
import { amounts } from "./amounts.ts";
import { auditingFaults } from "./auditing.ts";
import { choosingFaults } from "./choosing.ts";
import { commandFaults } from "./commands.ts";
import { compressingFaults } from "./compressing.ts";
import { deployingFaults } from "./deploying.ts";
import { fileFaults } from "./files.ts";
import { generatingFaults } from "./generating.ts";
import { headFaults } from "./heads.ts";
import { hubFaults } from "./hub.ts";
import { imageFaults } from "./images.ts";
import { learningFaults } from "./learning.ts";
import { modelFaults } from "./models.ts";
import { privacyFaults } from "./privacy.ts";
import { readingFaults } from "./reading.ts";
import { releasingFaults } from "./releasing.ts";
import { roundFaults } from "./rounds.ts";
import { rowFaults } from "./rows.ts";
import { runningFaults } from "./running.ts";
import { searchingFaults } from "./searching.ts";
import { seriesFaults } from "./series.ts";
import { servingFaults } from "./serving.ts";
import { taskFaults } from "./several-tasks.ts";
import { shrinkingFaults } from "./shrinking.ts";
import { signingFaults } from "./signing.ts";
import { studyFaults } from "./studies.ts";
import { tokenFaults } from "./tokens.ts";
import { watchingFaults } from "./watching.ts";

const catalogues = [
  fileFaults,
  tokenFaults,
  generatingFaults,
  headFaults,
  choosingFaults,
  taskFaults,
  hubFaults,
  imageFaults,
  seriesFaults,
  runningFaults,
  privacyFaults,
  searchingFaults,
  servingFaults,
  signingFaults,
  studyFaults,
  modelFaults,
  adaptingFaults,
  learningFaults,
  shrinkingFaults,
  auditingFaults,
  releasingFaults,
  roundFaults,
  readingFaults,
  rowFaults,
  commandFaults,
  deployingFaults,
  compressingFaults,
  watchingFaults,
];
const table: Readonly<Record<string, string>> = Object.assign({}, ...catalogues);

/** English sentences that have a translation, with their places. */
export const translatedSentences: readonly string[] = [...catalogues, amounts].flatMap(Object.keys);

interface Pattern {
  readonly match: RegExp;
  readonly places: readonly string[];
  readonly zh: string;
}

let patterns: readonly Pattern[] | undefined;

/** Sentences with places, those with most words of their own first. */
const compiled = (sentences: Readonly<Record<string, string>>, place: string): readonly Pattern[] =>
  Object.keys(sentences)
    .filter((en) => en.includes("{0}"))
    .sort((a, b) => b.replace(/\{\d\}/g, "").length - a.replace(/\{\d\}/g, "").length)
    .map((en) => ({
      match: new RegExp(
        `^${en
          .split(/\{\d\}/)
          .map(escaped)
          .join(place)}$`,
        "s",
      ),
      places: [...en.matchAll(/\{(\d)\}/g)].map((found) => found[1]!),
      zh: sentences[en]!,
    }));

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * A sentence of an error or a warning in Chinese; clauses between semicolons are looked up one by one, and what a sentence fills in too.
 * @example chineseOf("there is no column lable") // "没有名为 lable 的列"
 */
export function chineseOf(sentence: string): string {
  // keys of one of several tasks have the sentences of `data`
  const own = /\b(tasks\.[^.:]+)\.(label|labels|separator|rename|exclude)\b/.exec(sentence);
  if (own && !Object.hasOwn(table, sentence)) {
    const [key, section, name] = own;
    return chineseOf(sentence.replaceAll(key, `data.${name}`)).replaceAll(`data.${name}`, `${section}.${name}`);
  }
  const clauses = sentence.split("; ");
  if (clauses.length === 1) return lookedUp(sentence) ?? sentence;
  const whole = lookedUp(sentence, true);
  if (whole !== undefined) return whole;
  const found = clauses.map((clause) => lookedUp(clause));
  if (found.every((clause) => clause !== undefined)) return found.join("；");
  // a text that is quoted may hold semicolons itself
  return lookedUp(sentence) ?? clauses.map((clause, i) => found[i] ?? clause).join("; ");
}

/** @param several only sentences of several clauses */
function lookedUp(sentence: string, several = false): string | undefined {
  if (Object.hasOwn(table, sentence)) return table[sentence];
  if (Object.hasOwn(amounts, sentence)) return amounts[sentence];
  patterns ??= [...compiled(table, "(.*?)"), ...compiled(amounts, "(\\S+)")];
  for (const { match, places, zh } of patterns) {
    if (several && !zh.includes("；")) continue;
    const found = match.exec(sentence);
    if (!found) continue;
    const values = new Map(places.map((place, i) => [place, found[i + 1]!]));
    return zh.replace(/\{(\d)\}/g, (_, place: string) => {
      const value = values.get(place) ?? "";
      return value.includes(" ") ? (lookedUp(value) ?? value) : value; // a single word may be a column's name
    });
  }
  return undefined;
}
