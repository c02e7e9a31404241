// Prediction sets for answers of a finished run: what its audit calibrated on dev, if it is of the model that lies there now.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { artifacts } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import type { Answer } from "../predict/index.ts";
import { predictionInterval, predictionSet } from "../robustness/index.ts";
import { isAfter } from "../stages/index.ts";
import { finishedStage } from "../store/index.ts";

/** The labels, likeliest first, or the ends of the interval. */
export type AnswerSets = (answer: Answer) => readonly string[] | readonly [low: number, high: number];

/**
 * Prediction sets of a run.
 * @param coverage promised share of sets that hold the truth, for texts like those of the dev part
 * @throws E_DATA when the run has no audit of robustness for its model, or none with sets
 * @example const sets = await openSets("runs/disease", 0.9); sets(answer) // ["flu", "cold"]
 */
export async function openSets(run: string, coverage: number): Promise<AnswerSets> {
  const path = join(run, artifacts.audits.robustness.found.path);
  const refuse = (problem: string, hint: string) =>
    new ConcordError("E_DATA", { operation: "prediction sets", problem, hint, path });
  const again = `concord audit ${run}`;
  const [adapted, audited] = await Promise.all([
    finishedStage(run, "adapt").catch(() => undefined),
    finishedStage(run, "audit-robustness").catch(() => undefined),
  ]);
  if (!existsSync(path) || !audited) throw refuse("the run's audit has not calibrated any", again);
  if (!adapted || !isAfter(audited, adapted)) throw refuse("they were calibrated for another model", again);
  const { sets } = await artifacts.audits.robustness.found.read(run);
  if (!sets)
    throw refuse("this task has none, or the run has no validation rows", "sets are for single labels and numbers");
  return (answer) => {
    if (answer.kind === "value") return predictionInterval(sets.scores, answer.value, coverage);
    const ranked = answer.kind === "label" ? answer.ranked : [];
    return predictionSet(
      sets.scores,
      ranked.map((r) => r.probability),
      ranked.map((r) => r.label),
      coverage,
    );
  };
}
