// The fairness audit of a table of answers: every attribute and every pair, measures with intervals, what differs, and whether a
// group lies behind by more than is tolerated, beyond chance. Knows no files and no model.
import { type ConcordError, unknownName } from "../base/index.ts";
import { checkColumns } from "../eval/index.ts";
import { macroAreas } from "./class-areas.ts";
import { constantScore } from "./constant-answer.ts";
import { generalisedMean } from "./decision-panel.ts";
import { betweenGroupEntropy, generalisedEntropy } from "./entropy.ts";
import { comparisons, type Gap, gapOf } from "./gaps.ts";
import { type GroupIntervals, groupIntervals } from "./group-intervals.ts";
import { crossed, groupingOf, type NamedGrouping, type UnusableReason, unusableReason } from "./groupings.ts";
import { checkJudged, type Judged, mainMeasure, measuresOf } from "./judged.ts";
import type { Estimate } from "./known.ts";
import { clusterNumbers } from "./resample.ts";
import { type Spread, together } from "./spreads.ts";

export interface FairnessOptions {
  /** Attributes two by two as well. Default true. */
  readonly pairs?: boolean;
  /** Bootstrap draws of the measures that have no formula (areas, means). Default 1000. */
  readonly resamples?: number;
  /** Groups of fewer rows are not shown, nor are rates of fewer cases, nor what would give them away. Default 10. */
  readonly smallestCell?: number;
  /** A gap is called when it is larger than this beyond chance; of errors of numbers: as a share of the error of all rows. Default 0.05. */
  readonly tolerance?: number;
  /** Measures by which gaps are called. Default accuracy, exact match, or the mean absolute error. */
  readonly measures?: readonly string[];
  /** Of each interval, and of all calls together. Default 0.95. */
  readonly confidence?: number;
  /** Distinct scores that draws keep apart; values are always exact. Default 128. */
  readonly bins?: number;
  readonly seed?: number | string;
}

type Estimates = Readonly<Record<string, Estimate>>;

/** What was found about one attribute, or two together. */
export interface GroupingFindings {
  readonly attributes: readonly string[];
  /** Rows and measures of each group; a small one has neither. */
  readonly groups: Readonly<
    Record<string, { readonly rows: number; readonly measures: Estimates } | { readonly rows: string }>
  >;
  readonly overall: Estimates;
  readonly between: Readonly<Record<string, Readonly<Record<Spread, Estimate>>>>;
  /** Demographic parity, equal opportunity, equalized odds, predictive parity, where answers are decisions or classes. */
  readonly parity: Readonly<Record<string, { readonly difference: Estimate; readonly ratio: Estimate }>>;
  /** Generalised means (p = −5) of the groups' AUCs. */
  readonly generalisedMeans: Readonly<Record<string, number>>;
  /** Share of the generalised entropy of decisions that lies between the groups. */
  readonly entropy?: { readonly between: number; readonly all: number };
  /** The largest gap of each measure that is judged, with the verdict of all groups. */
  readonly gaps: readonly Gap[];
}

export interface FairnessFindings {
  readonly rows: number;
  readonly kind: Judged["kind"];
  /** By which gaps are judged. */
  readonly judgedBy: readonly string[];
  /** What the best constant answer scores on the same rows by the main measure of the kind; none for entities. */
  readonly baseline?: number;
  /** Clusters (patients), where rows are not independent. */
  readonly clusters?: number;
  readonly resamples: number;
  readonly smallestCell: number;
  readonly groupings: readonly GroupingFindings[];
  readonly skipped: readonly { readonly attribute: string; readonly reason: UnusableReason }[];
  /** Comparisons for which all intervals of gaps hold together. */
  readonly comparisons: number;
  /** Gaps that are called. */
  readonly called: readonly (Gap & { readonly attributes: readonly string[] })[];
}

/**
 * Audits answers by the values of attributes.
 * @param attributes value of each row by attribute; an empty value counts as a group of its own
 * @param clusters name of each row's cluster
 * @throws E_SHAPE, E_DATA for columns that do not fit or hold NaN
 * @example auditFairness({ kind: "decisions", truth, predicted }, { sex }).called // groups that are served worse
 */
export function auditFairness(
  judged: Judged,
  attributes: Readonly<Record<string, readonly string[]>>,
  options: FairnessOptions = {},
  clusters?: readonly string[],
): FairnessFindings {
  const { pairs = true, resamples = 1000, smallestCell = 10, bins = 128, seed = 0, confidence = 0.95 } = options;
  checkJudged(judged);
  checkColumns("fairness", { truth: judged.truth, ...attributes, clusters });
  const single = Object.entries(attributes).map(([name, values]) => groupingOf(name, values));
  const reasons = single.map((grouping) => unusableReason(grouping, smallestCell));
  const usable = single.filter((_, i) => reasons[i] === undefined);
  const both = pairs ? usable.flatMap((a, i) => usable.slice(i + 1).map((b) => crossed(a, b))) : [];
  const groupings = [...usable, ...both.filter((g) => unusableReason(g, smallestCell) === undefined)];
  const sources = measuresOf(judged, bins);
  const numbers = clusters && clusterNumbers(clusters);
  const measured = groupings.map((grouping) =>
    sources.map((source, p) =>
      groupIntervals(grouping, source, {
        seed: `fairness ${seed} ${grouping.attributes.join("|")} ${p}`,
        resamples,
        confidence,
        clusters: numbers,
        smallestCell,
        judged: options.measures,
      }),
    ),
  );
  const { measures = [mainMeasure[judged.kind]] } = options;
  const count = measured.reduce(
    (n, intervals) => n + measures.reduce((k, m) => k + comparisons(having(intervals, m), m), 0),
    0,
  );
  const level = together(confidence, count);
  const findings = groupings.map((grouping, i) => ({
    ...findingsOf(judged, grouping, measured[i]!, smallestCell),
    gaps: measures.flatMap((m) => gapBy(having(measured[i]!, m), m, level, options.tolerance) ?? []),
  }));
  return {
    rows: judged.truth.length,
    kind: judged.kind,
    judgedBy: measures,
    baseline: constantScore(judged),
    clusters: numbers?.count,
    resamples,
    smallestCell,
    groupings: findings,
    skipped: single.flatMap((g, i) => (reasons[i] ? [{ attribute: g.attributes[0]!, reason: reasons[i] }] : [])),
    comparisons: count,
    called: findings.flatMap(({ attributes, gaps }) =>
      gaps.filter((gap) => gap.called).map((gap) => ({ attributes, ...gap })),
    ),
  };
}

function findingsOf(
  judged: Judged,
  grouping: NamedGrouping,
  measured: readonly GroupIntervals[],
  smallestCell: number,
): Omit<GroupingFindings, "gaps"> {
  const joined = (of: (intervals: GroupIntervals) => Estimates | undefined): Estimates =>
    Object.assign({}, ...measured.map(of)) as Estimates;
  const [first] = measured;
  const groups = grouping.names.map((name, g) => {
    const rows = grouping.rows[g]!;
    if (rows < smallestCell) return [name, { rows: `under ${smallestCell}` }] as const;
    if (!first!.byGroup.has(name)) return [name, { rows: "withheld" }] as const;
    return [name, { rows, measures: joined((intervals) => intervals.byGroup.get(name)) }] as const;
  });
  const areas = ["auc", "bpsnAuc", "bnspAuc", ...macroAreas].flatMap((name) => {
    const intervals = measured.find((each) => each.measures.includes(name));
    return intervals ? [{ name, intervals }] : [];
  });
  return {
    attributes: grouping.attributes,
    groups: Object.fromEntries(groups),
    overall: joined((intervals) => intervals.overall),
    between: Object.assign({}, ...measured.map((intervals) => intervals.between)),
    parity: parityOf(judged, first!),
    generalisedMeans: Object.fromEntries(
      areas.map(({ name, intervals }) => [
        name,
        generalisedMean([...intervals.byGroup.values()].map((each) => each[name]!.value)),
      ]),
    ),
    entropy: judged.kind === "decisions" ? entropyOf(judged, grouping) : undefined,
  };
}

function parityOf(judged: Judged, measured: GroupIntervals): GroupingFindings["parity"] {
  if (judged.kind !== "decisions" && judged.kind !== "classes") return {};
  const rates = (rate: string) =>
    judged.kind === "decisions" ? [rate] : judged.names.map((name) => `${name}.${rate}`);
  const of = (...names: string[]) => {
    const measures = names.flatMap(rates);
    return { difference: measured.worst(measures, "difference"), ratio: measured.worst(measures, "ratio") };
  };
  return {
    demographicParity: of("selectionRate"),
    equalOpportunity: of("truePositiveRate"),
    equalizedOdds: of("truePositiveRate", "falsePositiveRate"),
    predictiveParity: of("precision"),
  };
}

function entropyOf({ truth, predicted }: Extract<Judged, { kind: "decisions" }>, { groupOf }: NamedGrouping) {
  const benefits = groupOf.map((_, row) => predicted[row]! - truth[row]! + 1);
  return { between: betweenGroupEntropy(benefits, groupOf), all: generalisedEntropy(benefits) };
}

/** @throws E_ARGUMENT for a measure that these answers do not have */
function having(measured: readonly GroupIntervals[], measure: string): GroupIntervals {
  const found = measured.find((each) => each.measures.includes(measure));
  if (found) return found;
  throw unknownMeasure(
    measure,
    measured.flatMap((each) => each.measures),
  );
}

function gapBy(intervals: GroupIntervals, measure: string, confidence: number, tolerance = 0.05): Gap | undefined {
  const allowed = /^(mae|mse)$/.test(measure) ? tolerance * intervals.overall[measure]!.value : tolerance;
  return gapOf(intervals, measure, { confidence, tolerance: allowed });
}

const unknownMeasure = (measure: string, known: readonly string[]): ConcordError =>
  unknownName(
    "E_ARGUMENT",
    { operation: "fairness", problem: "there is no such measure of these predictions" },
    measure,
    known,
  );
