// An answer as plain data: what a line of JSON and the answer of a server hold.
import { inCodePoints } from "../data/index.ts";
import type { Given, Unusable } from "../modalities/index.ts";
import type { FoundEntity, Quote } from "../predict/index.ts";
import type { AnswerSets } from "./answer-sets.ts";
import type { Answered } from "./answerer.ts";
import type { ExplainedAnswer } from "./explain-run.ts";

/** How answers are written. */
export interface AnswerStyle {
  /** Ranked labels to give. */
  readonly top: number;
  /** What the offsets of entities count. */
  readonly offsets: "code-points" | "utf-16";
  /** Gives the set of labels, or the interval, that holds the truth with a promised probability. */
  readonly sets?: AnswerSets;
}

/** Characters of a text that stand beside its answer. */
export const longestShown = 1000;

/** Why an input has no answer; undefined for one that has. */
export const unusableIn = ({ input }: Given): Unusable | undefined =>
  "unusable" in input ? input.unusable : undefined;

/** Entities with offsets as they are wanted. */
export const placedEntities = (
  given: Given,
  entities: readonly FoundEntity[],
  offsets: AnswerStyle["offsets"],
): readonly FoundEntity[] => (offsets === "utf-16" ? entities : inCodePoints(given.given, entities));

/** A part of a text that answers a question, with places as they are wanted. */
export function placedQuote(
  context: string,
  { text, start, end, score, probability }: Quote,
  offsets: AnswerStyle["offsets"],
): Quote {
  const inUnit = (place: number) => (offsets === "utf-16" ? place : [...context.slice(0, place)].length);
  return { text, start: inUnit(start), end: inUnit(end), score, probability };
}

/**
 * An answer as plain data.
 * @example answerRecord(answered, { top: 1, offsets: "code-points" }).label // "flu"
 */
export function answerRecord(
  { given, answer }: Answered,
  { top, offsets, sets }: AnswerStyle,
): Record<string, unknown> {
  const head = { ...(given.place ? { place: given.place } : {}), text: given.given.slice(0, longestShown) };
  if (!answer) return { ...head, label: null, unusable: unusableIn(given) };
  if (answer.kind === "tasks")
    return {
      ...head,
      tasks: Object.fromEntries(
        Object.entries(answer.tasks).map(([name, one]) => {
          const { text: _, place: _p, ...own } = answerRecord({ given, answer: one }, { top, offsets });
          return [name, own];
        }),
      ),
    };
  const set = sets ? { set: sets(answer) } : {};
  if (answer.kind === "value") return { ...head, value: answer.value, ...set };
  if (answer.kind === "entities") return { ...head, entities: placedEntities(given, answer.entities, offsets) };
  const labels = answer.ranked.slice(0, top);
  return { ...head, label: answer.kind === "labels" ? answer.labels : answer.label, labels, ...set };
}

/** An explained answer as plain data: offsets in UTF-16 code units. */
export function explanationRecord({ answer, explanation, flip, nearest }: ExplainedAnswer): Record<string, unknown> {
  const near = nearest.length ? { nearest } : {};
  if (flip) return { method: "flip", answer, ...flip, ...near };
  const { words, ...more } = explanation!;
  const plain = words.map(({ part, start, end, word, value }) => ({ part, start, end, word, value }));
  return { answer, ...more, words: plain, ...near };
}
