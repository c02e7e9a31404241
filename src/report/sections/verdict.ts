// The first screen of a report: how good the model is, for whom it is worse, what to do next. Computes nothing.
import { isErrorScore } from "../../eval/index.ts";
import { type Language, say } from "../../messages/index.ts";
import { count, decimal, type Html, html, isRecord, isScore, type Score } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { cell, known } from "../words.ts";
import { type BaselineRecord, baselinesIn, baselineVerdict, numberAlarms, scoreLine } from "./baselines.ts";
import { weakestTask } from "./by-task.ts";
import { isNeither } from "./fairness.ts";

type Facts = Readonly<Record<string, unknown>>;

/** A sentence, and the numbers behind it. */
export interface Point {
  readonly lead: string;
  readonly numbers?: string;
  /** Whether the reader should stop here. */
  readonly bad?: boolean;
}

/** The largest difference of one measure between a group and all others, as audit/fairness.json has it. */
interface Gap extends Score {
  readonly attribute: string;
  readonly group: string;
  readonly measure: string;
  readonly side: string;
  readonly tolerance: number;
  readonly verdict: "gap" | "within" | "undetermined";
  readonly units: number;
  /** NaN where no gap can be found. */
  readonly detectable: number;
}

/** What the audit says of groups: its most serious gap, and how many it called. */
interface Groups {
  readonly state: "audited" | "incomparable" | "unaudited" | "none";
  readonly gap?: Gap;
  readonly called: number;
}

/** The three points of the first screen, in their order; of several tasks those of the one that does least well beside its baselines. @example verdictOf(input).next.lead // "Audit the groups before release: …" */
export function verdictOf(input: ReportInput): { readonly good: Point; readonly whom: Point; readonly next: Point } {
  const weakest = weakestTask(input);
  if (weakest) {
    const { good, ...others } = verdictOf(weakest.input);
    const lead = say(input.language, "verdict.task", { task: weakest.name, lead: good.lead });
    return { ...others, good: { ...good, lead } };
  }
  const groups = groupsOf(input);
  return { good: goodPoint(input), whom: whomPoint(input, groups), next: { lead: nextStep(input, groups) } };
}

/** The verdict as the page's first section. */
export const verdictSection = (input: ReportInput): Html => pointsSection(verdictOf(input), input.language);

/** Points as the first section of a page. */
export function pointsSection(verdict: ReturnType<typeof verdictOf>, language: Language): Html {
  const points = Object.entries(verdict) as ["good" | "whom" | "next", Point][];
  return html`<section class="verdict" aria-labelledby="verdict"><h2 id="verdict">${say(language, "verdict.title")}</h2>
<dl>${points.map(
    ([name, { lead, numbers, bad }]) =>
      html`<div${bad ? html` class="bad"` : ""}><dt>${say(language, `verdict.${name}`)}</dt><dd><strong>${lead}</strong>${numbers === undefined ? undefined : html` ${numbers}`}</dd></div>`,
  )}</dl></section>`;
}

/** Against the baselines on the same rows; what is worse than a baseline comes first. */
function goodPoint({ language, metrics, testRows }: ReportInput): Point {
  const beside = baselinesIn(metrics);
  const rows = count(testRows);
  if (beside) {
    const [alarm] = numberAlarms(metrics, language);
    const verdict = baselineVerdict(beside, language);
    const { score } = beside;
    const numbers = say(language, "verdict.scores", { ...scoreLine(metrics, score, beside, language), rows });
    return {
      lead: alarm === undefined ? verdict : `${alarm}${language === "zh" ? "" : " "}${verdict}`,
      numbers,
      bad: beside.verdict === "worse" || alarm !== undefined,
    };
  }
  const [name] = Object.entries(metrics).find(([, value]) => isScore(value)) ?? [];
  if (name === undefined) return { lead: say(language, "verdict.unmeasured"), bad: true };
  const numbers = say(language, "verdict.scores", { ...scoreLine(metrics, name, undefined, language), rows });
  return { lead: say(language, "verdict.alone"), numbers };
}

/** What an audit says of groups. */
export function groupsOf({
  audit,
  metrics,
  data,
}: Pick<ReportInput, "audit" | "metrics"> & { readonly data: Pick<ReportInput["data"], "attributes"> }): Groups {
  const found = audit?.fairness;
  const named =
    Object.keys(data.attributes).length > 0 || (isRecord(metrics.groups) && Object.keys(metrics.groups).length > 0);
  if (!isRecord(found) || !Array.isArray(found.groupings)) return { state: named ? "unaudited" : "none", called: 0 };
  const gaps = found.groupings.filter(isRecord).flatMap(gapsIn);
  const called = gaps.filter(({ verdict }) => verdict === "gap");
  const single = gaps.filter(({ attribute }) => !attribute.includes(" + "));
  const undetermined = single.filter(({ verdict }) => verdict === "undetermined");
  const [gap] = [called, undetermined, single].find((list) => list.length > 0)?.sort(byShareOfLimit) ?? [];
  if (!gap) return { state: named ? "incomparable" : "none", called: 0 };
  return { state: "audited", gap, called: called.length };
}

/** Measures have units of their own, so that differences are compared as multiples of their limits. */
const byShareOfLimit = (a: Gap, b: Gap): number => b.value / (b.tolerance || 1) - a.value / (a.tolerance || 1);

function gapsIn({ attributes, gaps }: Facts): Gap[] {
  const attribute = Array.isArray(attributes) ? attributes.map(String).join(" + ") : "";
  return (Array.isArray(gaps) ? gaps : []).filter(isRecord).flatMap((gap): Gap[] => {
    if (!isScore(gap)) return [];
    const { value, low, high } = gap;
    const { group, measure, side, tolerance, units, detectable, verdict, called } = gap as Score & Facts;
    const stated = verdict === "gap" || verdict === "within" ? verdict : "undetermined";
    return [
      {
        ...{ value, low, high, attribute },
        group: String(group),
        measure: String(measure),
        side: String(side),
        tolerance: Number(tolerance),
        verdict: verdict === undefined && called === true ? "gap" : stated, // of an audit before verdicts
        units: Number(units),
        detectable: typeof detectable === "number" ? detectable : Number.NaN,
      },
    ];
  });
}

export function whomPoint(input: Pick<ReportInput, "language" | "metrics">, { state, gap, called }: Groups): Point {
  const { language } = input;
  if (state === "none") return { lead: say(language, "verdict.noGroups") };
  if (state === "incomparable") return { lead: say(language, "verdict.incomparable") };
  if (!gap) return { lead: say(language, "verdict.unaudited"), numbers: worstGroup(input) };
  const numbers = say(language, "verdict.largest", { gap: gapText(gap, language) });
  const named = { group: groupName(gap, language), attribute: gap.attribute };
  if (gap.verdict === "undetermined" && gap.low > 0 && !isNeither(gap.measure))
    return { lead: say(language, "verdict.worse", named), numbers, bad: true };
  if (gap.verdict !== "gap") return { lead: say(language, `verdict.${gap.verdict}`), numbers };
  const lead =
    called > 1 ? say(language, "verdict.gaps", { ...named, count: called }) : say(language, "verdict.gap", named);
  return { lead, numbers, bad: true };
}

const groupName = ({ group }: Gap, language: Language): string =>
  group
    .split("|")
    .map((name) => String(cell(language, name)))
    .join(" + ");

export const groupOfAttribute = (gap: Gap, language: Language): string =>
  language === "zh"
    ? `${groupName(gap, language)}（${gap.attribute}）`
    : `${groupName(gap, language)} (${gap.attribute})`;

function gapText(gap: Gap, language: Language): string {
  const { attribute: attributes, measure, value, low, high, tolerance, verdict, side } = gap;
  const behind = value < 0 ? "behindNone" : "gap";
  const neither = side === "below" ? "gapBelow" : "gapAbove";
  return say(language, `fairness.${value === 0 ? "noDifference" : isNeither(measure) ? neither : behind}` as const, {
    attributes,
    group: groupName(gap, language),
    verdict: say(language, `fairness.verdict.${verdict}`),
    measure: known(language, "fairness.measure", measure),
    gap: decimal(Math.abs(value)),
    low: decimal(value < 0 ? -high : low),
    high: decimal(value < 0 ? -low : high),
    tolerance: decimal(tolerance),
  });
}

/** Where there was no audit: the group with the worst score. */
function worstGroup({ metrics, language }: Pick<ReportInput, "metrics" | "language">): string | undefined {
  const all = Object.entries(isRecord(metrics.groups) ? metrics.groups : {}).flatMap(([attribute, groups]) =>
    Object.entries(isRecord(groups) ? groups : {}).flatMap(([group, scores]) => {
      const [name, score] = Object.entries(isRecord(scores) ? scores : {}).find(([, v]) => isScore(v)) ?? [];
      return name !== undefined && isScore(score) ? [{ attribute, group, name, score }] : [];
    }),
  );
  const badness = ({ name, score }: (typeof all)[number]) => (isErrorScore(name) ? score.value : -score.value);
  const [worst] = all.sort((a, b) => badness(b) - badness(a));
  if (!worst) return undefined;
  const { attribute, group, name, score } = worst;
  return say(language, "verdict.worst", {
    attribute,
    group: String(cell(language, group)),
    score: known(language, "report.metric", name),
    value: decimal(score.value),
    low: decimal(score.low),
    high: decimal(score.high),
  });
}

/** One line that follows from the numbers: the first that holds. */
function nextStep(input: ReportInput, groups: Groups): string {
  const { language, metrics, model, data, testRows, release } = input;
  const beside = baselinesIn(metrics);
  const rows = count(data.parts.train ?? 0);
  const { gap, state } = groups;
  if (release) return say(language, "verdict.next.released");
  if (beside?.verdict === "worse" || isBelowMean(metrics))
    return model.from === undefined
      ? say(language, "verdict.next.pretrained")
      : say(language, "verdict.next.improve", { rows });
  if (gap?.verdict === "gap") return gapStep(input, gap);
  if (beside) {
    const step = baselineStep(beside, language, { rows, testRows: count(testRows) });
    if (step !== undefined) return step;
  } else if (testRows === 0) return say(language, "verdict.next.measure");
  if (gap?.verdict === "undetermined") return moreRows(language, gap);
  const steps = { none: "groups", incomparable: "compare", unaudited: "audit", audited: "release" } as const;
  return say(language, `verdict.next.${steps[state]}`);
}

export function moreRows(language: Language, gap: Gap): string {
  const named = { group: groupOfAttribute(gap, language), units: gap.units };
  return Number.isFinite(gap.detectable)
    ? say(language, "verdict.next.units", { ...named, detectable: decimal(gap.detectable) })
    : say(language, "verdict.next.few", named);
}

const isBelowMean = ({ r2 }: Facts): boolean => isScore(r2) && r2.value < 0;

const baselineStep = (
  { verdict }: BaselineRecord,
  language: Language,
  { rows, testRows }: { readonly rows: string; readonly testRows: string },
): string | undefined => {
  if (verdict === "untold") return say(language, "verdict.next.testRows", { rows: testRows });
  return verdict === "no-difference" ? say(language, "verdict.next.simple", { rows }) : undefined;
};

function gapStep({ language, data }: ReportInput, gap: Gap): string {
  const group = groupOfAttribute(gap, language);
  const rows = data.attributes[gap.attribute]?.[gap.group]?.train;
  if (typeof rows !== "number") return say(language, "verdict.next.gap", { group });
  return say(language, "verdict.next.gapRows", { group, rows: count(rows), all: count(data.parts.train ?? 0) });
}
