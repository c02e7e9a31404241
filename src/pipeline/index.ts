// The stages in the order in which they run.

import { auditStage, explanationPart, fairnessPart, privacyPart, robustnessPart } from "../audit/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Stage } from "../stages/index.ts";
import { adapt, baseline, evaluate, exportStage, prepare, pretrain, reportStage } from "../stages/index.ts";

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
export const stagesOf = (recipe: Recipe): string[] => stages.filter((s) => s.supports(recipe)).map((s) => s.name);
