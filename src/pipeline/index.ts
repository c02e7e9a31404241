// The stages in the order in which they run.

import type { ArtifactReader } from "../artifacts/index.ts";
import {
  auditStage,
  explanationAudit,
  fairnessAudit,
  privacyAudit,
  robustnessAudit,
  writingStage,
} from "../audit/index.ts";
import { compress } from "../compress/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { ReportInput } from "../report/index.ts";
import type { Stage, StageContext } from "../stages/index.ts";
import {
  adapt,
  baseline,
  evaluate,
  exportStage,
  prepare,
  pretrain,
  profileStage,
  reportAfter,
  reportInputOf,
} from "../stages/index.ts";

/** All but the report, which shows what they left. */
const measuring: readonly Stage[] = [
  prepare,
  pretrain,
  adapt,
  baseline,
  evaluate,
  profileStage,
  auditStage(fairnessAudit),
  auditStage(privacyAudit),
  auditStage(explanationAudit),
  auditStage(robustnessAudit),
  writingStage,
  exportStage,
  compress,
];
export const reportStage = reportAfter(measuring);
export const stages: readonly Stage[] = [...measuring, reportStage];

/** What the stages of a run left, as a report shows it. @throws E_IO, E_FORMAT where a file of the run is gone or edited */
export const reportInput = (
  context: Pick<StageContext, "recipe" | "home" | "run" | "before"> & ArtifactReader,
): Promise<ReportInput> => reportInputOf(measuring, context);

/** Names of the stages that a recipe asks for, in order. */
export const stagesOf = (recipe: Recipe): string[] => stages.filter((s) => s.supports(recipe)).map((s) => s.name);
