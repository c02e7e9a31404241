// What a fairness audit found, in lines for a terminal.
import { type Estimate, type FairnessFindings, fewestUnits, type Gap, mainMeasure } from "../../../audit/index.ts";
import { type Language, type MessageKey, messageKeys, say } from "../../../messages/index.ts";

/** A measure's name in a language; what has no name there stays as it is. */
export function measureName(language: Language, measure: string): string {
  const key = `fairness.measure.${measure}`;
  return messageKeys.has(key) ? say(language, key as Extract<MessageKey, "fairness.measure.accuracy">) : measure;
}

/**
 * The score of all rows beside a constant answer's; what would be found; then for each attribute and measure the verdict, the group furthest
 * behind and by how much, and for each single attribute its groups.
 */
export function fairnessText(findings: FairnessFindings, language: Language): string {
  const { rows, clusters, groupings, skipped, comparisons } = findings;
  if (groupings.length === 0 && skipped.length === 0) return say(language, "fairness.noGroups");
  const units =
    clusters === undefined
      ? say(language, "fairness.units.rows")
      : say(language, "fairness.units.clusters", { count: clusters });
  const lines = [say(language, "fairness.head", { rows, units, comparisons })];
  lines.push(...overallText(findings, language));
  if (groupings.length) lines.push(detectableText(groupings, language));
  for (const { attributes, groups, gaps, parity } of groupings) {
    for (const gap of gaps) lines.push(gapText(attributes, gap, language));
    if (attributes.length === 1) lines.push(...groupLines(findings, groups, language));
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

const three = (x: number) => (Number.isFinite(x) ? x.toFixed(3) : "–");
const shown = ({ value, low, high }: Estimate) => `${three(value)} [${three(low)}, ${three(high)}]`;

/** The main measure of all rows, beside that of a constant answer. */
function overallText({ kind, groupings, baseline }: FairnessFindings, language: Language): string[] {
  const all = groupings[0]?.overall[mainMeasure[kind]];
  if (!all) return [];
  const facts = { measure: measureName(language, mainMeasure[kind]), value: shown(all) };
  if (baseline === undefined) return [say(language, "fairness.all", facts)];
  return [
    say(language, `fairness.all.beside.${kind === "numbers" ? "mean" : "majority"}`, {
      ...facts,
      baseline: three(baseline),
    }),
  ];
}

/** Rows and main measure of each group that is shown, and what is not shown. */
function groupLines(
  { kind, rows: all, smallestCell }: FairnessFindings,
  groups: FairnessFindings["groupings"][number]["groups"],
  language: Language,
): string[] {
  const measure = mainMeasure[kind];
  const found = Object.entries(groups).flatMap(([name, own]) =>
    "measures" in own ? [{ name, rows: own.rows, value: own.measures[measure] }] : [],
  );
  const [names, counts] = [
    Math.max(...found.map(({ name }) => name.length)),
    Math.max(...found.map(({ rows }) => String(rows).length)),
  ];
  const lines = found.map(({ name, rows, value }) => {
    const count = say(language, "fairness.group.rows", { rows: String(rows).padStart(counts) });
    return `  ${name.padEnd(names)}  ${count}  ${measureName(language, measure)} ${value ? shown(value) : "–"}`;
  });
  const hidden = Object.keys(groups).length - found.length;
  if (hidden === 0) return lines;
  const rows = all - found.reduce((sum, own) => sum + own.rows, 0);
  return [...lines, `  ${say(language, "fairness.group.hidden", { groups: hidden, rows, smallest: smallestCell })}`];
}
