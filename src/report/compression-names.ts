// What measured changes are called by people, and how their numbers are written. Knows no model.
import { type Language, type MessageKey, messageKeys, say } from "../messages/index.ts";
import { bytes } from "../pages/index.ts";

/** The name of a value without `compression.` and `.before`: `accuracy`, `gap.region.accuracy`. */
export function changeName(name: string, language: Language): string {
  if (name === "size.bytes") return say(language, "compress.size");
  if (name === "latency.ms") return say(language, "compress.latency");
  if (name === "ece") return say(language, "compress.ece");
  if (name === "sets.coverage" || name === "sets.size") return say(language, `compress.${name}`);
  if (name === "membership.auc") return say(language, "compress.membership");
  const [, attribute, gapMeasure] = /^gap\.(.+)\.([^.]+)$/.exec(name) ?? [];
  if (attribute) return say(language, "compress.gap", { attribute, measure: measureName(gapMeasure!, language) });
  const [, of, group, measure] = /^groups\.([^.]+)\.(.+)\.([^.]+)$/.exec(name) ?? [];
  if (of)
    return say(language, "compress.group", { attribute: of, group: group!, measure: measureName(measure!, language) });
  const [, method] = /^faithfulness\.(.+)$/.exec(name) ?? [];
  if (method)
    return say(language, "compress.faithfulness", { method: say(language, `explain.method.${method as "shap"}`) });
  return measureName(name, language);
}

function measureName(measure: string, language: Language): string {
  const key = [`report.metric.${measure}`, `fairness.measure.${measure}`].find((one) => messageKeys.has(one));
  return key === undefined ? measure : say(language, key as Extract<MessageKey, "fairness.measure.accuracy">);
}

/** A number of a value, with its unit. */
export function changeNumber(name: string, value: number, signed = false): string {
  const sign = signed && value > 0 ? "+" : "";
  if (name === "size.bytes") return `${value < 0 ? "−" : sign}${bytes(Math.abs(value))}`;
  const digits = name === "latency.ms" ? 2 : 4;
  const text = value.toFixed(digits).replace("-", "−");
  return `${sign}${text}${name === "latency.ms" ? " ms" : ""}`;
}
