// Examples of one part of the rows, and how good a model's outputs of them are. Knows no kind of example.
import type { Task } from "../tasks/index.ts";
import type { Example } from "../train/index.ts";

/** Logits of one example: [labels], or [tokens, labels] where words are labelled. */
export type ExampleLogits = { readonly data: Float32Array };

/** Examples of one part, and how good their logits are. */
export interface PartExamples {
  readonly examples: Example[];
  /** Those whose logits or losses the score reads. Default `examples`. */
  readonly judged?: Example[];
  readonly score: PartScore;
}

/** How good logits of a part are, as the task scores dev. */
export interface PartScore extends Pick<Task["devScore"], "name" | "better"> {
  of(logits: readonly ExampleLogits[]): number;
}
