// Scores without the test rows that are in training too, where the data's own parts repeat rows. Computes nothing.
import { type Language, say } from "../../messages/index.ts";
import { count, type Html, html, isRecord, isScore } from "../../pages/index.ts";
import type { UntrainedScores } from "../../tasks/index.ts";
import type { Scored } from "../input.ts";
import { scoreName, withInterval } from "./baselines.ts";

/** The scores in a sentence; nothing where no test row is in training. */
export function untrainedText(untrained: UntrainedScores | undefined, language: Language): string | undefined {
  if (!untrained) return undefined;
  const { rows, leftOut, ...scores } = untrained;
  if (rows === 0) return say(language, "evaluate.allTrained", { rows: count(leftOut) });
  const list = Object.entries(scores).flatMap(([name, value]) =>
    isScore(value) ? [`${scoreName(language, name)} ${withInterval(value)}`] : [],
  );
  const between = language === "zh" ? "；" : "; ";
  return say(language, "evaluate.untrained", {
    leftOut: count(leftOut),
    rows: count(rows),
    scores: list.join(between),
  });
}

/** `notInTraining` of metrics.json as a paragraph of the report. */
export function untrainedNote({ language, metrics: { notInTraining: found } }: Scored): Html | undefined {
  if (!isRecord(found) || typeof found.rows !== "number" || typeof found.leftOut !== "number") return undefined;
  const { rows, leftOut } = found;
  return html`<p class="warning">${untrainedText({ ...found, rows, leftOut }, language)}</p>`;
}
