// What a fairness audit found, in lines for a terminal.
import { type FairnessFindings, fewestUnits, type Gap } from "../../../audit/index.ts";
import { type Language, type MessageKey, messageKeys, say } from "../../../messages/index.ts";

/** A measure's name in a language; what has no name there stays as it is. */
export function measureName(language: Language, measure: string): string {
  const key = `fairness.measure.${measure}`;
  return messageKeys.has(key) ? say(language, key as Extract<MessageKey, "fairness.measure.accuracy">) : measure;
}

/** What would be found; then a line for each attribute and measure: the verdict, the group furthest behind, and by how much. */
export function fairnessText(findings: FairnessFindings, language: Language): string {
  const { rows, clusters, groupings, skipped, comparisons } = findings;
  if (groupings.length === 0 && skipped.length === 0) return say(language, "fairness.noGroups");
  const units =
    clusters === undefined
      ? say(language, "fairness.units.rows")
      : say(language, "fairness.units.clusters", { count: clusters });
  const lines = [say(language, "fairness.head", { rows, units, comparisons })];
  if (groupings.length) lines.push(detectableText(groupings, language));
  for (const { attributes, gaps, parity } of groupings) {
    for (const gap of gaps) lines.push(gapText(attributes, gap, language));
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

function detectableText(groupings: FairnessFindings["groupings"], language: Language): string {
  const each = groupings.flatMap(({ attributes, gaps }) =>
    gaps.slice(0, 1).map(({ detectable }) => {
      const named = { attributes: attributes.join(" + ") };
      return Number.isNaN(detectable)
        ? say(language, "fairness.detectable.none", named)
        : say(language, "fairness.detectable.one", { ...named, gap: detectable.toFixed(3) });
    }),
  );
  return say(language, "fairness.detectable", { gaps: each.join(", ") });
}

function gapText(attributes: readonly string[], gap: Gap, language: Language): string {
  const { group, measure, value, low, high, tolerance, verdict, reason, units } = gap;
  const named = { attributes: attributes.join(" + "), group };
  if (reason === "few-units") return say(language, "fairness.few", { ...named, units, fewest: fewestUnits });
  const better = value < 0;
  return say(language, better ? "fairness.behindNone" : "fairness.gap", {
    ...named,
    measure: measureName(language, measure),
    gap: Math.abs(value).toFixed(3),
    low: (better ? -high : low).toFixed(3),
    high: (better ? -low : high).toFixed(3),
    tolerance: tolerance.toFixed(3),
    verdict: say(language, `fairness.verdict.${verdict}`),
  });
}
