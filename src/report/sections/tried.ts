// Scores of settings that a search chose: how many were tried, and intervals that hold for all of them. Computes nothing.
import { type Language, say } from "../../messages/index.ts";
import { count, type Html, html, isRecord, isScore } from "../../pages/index.ts";
import type { TriedScores } from "../../tasks/index.ts";
import type { Scored } from "../input.ts";
import { scoreName, withInterval } from "./baselines.ts";

/** In a sentence. */
export function triedText({ settings, level, scores }: TriedScores, language: Language): string {
  const list = Object.entries(scores).flatMap(([name, value]) =>
    isScore(value) ? [`${scoreName(language, name)} ${withInterval(value)}`] : [],
  );
  const between = language === "zh" ? "；" : "; ";
  const shown = { settings: count(settings), level: (level * 100).toFixed(2), scores: list.join(between) };
  return say(language, "evaluate.tried", shown);
}

/** `tried` of metrics.json as a paragraph of the report. */
export function triedNote({ language, metrics: { tried } }: Scored): Html | undefined {
  if (!isRecord(tried) || typeof tried.settings !== "number" || typeof tried.level !== "number") return undefined;
  const scores = isRecord(tried.scores) ? (tried.scores as TriedScores["scores"]) : {};
  return html`<p class="warning">${triedText({ settings: tried.settings, level: tried.level, scores }, language)}</p>`;
}
