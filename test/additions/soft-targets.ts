// An objective as somebody would add one: the labels' loss and the distance to a teacher's answers. What the guards add to a copy.
import { hostArray } from "../../src/base/index.ts";
import { add, mul } from "../../src/graph/index.ts";
import { distillationLoss } from "../../src/nn/index.ts";
import type { Objective } from "../../src/train/objectives/objective.ts";
import { supervised } from "../../src/train/objectives/supervised.ts";

/** Learning from a teacher's logits, `given.teacher` of each example (Hinton 2015, arXiv:1503.02531). */
export function softTargets({
  temperature,
  share,
}: {
  readonly temperature: number;
  readonly share: number;
}): Objective {
  const labels = supervised();
  return {
    ...labels,
    name: "softTargets",
    inputs: (model) => ({ ...labels.inputs(model), teacher: ["float32", ["B", model.labels!.names.length]] }),
    feeds(batch, context) {
      const { examples, feeds } = labels.feeds(batch, context);
      const rows = batch.map(({ given }) => given!.teacher!);
      const data = Float32Array.from(rows.flatMap((row) => [...row]));
      return { examples, feeds: { ...feeds, teacher: hostArray("float32", [rows.length, rows[0]!.length], data) } };
    },
    losses(outputs, values, context) {
      const own = labels.losses(outputs, values, context);
      return add(mul(own, 1 - share), mul(distillationLoss(outputs.logits!, values.teacher!, temperature), share));
    },
  };
}
