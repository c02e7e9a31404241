// What a fairness audit found, in lines for a terminal.
import {
  type Estimate,
  type FairnessFindings,
  fewestUnits,
  type Gap,
  mainMeasure,
  noValue,
  worseWay,
} from "../../audit/index.ts";
import type { NumberGroups } from "../../data/index.ts";
import { type Language, type MessageKey, messageKeys, say } from "../../messages/index.ts";

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
    const judged = gaps.map((gap) => gap.measure);
    lines.push(...groupLines(findings, groups, { judged, lists: attributes.length === 1 }, language));
    if (attributes.length === 1 && findings.kind === "decisions")
      lines.push(
        `  ${say(language, "fairness.parity", {
          selection: three(parity.demographicParity!.difference.value),
          opportunity: three(parity.equalOpportunity!.difference.value),
          odds: three(parity.equalizedOdds!.difference.value),
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
  const named = { attributes: attributes.join(" + "), group: groupName(language, group) };
  if (reason === "few-units") return say(language, "fairness.few", { ...named, units, fewest: fewestUnits });
  return say(language, `fairness.${gapWording(gap)}`, {
    ...named,
    measure: measureName(language, measure),
    gap: Math.abs(value).toFixed(3),
    low: (value < 0 ? -high : low).toFixed(3),
    high: (value < 0 ? -low : high).toFixed(3),
    tolerance: tolerance.toFixed(3),
    verdict: say(language, `fairness.verdict.${verdict}`),
  });
}

/** A group is called worse only where its value is; of a measure that is neither good nor bad, it is said on which side the group is. */
function gapWording({ measure, value, side }: Gap) {
  if (value === 0) return "noDifference";
  if (worseWay(measure) === "either") return side === "below" ? "gapBelow" : "gapAbove";
  return value < 0 ? "behindNone" : "gap";
}

/** A group's name; rows without a value are a group too. Of two attributes: both names. */
const groupName = (language: Language, group: string): string =>
  group
    .split("|")
    .map((name) => (name === noValue ? say(language, "report.none") : name))
    .join("|");

const three = (x: number) => (Number.isFinite(x) ? x.toFixed(3) : "–");
const shown = ({ value, low, high }: Estimate) => `${three(value)} [${three(low)}, ${three(high)}]`;

/** The main measure of all rows, beside that of a constant answer. */
function overallText({ kind, groupings, baseline }: FairnessFindings, language: Language): string[] {
  const all = groupings[0]?.overall[mainMeasure[kind]];
  if (!all) return [];
  const facts = { measure: measureName(language, mainMeasure[kind]), value: shown(all) };
  if (baseline === undefined) return [say(language, "fairness.all", facts)];
  const ahead = worseWay(mainMeasure[kind]) === "up" ? baseline - all.value : all.value - baseline;
  return [
    say(language, `fairness.all.beside.${kind === "numbers" ? "mean" : "majority"}`, {
      ...facts,
      baseline: three(baseline),
    }),
    ...(ahead > 0 ? [] : [say(language, "fairness.notBetter")]),
  ];
}

/** More groups than this are not listed: JSON and the report have them all. */
const mostGroups = 20;

/** Rows, main measure and judged measures of each group that is shown (where they are listed), and what is not shown. */
function groupLines(
  { kind, rows: all, smallestCell }: FairnessFindings,
  groups: FairnessFindings["groupings"][number]["groups"],
  { judged, lists }: { readonly judged: readonly string[]; readonly lists: boolean },
  language: Language,
): string[] {
  const measures = [...new Set([mainMeasure[kind] as string, ...judged])];
  const found = Object.entries(groups).flatMap(([name, own]) =>
    "measures" in own ? [{ name: groupName(language, name), rows: own.rows, own: own.measures }] : [],
  );
  const [names, counts] = [
    Math.max(...found.map(({ name }) => width(name))),
    Math.max(...found.map(({ rows }) => String(rows).length)),
  ];
  const lines = (lists ? found : []).slice(0, mostGroups).map(({ name, rows, own }) => {
    const count = say(language, "fairness.group.rows", { rows: String(rows).padStart(counts) });
    const values = measures.map((m) => `${measureName(language, m)} ${own[m] ? shown(own[m]) : "–"}`);
    return `  ${name}${" ".repeat(names - width(name))}  ${count}  ${values.join("  ")}`;
  });
  if (lists && found.length > mostGroups)
    lines.push(`  ${say(language, "fairness.group.more", { groups: found.length - mostGroups })}`);
  const hidden = Object.keys(groups).length - found.length;
  if (hidden === 0) return lines;
  const rows = all - found.reduce((sum, own) => sum + own.rows, 0);
  return [...lines, `  ${say(language, "fairness.group.hidden", { groups: hidden, rows, smallest: smallestCell })}`];
}

/** Places that a text takes in a terminal: a Chinese character takes two. */
const width = (text: string): number =>
  [...text].reduce((n, c) => n + (/[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(c) ? 2 : 1), 0);

/** How each attribute that is a number was cut, by attribute. */
export type Cuts = Readonly<Record<string, NonNullable<NumberGroups["cut"]>>>;

/** A line for each attribute that is a number. @param how other edges are set, for an attribute */
export const cutText = (cuts: Cuts, language: Language, how: (attribute: string) => string): string[] =>
  Object.entries(cuts).map(([attribute, { edges, found }]) =>
    say(language, found ? "audit.table.fifths" : "audit.table.edges", {
      attribute,
      edges: edges.join(", "),
      how: how(attribute),
    }),
  );
