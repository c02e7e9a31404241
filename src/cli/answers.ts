// Answers as text for a terminal, as lines of JSON, or as rows of CSV.
import { inCodePoints } from "../data/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { Answer, FoundEntity } from "../predict/index.ts";
import type { AnswerSets } from "../runs/index.ts";
import { visible } from "./sizes.ts";
import type { Given } from "./texts.ts";

/** A text with its answer; none for a text that cannot be used. */
export interface Answered {
  readonly text: Given;
  readonly answer?: Answer;
}

/** How answers are written. */
export interface AnswerStyle {
  /** Ranked labels to give. */
  readonly top: number;
  /** What the offsets of entities count. */
  readonly offsets: "code-points" | "utf-16";
  /** Gives the set of labels, or the interval, that holds the truth with a promised probability. */
  readonly sets?: AnswerSets;
}

const longestShown = 1000; // characters of a text beside its answer

const unusable = ({ input }: Given) => ("unusable" in input ? input.unusable : undefined);

/** An answer as plain data. */
export function answerRecord({ text, answer }: Answered, { top, offsets, sets }: AnswerStyle): Record<string, unknown> {
  const head = { ...(text.place ? { place: text.place } : {}), text: text.given.slice(0, longestShown) };
  if (!answer) return { ...head, label: null, unusable: unusable(text) };
  const set = sets ? { set: sets(answer) } : {};
  if (answer.kind === "value") return { ...head, value: answer.value, ...set };
  if (answer.kind === "entities") return { ...head, entities: placed(text, answer.entities, offsets) };
  const labels = answer.ranked.slice(0, top);
  return { ...head, label: answer.kind === "labels" ? answer.labels : answer.label, labels, ...set };
}

/** A line: the answer, a tab, the text. */
export function answerLine(
  { text, answer }: Answered,
  { top, sets }: Pick<AnswerStyle, "top" | "sets">,
  language: Language,
): string {
  const reason = unusable(text);
  const shown = (): string => {
    if (!answer) return say(language, "predict.unusable", { reason: say(language, `refusal.${reason!}`) });
    if (answer.kind === "value") return String(answer.value);
    if (answer.kind === "entities")
      return (
        answer.entities.map((e) => `${e.text} (${e.type} ${e.probability.toFixed(3)})`).join("  ") ||
        say(language, "predict.noEntity")
      );
    const chosen = answer.kind === "labels" ? answer.labels : answer.label;
    if (chosen === null) return say(language, "predict.abstains");
    const several = typeof chosen !== "string";
    if (several && chosen.length === 0 && top === 1) return say(language, "predict.noLabel");
    return answer.ranked
      .slice(0, several ? Math.max(top === 1 ? 0 : top, chosen.length) : top)
      .map(({ label, probability }) => `${label} ${probability.toFixed(3)}`)
      .join("  ");
  };
  const set = sets && answer ? `  {${sets(answer).map(roundedOrName).join(", ")}}` : "";
  return visible(`${shown()}${set}\t${text.given.slice(0, longestShown).replace(/\s+/g, " ")}`);
}

/** A label, or an end of an interval. */
const roundedOrName = (x: string | number): string => (typeof x === "number" ? x.toPrecision(4) : x);

const placed = (text: Given, entities: readonly FoundEntity[], offsets: AnswerStyle["offsets"]) =>
  offsets === "utf-16" ? entities : inCodePoints(text.given, entities);

/** First line of a CSV of answers. */
export function csvHead(entities: boolean, { sets }: Pick<AnswerStyle, "sets"> = {}): string {
  if (entities) return "place,text,start,end,label,entity,probability";
  return sets ? "place,text,label,probability,set" : "place,text,label,probability";
}

/**
 * A row of CSV; several labels have `;` between, a number has no probability. For entities one row each, and one with empty
 * fields where there are none.
 */
export function answerRow({ text, answer }: Answered, entities: boolean, { offsets, sets }: AnswerStyle): string {
  const row = (...values: readonly unknown[]) =>
    [text.place ?? "", text.given.slice(0, longestShown), ...values].map(quoted).join(",");
  if (entities) {
    const found = answer?.kind === "entities" ? placed(text, answer.entities, offsets) : [];
    return found.length
      ? found.map((e) => row(e.start, e.end, e.type, e.text, e.probability)).join("\n")
      : row("", "", "", "", "");
  }
  const set = sets ? [answer ? sets(answer).join(";") : ""] : [];
  switch (answer?.kind) {
    case "value":
      return row(answer.value, "", ...set);
    case "labels":
      return row((answer.labels ?? []).join(";"), answer.ranked[0]?.probability ?? "", ...set);
    case "label":
      return row(answer.label ?? "", answer.ranked[0]?.probability ?? "", ...set);
    default:
      return row("", "", ...set);
  }
}

const quoted = (value: unknown): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
