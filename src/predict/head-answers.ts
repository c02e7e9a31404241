// What the heads of models answer, as values: whoever holds a model without its recipe asks here, never which head it is. Pure.
import type { LabelKind } from "../data/index.ts";
import type { Task } from "../models/index.ts";
import { softmax } from "./temperature.ts";

/** What logits of a head mean. */
export interface HeadAnswers {
  /** Of an answer: see `Answer`. */
  readonly kind: Exclude<LabelKind, "text" | "answers" | "choice" | "future">;
  /** Logits belong to words, not to whole inputs. */
  readonly words: boolean;
  /** One logit, which is the number itself. */
  readonly numeric: boolean;
  /** Each output is decided by itself: an input may have several labels. */
  readonly several: boolean;
  /** Of each output its probability, or the number; of several tasks the logits, for each task has its own.  @param temperature of calibration. Default 1: none */
  outputs(logits: ArrayLike<number>, temperature?: number): number[];
}

const label: HeadAnswers = { kind: "label", words: false, numeric: false, several: false, outputs: softmax };

/** Heads that answer, by name. */
export const answeringHeads = {
  "single-label": label,
  ordinal: label,
  "multi-label": {
    ...label,
    kind: "labels",
    several: true,
    outputs: (logits) => Array.from(logits, (x) => 1 / (1 + Math.exp(-x))),
  },
  regression: { ...label, kind: "value", numeric: true, outputs: (logits) => Array.from(logits) },
  token: { ...label, kind: "entities", words: true },
  "multi-task": { ...label, kind: "tasks", outputs: (logits) => Array.from(logits) },
} as const satisfies Readonly<Partial<Record<Task, HeadAnswers>>>;

/** @returns undefined for heads that answer nothing about an input: masked or next words, bare features */
export const headAnswers = (task: Task): HeadAnswers | undefined =>
  isAnswering(task) ? answeringHeads[task] : undefined;

const isAnswering = (task: Task): task is keyof typeof answeringHeads => Object.hasOwn(answeringHeads, task);

/** Whether probabilities are a softmax of logits, so that a temperature calibrates them. */
export const isCalibratedBySoftmax = (task: Task): boolean => headAnswers(task)?.outputs === softmax;
