// The stages in the order in which they run.

import { auditStage, explanationAudit, fairnessAudit, privacyAudit, robustnessAudit } from "../audit/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Stage } from "../stages/index.ts";
import { adapt, baseline, evaluate, exportStage, prepare, pretrain, reportStage } from "../stages/index.ts";

export const stages: readonly Stage[] = [
  prepare,
  pretrain,
  adapt,
  baseline,
  evaluate,
  auditStage(fairnessAudit),
  auditStage(privacyAudit),
  auditStage(explanationAudit),
  auditStage(robustnessAudit),
  exportStage,
  reportStage,
];

/** Names of the stages that a recipe asks for, in order. */
export const stagesOf = (recipe: Recipe): string[] => stages.filter((s) => s.supports(recipe)).map((s) => s.name);
