// From examples to the arrays that a program's batch inputs take: what the model reads, by its modality, and what the objective does. Pure.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";
import { batchingOf } from "../modalities/index.ts";
import type { Model } from "../models/index.ts";
import type { Example } from "./example.ts";
import type { BatchContext, Objective } from "./objectives/objective.ts";
import { supervised } from "./objectives/supervised.ts";
import { isRowTask } from "./objectives/targets.ts";

/**
 * Feeds of a batch for `trainingProgram` (with targets) or `evaluationProgram` (without).
 * @param targets what the loss is divided by, and what is drawn
 * @param objective that the program was made with. Default supervised
 * @throws E_DATA for an empty example, one longer than the model takes, or an id or label out of range
 */
export function batchFeeds(
  model: Model,
  examples: readonly Example[],
  targets: Partial<Omit<BatchContext, "model">> | undefined,
  objective: Objective = supervised(),
): Record<string, HostArray> {
  const batching = batchingOf(model);
  if (targets) {
    const batch = objective.feeds(examples, { model, draw: noDraw, ...targets });
    return { ...batching.feeds(model, batch.examples), ...batch.feeds };
  }
  const feeds = batching.feeds(model, examples);
  if (!isRowTask(model.task)) return feeds;
  const rows = examples.reduce((sum, e) => sum + batching.rows(e), 0);
  return {
    ...feeds,
    "logits.rows": hostArray(
      "int32",
      [rows],
      Int32Array.from({ length: rows }, (_, i) => i),
    ),
  };
}

function noDraw(name: string): never {
  throw new ConcordError("E_ARGUMENT", { operation: "batch", problem: `nothing gives random numbers for ${name}` });
}
