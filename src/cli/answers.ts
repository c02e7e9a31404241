// Answers as text for a terminal, or as rows of CSV.
import { visible } from "../base/index.ts";
import { type Language, say } from "../messages/index.ts";
import { type Answered, type AnswerStyle, longestShown, placedEntities, unusableIn } from "../runs/index.ts";
import type { WrittenColumn } from "../tables/node/index.ts";

/** A line: the answer, a tab, the text. */
export function answerLine(
  { given, answer }: Answered,
  { top, sets }: Pick<AnswerStyle, "top" | "sets">,
  language: Language,
): string {
  const reason = unusableIn(given);
  const shown = (answer: Answered["answer"]): string => {
    if (!answer) return say(language, "predict.unusable", { reason: say(language, `refusal.${reason!}`) });
    if (answer.kind === "tasks")
      return Object.entries(answer.tasks)
        .map(([name, one]) => `${name}: ${shown(one)}`)
        .join("  ");
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
  return visible(`${shown(answer)}${set}\t${given.given.slice(0, longestShown).replace(/\s+/g, " ")}`);
}

/** A label, or an end of an interval. */
const roundedOrName = (x: string | number): string => (typeof x === "number" ? x.toPrecision(4) : x);

/** What kind of answers a model gives, for a table: a row for each entity, a number, or labels; of several heads each one's kind, by its name. */
export type AnswerKind = OneKind | Readonly<Record<string, OneKind>>;
type OneKind = "entities" | "value" | "label" | "labels";

/** A column of one of several heads. @example columnOfTask("urgency", "label") // "urgency_label" */
const columnOfTask = (task: string, column: string): string => `${task}_${column}`;

/** Columns of the answers in a flat table, with what they hold. */
export function answerColumns(kind: AnswerKind, { top, sets }: Pick<AnswerStyle, "top" | "sets">): WrittenColumn[] {
  if (typeof kind !== "string")
    return Object.entries(kind).flatMap(([task, own]) =>
      answerColumns(own, { top }).map((column) => ({ ...column, name: columnOfTask(task, column.name) })),
    );
  const set: WrittenColumn[] = sets ? [{ name: "set", kind: "text" }] : [];
  if (kind === "entities")
    return [
      { name: "start", kind: "integer" },
      { name: "end", kind: "integer" },
      { name: "label", kind: "text" },
      { name: "entity", kind: "text" },
      { name: "probability", kind: "number" },
    ];
  if (kind === "value") return [{ name: "value", kind: "number" }, ...set];
  const ranks = kind === "label" ? Array.from({ length: top - 1 }, (_, i) => i + 2) : [];
  const further = ranks.flatMap((rank): WrittenColumn[] => [
    { name: `label_${rank}`, kind: "text" },
    { name: `probability_${rank}`, kind: "number" },
  ]);
  return [{ name: "label", kind: "text" }, { name: "probability", kind: "number" }, ...further, ...set];
}

/**
 * An answer as rows of a flat table: of entities a row each, and an empty one where there are none; else one row. Several labels have
 * `;` between.
 */
export function answerRows(
  { given, answer }: Answered,
  { top, offsets, sets }: AnswerStyle,
): Record<string, unknown>[] {
  if (answer?.kind === "entities") {
    const found = placedEntities(given, answer.entities, offsets);
    if (found.length === 0) return [{}];
    return found.map(({ start, end, type, text, probability }) => ({
      start,
      end,
      label: type,
      entity: text,
      probability,
    }));
  }
  if (!answer) return [{}];
  if (answer.kind === "tasks")
    return [
      Object.fromEntries(
        Object.entries(answer.tasks).flatMap(([task, one]) =>
          Object.entries(answerRows({ given, answer: one }, { top, offsets })[0]!).map(([name, value]) => [
            columnOfTask(task, name),
            value,
          ]),
        ),
      ),
    ];
  const set = sets ? { set: sets(answer).join(";") } : {};
  if (answer.kind === "value") return [{ value: answer.value, ...set }];
  const [first] = answer.ranked;
  const probability = first?.probability ?? null;
  if (answer.kind === "labels") return [{ label: (answer.labels ?? []).join(";"), probability, ...set }];
  const further = answer.ranked.slice(1, top).flatMap((one, i) => [
    [`label_${i + 2}`, one.label],
    [`probability_${i + 2}`, one.probability],
  ]);
  return [{ label: answer.label, probability, ...Object.fromEntries(further), ...set }];
}
