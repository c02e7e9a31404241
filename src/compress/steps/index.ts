// The steps of compression, by the names that recipes give them.
import { ConcordError } from "../../base/index.ts";
import type { CompressStepSettings } from "../../recipe/index.ts";
import type { Compressing, CompressStep, StepContext, StepName, Stepped } from "../step.ts";
import { distil } from "./distil.ts";
import { factorise } from "./factorise.ts";
import { prune } from "./prune.ts";
import { quantise } from "./quantise.ts";
import { trim } from "./trim.ts";

export { fewestObserved } from "./observe.ts";

const steps: { readonly [Name in StepName]: CompressStep<Name> } = { prune, trim, distil, factorise, quantise };

/** The name of the step that an entry of `compress.steps` asks for, and its settings. */
export function askedStep(entry: CompressStepSettings): { readonly name: StepName; readonly settings: object } {
  const [found] = Object.entries(entry).filter(([, settings]) => settings !== undefined);
  return { name: found![0] as StepName, settings: found![1] }; // the schema lets one pass, and one only
}

/** Applies the step that an entry asks for. @throws E_CONFIG for one that a private run's guarantee does not cover; what the step throws */
export async function applyStep(
  given: Compressing,
  entry: CompressStepSettings,
  context: StepContext,
): Promise<Stepped> {
  const { name, settings } = askedStep(entry);
  const step = steps[name] as CompressStep;
  const refused = context.recipe.adapt.privacy && step.notAfterPrivacy?.(settings as never);
  if (refused)
    throw new ConcordError("E_CONFIG", {
      operation: "compress",
      problem: refused.problem,
      expected: `compress.steps without ${refused.without}, or a run without adapt.privacy`,
      path: "compress.steps",
    });
  return await step.apply(given, settings as never, context);
}
