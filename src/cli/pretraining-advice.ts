// Which model concord init proposes, and whether pretraining: only what was measured to help (docs/pretraining.md). Reads nothing.
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

/** The pretrained model of the package. */
export const defaultEncoder = "concord/encoder-en";

/**
 * Whether the package's encoder is proposed: one English text with one label, few labels, and no texts without labels, whose pretraining
 * is proposed. Measured on three tables with 100 to 400 labels.
 * @param english share of the texts that look English
 * @example startsFromEncoder({ task: "single-label", pair: false, labelled: 280, unlabelled: 0, grouped: false, english: 0.97 }) // true
 */
export function startsFromEncoder({
  english,
  ...texts
}: Omit<TextsAtHand, "given"> & { readonly english: number }): boolean {
  const advice = pretrainingAdvice({ ...texts, given: false });
  const few = texts.labelled <= fewLabels && (advice === "few-labels" || advice === "few-texts");
  return few && texts.unlabelled === 0 && english >= 0.6;
}
