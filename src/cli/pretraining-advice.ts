// Whether concord init proposes pretraining, and why: only where docs/pretraining.md measured that it helps. Reads nothing.
import { type TaskName, taskOf } from "../tasks/index.ts";

/** What is known before there is a recipe. */
export interface TextsAtHand {
  readonly task: TaskName;
  /** A model that others have pretrained is given. */
  readonly given: boolean;
  readonly pair: boolean;
  readonly labelled: number;
  /** Texts without a label: of the table, or of another file. */
  readonly unlabelled: number;
  /** A column tells which texts without a label belong together. */
  readonly grouped: boolean;
}

/** Measured with 400 to 508 labels; with 4,000 only where texts without labels had groups. */
const fewLabels = 1000;
/** Fewer texts than were ever measured. */
const fewestTexts = 400;

export type Advice = "few-labels" | "groups" | "given" | "entities" | "task" | "few-texts" | "many-labels";

/** Advice that proposes pretraining. */
export const proposes = (advice: Advice): advice is "few-labels" | "groups" =>
  advice === "few-labels" || advice === "groups";

/** @example pretrainingAdvice({ task: "single-label", given: false, pair: false, labelled: 450, unlabelled: 9000, grouped: false }) // "few-labels" */
export function pretrainingAdvice({ task, given, pair, labelled, unlabelled, grouped }: TextsAtHand): Advice {
  if (given) return "given";
  const { words, exclusive } = taskOf(task);
  if (words) return "entities";
  if (!exclusive || pair) return "task";
  if (labelled + unlabelled < fewestTexts) return "few-texts";
  if (grouped && unlabelled >= labelled) return "groups";
  return labelled <= fewLabels ? "few-labels" : "many-labels";
}
