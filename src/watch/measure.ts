// What is measured of an answer and its input. Knows no model.
import type { Answer } from "../predict/index.ts";
import type { Measurement } from "./profile.ts";

/** Tokens of an input, and how many of them the vocabulary lacks. */
export interface TokenCounts {
  readonly tokens: number;
  readonly unknown: number;
}

/**
 * Numbers and category of an answer. Several labels are one category, with a comma between; of entities their number counts.
 * @param features what the head read [H] @param counts of a text; none for an image
 * @example measurementOf({ kind: "label", label: "flu", ranked: [{ label: "flu", probability: 0.9 }] }, undefined, { tokens: 6, unknown: 0 })
 */
export function measurementOf(answer: Answer, features?: ArrayLike<number>, counts?: TokenCounts): Measurement {
  const input = counts && {
    "input.tokens": counts.tokens,
    "input.unknown": counts.tokens ? counts.unknown / counts.tokens : 0,
  };
  const said = answerParts(answer);
  return {
    numbers: {
      ...input,
      ...(said.confidence !== undefined && { "answer.confidence": said.confidence }),
      ...(said.value !== undefined && { "answer.value": said.value }),
      ...(answer.kind === "entities" && { "answer.entities": answer.entities.length }),
    },
    ...(said.label !== undefined && { answer: said.label }),
    ...(features && { features }),
  };
}

/** The parts of an answer that are kept of it. */
export interface AnswerParts {
  /** Absent for numbers, entities and several tasks, and where the model abstained. */
  readonly label?: string;
  readonly confidence?: number;
  readonly value?: number;
  readonly abstained: boolean;
}

/** A label, a number, or neither where the model abstained. */
export function answerParts(answer: Answer): AnswerParts {
  if (answer.kind === "value") return { value: answer.value, abstained: false };
  if (answer.kind === "entities" || answer.kind === "tasks") return { abstained: false };
  const confidence = answer.ranked[0]?.probability;
  const label = answer.kind === "label" ? answer.label : answer.labels && [...answer.labels].sort().join(", ");
  if (label === null) return { confidence, abstained: true };
  return { label, confidence, abstained: false };
}
