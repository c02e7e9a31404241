// What was done to a table of answers before it was audited, in lines for a terminal.

import { cutText, fairnessText } from "../audit/index.ts";
import { type Language, say } from "../messages/index.ts";
import { inLanguage } from "../translations/index.ts";
import type { TableFindings } from "./audit-table.ts";

const firstOf = (names: readonly string[]): string => `${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""}`;

/** What was done to the table; then the audit. */
export const tableText = (findings: TableFindings, language: Language): string =>
  [...tableRemarks(findings, language), fairnessText(findings, language)].join("\n");

/** Rows that were left out, predictions that are the label of no row, how numbers were grouped: a sentence each. */
export function tableRemarks(findings: TableFindings, language: Language): string[] {
  const { withoutTruth, withoutAnswer, withoutGroup, strangeAnswers, neverAnswered, bins, ...reading } =
    findings.reading;
  const lines = reading.guesses.map((guess) => inLanguage(language, guess));
  if (withoutTruth) lines.push(say(language, "audit.table.withoutTruth", { rows: withoutTruth }));
  if (withoutAnswer) lines.push(say(language, "audit.table.withoutAnswer", { rows: withoutAnswer }));
  if (withoutGroup) lines.push(say(language, "audit.table.withoutGroup", { rows: withoutGroup }));
  const spellings = Object.entries(reading.spellings).map(([one, all]) => `${one} (${firstOf(all)})`);
  if (spellings.length) lines.push(say(language, "audit.table.spellings", { labels: firstOf(spellings) }));
  const strange = Object.entries(strangeAnswers);
  if (strange.length)
    lines.push(
      say(language, "audit.table.strange", {
        rows: strange.reduce((sum, [, rows]) => sum + rows, 0),
        answers: firstOf(strange.map(([answer, rows]) => `${answer} (${rows})`)),
      }),
    );
  const never = Object.entries(neverAnswered).map(([truth, rows]) => `${truth} (${rows})`);
  if (never.length) lines.push(say(language, "audit.table.never", { labels: firstOf(never) }));
  if (reading.negative.length) lines.push(say(language, "audit.table.negative", { labels: firstOf(reading.negative) }));
  for (const reason of reading.oneSided) lines.push(say(language, `audit.table.${reason}`));
  lines.push(...cutText(bins, language, (attribute) => `--bins ${attribute}=…`));
  return lines;
}
