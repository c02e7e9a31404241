// What a fairness audit found, in lines for a terminal.
import type { FairnessFindings } from "../../../audit/index.ts";
import { type Language, type MessageKey, messageKeys, say } from "../../../messages/index.ts";

/** A measure's name in a language; what has no name there stays as it is. */
export function measureName(language: Language, measure: string): string {
  const key = `fairness.measure.${measure}`;
  return messageKeys.has(key) ? say(language, key as Extract<MessageKey, "fairness.measure.accuracy">) : measure;
}

/** A line for each attribute and measure: the group furthest behind, by how much, and whether that is a gap. */
export function fairnessText(findings: FairnessFindings, language: Language): string {
  const { rows, resamples, clusters, groupings, skipped } = findings;
  if (groupings.length === 0 && skipped.length === 0) return say(language, "fairness.noGroups");
  const units = say(language, clusters === undefined ? "fairness.units.rows" : "fairness.units.clusters");
  const lines = [say(language, "fairness.head", { rows, resamples, units })];
  for (const { attributes, gaps, parity } of groupings) {
    for (const { group, measure, value, low, high, tolerance, called } of gaps)
      lines.push(
        say(language, "fairness.gap", {
          attributes: attributes.join(" + "),
          group,
          measure: measureName(language, measure),
          gap: value.toFixed(3),
          low: low.toFixed(3),
          high: high.toFixed(3),
          tolerance: tolerance.toFixed(3),
          verdict: say(language, called ? "fairness.called" : "fairness.notCalled"),
        }),
      );
    if (attributes.length === 1 && findings.kind === "decisions")
      lines.push(
        `  ${say(language, "fairness.parity", {
          selection: parity.demographicParity!.difference.value.toFixed(3),
          opportunity: parity.equalOpportunity!.difference.value.toFixed(3),
          odds: parity.equalizedOdds!.difference.value.toFixed(3),
        })}`,
      );
  }
  for (const { attribute, reason } of skipped)
    lines.push(say(language, "fairness.skipped", { attribute, reason: say(language, `fairness.reason.${reason}`) }));
  return lines.join("\n");
}
