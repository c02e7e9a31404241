// The score that verdicts are about, of a model on validation rows: what a search and mixed precision compare candidates by.
import { ConcordError } from "../base/index.ts";
import { mainScore as scored } from "../stages/index.ts";
import { lessIsBetter } from "./reaudit/scores.ts";
import type { Side } from "./reaudit/sides.ts";
import type { StepContext } from "./step.ts";

/** A score by its name. */
export interface MainScore {
  readonly name: string;
  readonly value: number;
}

/** @throws E_DATA for fewer than two validation rows */
export async function mainScore(
  { recipe, rows, language }: StepContext,
  measured: Pick<Side, "predictor" | "processor">,
): Promise<MainScore> {
  if (rows.dev.length < 2)
    throw new ConcordError("E_DATA", {
      operation: "compress",
      problem: "candidates are scored on validation rows, and there are none",
      expected: "data.split.dev above 0, or steps without target and sensitivity",
      path: "compress",
    });
  const { name, of } = await scored(recipe, measured, rows.dev, language);
  return { name, value: of(Int32Array.from(rows.dev.keys())) };
}

/** How much worse the second score is than the first; negative where it is better. */
export const dropOf = (before: MainScore, after: MainScore): number =>
  lessIsBetter.test(before.name) ? after.value - before.value : before.value - after.value;
