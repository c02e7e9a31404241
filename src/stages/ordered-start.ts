// Where the thresholds of a new head for ordered classes start: where the training rows' shares of the classes have them, as solvers of
// proportional odds start too. From equal shares they would take many steps at the rates that encoders bear.
import { type HostArray, hostArray } from "../base/index.ts";
import { headFactsOf, type Model, orderedModule } from "../models/index.ts";
import { orderedStart } from "../nn/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Example } from "../train/index.ts";

/**
 * The weights with thresholds at the shares of the classes; as they are where the head is not new, and in private training, which must
 * not read shares from its rows. A class without rows counts as half a row.
 */
export function withOrderedStart(
  { adapt }: Recipe,
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  fresh: readonly string[],
  examples: readonly Example[],
): ReadonlyMap<string, HostArray> {
  const { ordered } = headFactsOf(model.task);
  if (!ordered || adapt.privacy || !fresh.includes(`${orderedModule}.first`)) return weights;
  const counts = model.labels!.names.map((_, label) => 0.5 + examples.filter((e) => e.label === label).length);
  const all = counts.reduce((a, b) => a + b, 0);
  const { first, gaps } = orderedStart(counts.map((count) => count / all));
  const put = (name: string, values: readonly number[]) =>
    [`${orderedModule}.${name}`, hostArray("float32", [values.length], Float32Array.from(values))] as const;
  return new Map([...weights, put("first", [first]), ...(gaps.length ? [put("gaps", gaps)] : [])]);
}
