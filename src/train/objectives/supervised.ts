// Learning from targets: a label, several, a number, or a label for each row.
import type { Objective } from "./objective.ts";
import { targetFeeds, targetLosses, targetSpecs } from "./targets.ts";

/** The loss of each example is that of its task. */
export const supervised = (): Objective => ({
  name: "supervised",
  reads: "example",
  inputs: targetSpecs,
  feeds: (examples, context) => ({ examples, feeds: targetFeeds(context.model, examples, context) }),
  losses: (outputs, values, { model, options, layout }) => targetLosses(model, outputs, values, options, layout),
});
