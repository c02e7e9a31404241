// Steps in their order.
import { join } from "node:path";
import type { CompressStepSettings } from "../recipe/index.ts";
import type { Compressing, StepContext } from "./step.ts";
import { applyStep, askedStep } from "./steps/index.ts";

/** A model after some steps, and what compression.json says of each. */
export interface Applied {
  readonly result: Compressing;
  readonly steps: readonly AppliedStep[];
}

export interface AppliedStep {
  readonly step: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly [fact: string]: unknown;
}

/** @param context its `keep` gets a folder for each step @throws what a step throws */
export async function applied(
  start: Compressing,
  steps: readonly CompressStepSettings[],
  context: StepContext,
): Promise<Applied> {
  const done: AppliedStep[] = [];
  let result = start;
  for (const [at, entry] of steps.entries()) {
    const { name, settings } = askedStep(entry);
    const stepped = await applyStep(result, entry, { ...context, keep: join(context.keep, `step-${at + 1}`) });
    result = stepped.result;
    done.push({ step: name, settings: { ...settings }, ...stepped.facts });
  }
  return { result, steps: done };
}
