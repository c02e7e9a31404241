// Scores of settings that a search chose: how many were tried, and intervals that hold for all of them. Computes nothing.
import { type Language, say } from "../../messages/index.ts";
import { count, type Html, html, isRecord, isScore, type Score } from "../../pages/index.ts";
import type { Scored } from "../input.ts";
import { scoreName, withInterval } from "./baselines.ts";

/** What metrics.json keeps in `tried`. */
export interface TriedScores {
  /** Settings that were tried. */
  readonly settings: number;
  /** Level of each interval, such as 0.9975. */
  readonly level: number;
  readonly scores: Readonly<Record<string, Score>>;
}

/** In a sentence. */
export function triedText({ settings, level, scores }: TriedScores, language: Language): string {
  const list = Object.entries(scores).flatMap(([name, value]) =>
    isScore(value) ? [`${scoreName(language, name)} ${withInterval(value)}`] : [],
  );
  return say(language, "evaluate.tried", {
    settings: count(settings),
    level: (level * 100).toFixed(2),
    scores: list.join(language === "zh" ? "；" : "; "),
  });
}

/** `tried` of metrics.json as a paragraph of the report. */
export function triedNote({ language, metrics: { tried } }: Scored): Html | undefined {
  if (!isRecord(tried) || typeof tried.settings !== "number" || typeof tried.level !== "number") return undefined;
  const { settings, level } = tried;
  const scores = isRecord(tried.scores) ? (tried.scores as TriedScores["scores"]) : {};
  return html`<p class="warning">${triedText({ settings, level, scores }, language)}</p>`;
}
