// Scores of settings that a search chose, with intervals that hold for all that were tried. Knows no task by name.
import { type Score, simultaneous, simultaneousLevel } from "../../eval/index.ts";

/** What metrics.json keeps in `tried`. */
export interface TriedScores {
  /** Settings that were tried. */
  readonly settings: number;
  /** Level of each interval, such as 0.9975. */
  readonly level: number;
  readonly scores: Readonly<Record<string, Score>>;
}

/**
 * Intervals of scores that hold for all settings together (see {@link simultaneous}).
 * @param summary of metrics; what has no interval is left out
 * @param shares whether scores lie between 0 and 1
 */
export function triedScores(
  summary: Readonly<Record<string, unknown>>,
  settings: number,
  shares: boolean,
): TriedScores {
  const options = { candidates: settings, bounds: shares ? ([0, 1] as const) : undefined };
  const scores = Object.entries(summary).flatMap(([name, score]) =>
    hasLimits(score) ? [[name, simultaneous(score, options)] as const] : [],
  );
  return { settings, level: simultaneousLevel(settings), scores: Object.fromEntries(scores) };
}

const hasLimits = (value: unknown): value is Score =>
  typeof value === "object" &&
  value !== null &&
  ["value", "low", "high"].every((key) => Number.isFinite((value as Record<string, unknown>)[key]));
