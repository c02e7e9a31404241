// What an audit of a compressed model leaves out, and why: nothing is missing from a table without a word.
import type { MessageKey } from "../../messages/index.ts";
import { taskOf } from "../../tasks/index.ts";
import type { StepContext } from "../step.ts";
import { setsSettings } from "./sets.ts";
import type { Change } from "./sides.ts";

/** A value that was not measured, by the message that says so. */
export type Unmeasured = Extract<MessageKey, `compress.unmeasured.${string}`>;

/** @param changes that were measured @param explained texts whose explanations were asked for */
export function unmeasuredIn(
  changes: Readonly<Record<string, Change>>,
  { recipe, original }: StepContext,
  explained: number,
): Unmeasured[] {
  const task = taskOf(recipe.task);
  const has = (name: string) => Object.keys(changes).some((one) => one.startsWith(name));
  const found: Unmeasured[] = [];
  if (!has("ece") && !task.numeric) found.push("compress.unmeasured.ece");
  if (!has("membership"))
    found.push(task.words ? "compress.unmeasured.membership.words" : "compress.unmeasured.membership.rows");
  if (!has("faithfulness") && explained > 0)
    found.push(
      original.model.reads === "text"
        ? "compress.unmeasured.faithfulness.rows"
        : "compress.unmeasured.faithfulness.reads",
    );
  if (!has("sets"))
    found.push(setsSettings(recipe) === false ? "compress.unmeasured.sets.off" : "compress.unmeasured.sets.task");
  return found;
}
