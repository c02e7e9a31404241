// Answers as text for a terminal, as lines of JSON, or as rows of CSV.
import { type Language, say } from "../messages/index.ts";
import type { Answer } from "../predict/index.ts";
import { visible } from "./sizes.ts";
import type { GivenText } from "./texts.ts";

/** A text with its answer; none for a text that cannot be used. */
export interface Answered {
  readonly text: GivenText;
  readonly answer?: Answer;
}

const longestShown = 1000; // characters of a text beside its answer

const unusable = ({ input }: GivenText) => ("unusable" in input ? input.unusable : undefined);

/** An answer as plain data. @param top ranked labels to give */
export function answerRecord({ text, answer }: Answered, top: number): Record<string, unknown> {
  const head = { ...(text.place ? { place: text.place } : {}), text: text.given.slice(0, longestShown) };
  if (!answer) return { ...head, label: null, unusable: unusable(text) };
  if (answer.kind === "value") return { ...head, value: answer.value };
  const labels = answer.ranked.slice(0, top);
  return { ...head, label: answer.kind === "labels" ? answer.labels : answer.label, labels };
}

/** A line: the answer, a tab, the text. */
export function answerLine({ text, answer }: Answered, top: number, language: Language): string {
  const reason = unusable(text);
  const shown = (): string => {
    if (!answer) return say(language, "predict.unusable", { reason: say(language, `refusal.${reason!}`) });
    if (answer.kind === "value") return String(answer.value);
    const chosen = answer.kind === "labels" ? answer.labels : answer.label;
    if (chosen === null) return say(language, "predict.abstains");
    const several = typeof chosen !== "string";
    if (several && chosen.length === 0 && top === 1) return say(language, "predict.noLabel");
    return answer.ranked
      .slice(0, several ? Math.max(top === 1 ? 0 : top, chosen.length) : top)
      .map(({ label, probability }) => `${label} ${probability.toFixed(3)}`)
      .join("  ");
  };
  return visible(`${shown()}\t${text.given.slice(0, longestShown).replace(/\s+/g, " ")}`);
}

/** First line of a CSV of answers. */
export const csvHead = "place,text,label,probability";

/** A row of CSV; several labels have `;` between, a number has no probability. */
export function answerRow({ text, answer }: Answered): string {
  const best = !answer || answer.kind === "value" ? "" : (answer.ranked[0]?.probability ?? "");
  const label = !answer
    ? ""
    : answer.kind === "value"
      ? answer.value
      : answer.kind === "labels"
        ? (answer.labels ?? []).join(";")
        : (answer.label ?? "");
  return [text.place ?? "", text.given.slice(0, longestShown), label, best].map(quoted).join(",");
}

const quoted = (value: unknown): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
