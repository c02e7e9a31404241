// Answers as text for a terminal, or as rows of CSV.
import { type Language, say } from "../messages/index.ts";
import { type Answered, type AnswerStyle, longestShown, placedEntities, unusableIn } from "../runs/index.ts";
import { visible } from "./sizes.ts";

/** A line: the answer, a tab, the text. */
export function answerLine(
  { given, answer }: Answered,
  { top, sets }: Pick<AnswerStyle, "top" | "sets">,
  language: Language,
): string {
  const reason = unusableIn(given);
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
  return visible(`${shown()}${set}\t${given.given.slice(0, longestShown).replace(/\s+/g, " ")}`);
}

/** A label, or an end of an interval. */
const roundedOrName = (x: string | number): string => (typeof x === "number" ? x.toPrecision(4) : x);

/** First line of a CSV of answers. */
export function csvHead(entities: boolean, { sets }: Pick<AnswerStyle, "sets"> = {}): string {
  if (entities) return "place,text,start,end,label,entity,probability";
  return sets ? "place,text,label,probability,set" : "place,text,label,probability";
}

/**
 * A row of CSV; several labels have `;` between, a number has no probability. For entities one row each, and one with empty
 * fields where there are none.
 */
export function answerRow({ given, answer }: Answered, entities: boolean, { offsets, sets }: AnswerStyle): string {
  const row = (...values: readonly unknown[]) =>
    [given.place ?? "", given.given.slice(0, longestShown), ...values].map(quoted).join(",");
  if (entities) {
    const found = answer?.kind === "entities" ? placedEntities(given, answer.entities, offsets) : [];
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
