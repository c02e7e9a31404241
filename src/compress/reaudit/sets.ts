// Prediction sets of both models, calibrated on the same validation rows as the audit of robustness does. A compressed model that serves
// them needs its own: those of the model before promise nothing of another one.
import { type CalibratedSets, setsOf } from "../../audit/index.ts";
import { type AuditSettings, auditSchema } from "../../recipe/index.ts";
import type { StepContext } from "../step.ts";
import { type Change, plainChange, type Side } from "./sides.ts";

/** Temperatures that validation rows give. */
export interface Temperatures {
  readonly before?: number;
  readonly after?: number;
}

/** How the recipe's sets are made: by its audit, or by the defaults where it has none. False where it turns them off. */
export const setsSettings = ({ audit = auditSchema.parse({}) }: StepContext["recipe"]): AuditSettings["robustness"] =>
  audit.robustness;

/** @returns undefined where the recipe turns them off, for tasks that have none, and without validation rows */
export async function setsChange(
  context: StepContext,
  before: Side,
  after: Side,
  temperatures: Temperatures,
): Promise<{ readonly sets: CalibratedSets; readonly changes: Readonly<Record<string, Change>> } | undefined> {
  const settings = setsSettings(context.recipe);
  if (settings === false) return undefined;
  const of = ({ predictor, processor }: Side, temperature = 1) =>
    setsOf({ ...context, predictor, processor, temperature }, settings);
  const [a, b] = [await of(before, temperatures.before), await of(after, temperatures.after)];
  if (!a || !b) return undefined;
  return {
    sets: b,
    changes: {
      "sets.coverage": plainChange(a.coverage.all.value, b.coverage.all.value),
      "sets.size": plainChange(a.coverage.size, b.coverage.size),
    },
  };
}
