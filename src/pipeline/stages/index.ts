// The stages in the order in which they run.
import type { Recipe } from "../recipe.ts";
import type { Stage } from "../stage.ts";
import { adapt } from "./adapt.ts";
import { explanationPart } from "./audit/explanation.ts";
import { fairnessPart } from "./audit/fairness.ts";
import { auditStage } from "./audit/part.ts";
import { privacyPart } from "./audit/privacy.ts";
import { robustnessPart } from "./audit/robustness.ts";
import { baseline } from "./baseline.ts";
import { evaluate } from "./evaluate.ts";
import { exportStage } from "./export.ts";
import { prepare } from "./prepare.ts";
import { pretrain } from "./pretrain.ts";
import { reportStage } from "./report.ts";

export const stages: readonly Stage[] = [
  prepare,
  pretrain,
  adapt,
  baseline,
  evaluate,
  auditStage(fairnessPart),
  auditStage(privacyPart),
  auditStage(explanationPart),
  auditStage(robustnessPart),
  exportStage,
  reportStage,
];

/** Names of the stages that a recipe asks for, in order. */
export const stagesOf = (recipe: Recipe): string[] => stages.filter((s) => s.wanted(recipe)).map((s) => s.name);
