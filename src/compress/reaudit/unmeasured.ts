// What an audit of a compressed model leaves out, and why: nothing is missing from a table without a word.
import type { MessageKey } from "../../messages/index.ts";
import { isTextPredictor } from "../../predict/index.ts";
import { taskOf } from "../../tasks/index.ts";
import type { StepContext } from "../step.ts";
import { setsSettings } from "./sets.ts";
import type { Change, Side } from "./sides.ts";

/** A value that was not measured, by the message that says so. */
export type Unmeasured = Extract<MessageKey, `compress.unmeasured.${string}`>;

/** @param changes that were measured @param explained rows whose explanations were asked for */
export function unmeasuredIn(
  changes: Readonly<Record<string, Change>>,
  { recipe }: StepContext,
  { unadjusted }: Side,
  explained: number,
): Unmeasured[] {
  const task = taskOf(recipe.task);
  const has = (name: string) => Object.keys(changes).some((one) => one.startsWith(name));
  const found: Unmeasured[] = [];
  if (!has("ece") && !task.numeric) found.push("compress.unmeasured.ece");
  if (!has("membership")) found.push("compress.unmeasured.membership.rows");
  if (!has("faithfulness") && explained > 0)
    found.push(
      unadjusted.parted || isTextPredictor(unadjusted)
        ? "compress.unmeasured.faithfulness.rows"
        : "compress.unmeasured.faithfulness.reads",
    );
  if (!has("sets"))
    found.push(setsSettings(recipe) === false ? "compress.unmeasured.sets.off" : "compress.unmeasured.sets.task");
  return found;
}
