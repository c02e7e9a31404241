// Messages whose key comes from data: a name that has no message is shown as it is.
import { type Language, type MessageKey, messageKeys, say } from "../messages/index.ts";

/** @example known("zh", "report.metric", "accuracy") // "准确率" */
export function known(language: Language, prefix: string, name: string): string {
  const key = `${prefix}.${name}`;
  return messageKeys.has(key) ? say(language, key as Plain) : name;
}

/** Keys of messages without values. */
type Plain = Extract<
  MessageKey,
  | `report.metric.${string}`
  | `report.privacy.${"add-or-remove-one" | "replace-one" | "pld" | "rdp" | "gdp"}`
  | `report.privacy.outside.${string}`
  | `report.task.${string}`
  | `report.part.${string}`
  | `counterfactual.rule.${string}`
  | `explain.method.${string}`
  | `fairness.criterion.${string}`
  | `fairness.measure.${string}`
>;

/** What data files hold in English instead of a number or a name. */
export function cell(language: Language, value: number | string | undefined): string | number {
  if (typeof value === "number") return value.toLocaleString("en");
  const under = /^under (\d+)$/.exec(value ?? "");
  if (under) return say(language, "report.under", { count: under[1]! });
  if (value === "withheld") return say(language, "report.notShown");
  return value === "(none)" ? say(language, "report.none") : (value ?? "–");
}
