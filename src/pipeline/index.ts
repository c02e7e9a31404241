// The stages in the order in which they run.
import type { Recipe } from "../recipe/index.ts";
import { adapt } from "../stages/index.ts";
import { explanationPart } from "../audit/index.ts";
import { fairnessPart } from "../audit/index.ts";
import { auditStage } from "../audit/index.ts";
import { privacyPart } from "../audit/index.ts";
import { robustnessPart } from "../audit/index.ts";
import { baseline } from "../stages/index.ts";
import { evaluate } from "../stages/index.ts";
import { exportStage } from "../stages/index.ts";
import { prepare } from "../stages/index.ts";
import { pretrain } from "../stages/index.ts";
import { reportStage } from "../stages/index.ts";
import type { Stage } from "../stages/index.ts";

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
