// What a fairness audit found, in lines for a terminal.
import { alignedColumns } from "../base/index.ts";
import type { NumberGroups } from "../data/index.ts";
import {
  type Estimate,
  type FairnessFindings,
  fewestUnits,
  type Gap,
  type GroupingFindings,
  mainMeasure,
  noValue,
  worseWay,
} from "../fairness/index.ts";
import { type Language, type MessageKey, messageKeys, say } from "../messages/index.ts";

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
  for (const grouping of groupings) {
    const { attributes, gaps } = grouping;
    for (const measure of findings.judgedBy) {
      const gap = gaps.find((candidate) => candidate.measure === measure);
      const named = { attributes: attributes.join(" + "), measure: measureName(language, measure) };
      lines.push(gap ? gapText(attributes, gap, language) : say(language, "fairness.nothing", named));
    }
    lines.push(...groupLines(findings, grouping, language));
    if (attributes.length === 1 && findings.kind === "decisions")
      lines.push(...parityText(grouping, findings, language));
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
    .join(" + ");

const three = (x: number) => (Number.isFinite(x) ? x.toFixed(3) : "–");
const shown = ({ value, low, high }: Estimate) => `${three(value)} [${three(low)}, ${three(high)}]`;
const estimateText = (found: Estimate | undefined, language: Language): string =>
  found && !Number.isNaN(found.value) ? shown(found) : say(language, "fairness.undefined");

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

type Shown = { readonly name: string; readonly rows: number; readonly estimates: Readonly<Record<string, Estimate>> };

/** Groups that are shown. */
const shownGroups = (groups: GroupingFindings["groups"], language: Language): Shown[] =>
  Object.entries(groups).flatMap(([name, group]) =>
    "measures" in group ? [{ name: groupName(language, name), rows: group.rows, estimates: group.measures }] : [],
  );

/** Rows, main measure and judged measures of each group that is shown (where they are listed), and what is not shown. */
function groupLines(
  { kind, rows: all, smallestCell, judgedBy }: FairnessFindings,
  { attributes, groups }: GroupingFindings,
  language: Language,
): string[] {
  const measures = [...new Set([mainMeasure[kind] as string, ...judgedBy])];
  const found = shownGroups(groups, language);
  const lists = attributes.length === 1;
  const listed = found.slice(0, mostGroups);
  const head = [
    attributes[0]!,
    say(language, "fairness.group.rows"),
    ...measures.map((name) => measureName(language, name)),
  ];
  const cells = listed.map(({ name, rows, estimates }) => [
    name,
    String(rows),
    ...measures.map((m) => estimateText(estimates[m], language)),
  ]);
  const lines = lists ? alignedColumns([head, ...cells], ["left", "right"]) : [];
  if (lists && found.length > mostGroups)
    lines.push(say(language, "fairness.group.more", { groups: found.length - mostGroups }));
  if (lists) lines.push(...undefinedText(measures, listed, smallestCell, language));
  const hidden = Object.keys(groups).length - found.length;
  const rows = all - found.reduce((sum, each) => sum + each.rows, 0);
  if (hidden) lines.push(say(language, "fairness.group.hidden", { groups: hidden, rows, smallest: smallestCell }));
  return lines.map((line) => `  ${line}`);
}

/** The largest differences of rates, and why a rate is undefined. */
function parityText(
  { parity, groups }: GroupingFindings,
  { judgedBy, smallestCell }: FairnessFindings,
  language: Language,
): string[] {
  const difference = (name: string) => {
    const { value } = parity[name]!.difference;
    return Number.isNaN(value) ? say(language, "fairness.undefined") : three(value);
  };
  const differences = say(language, "fairness.parity", {
    selection: difference("demographicParity"),
    opportunity: difference("equalOpportunity"),
    odds: difference("equalizedOdds"),
  });
  const rates = ["truePositiveRate", "falsePositiveRate"].filter((name) => !judgedBy.includes(name));
  return [differences, ...undefinedText(rates, shownGroups(groups, language), smallestCell, language)].map(
    (line) => `  ${line}`,
  );
}

/** What a measure counts, where it may have nothing to count. */
const countedBy: Readonly<Record<string, "positives" | "negatives" | "answered" | "neither" | "both">> = {
  truePositiveRate: "positives",
  falseNegativeRate: "positives",
  falsePositiveRate: "negatives",
  trueNegativeRate: "negatives",
  precision: "answered",
  f1: "neither",
  auc: "both",
  bpsnAuc: "both",
  bnspAuc: "both",
};

/** A line for each measure that some groups do not have. */
const undefinedText = (
  measures: readonly string[],
  groups: readonly Shown[],
  smallest: number,
  language: Language,
): string[] =>
  measures.flatMap((measure) => {
    const without = groups.filter(({ estimates }) => estimates[measure] && Number.isNaN(estimates[measure].value));
    if (without.length === 0) return [];
    return say(language, "fairness.undefined.why", {
      measure: measureName(language, measure),
      groups: without.map(({ name }) => name).join(", "),
      reason: say(language, `fairness.undefined.${countedBy[measure] ?? "other"}`, { smallest }),
    });
  });

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
