// The fairness audit of a table of answers: every attribute and every pair, measures with intervals, what differs, and which
// groups lie behind by more than is tolerated, beyond chance. Knows no files and no model.
import { type ConcordError, unknownName } from "../../base/index.ts";
import { checkColumns } from "../../eval/index.ts";
import { macroAreas } from "./class-areas.ts";
import { generalisedMean } from "./decision-panel.ts";
import { betweenGroupEntropy, generalisedEntropy } from "./entropy.ts";
import { type Estimate, type GroupIntervals, groupIntervals, type Spread } from "./group-intervals.ts";
import { crossed, groupingOf, type NamedGrouping, type UnusableReason, unusableReason } from "./groupings.ts";
import { checkJudged, type Judged, mainMeasure, samplersOf, worseWay } from "./judged.ts";
import { clusterNumbers } from "./resample.ts";

export interface FairnessOptions {
  /** Attributes two by two as well. Default true. */
  readonly pairs?: boolean;
  /** Bootstrap draws. Default 1000. */
  readonly resamples?: number;
  /** Groups of fewer rows are not shown. Default 10. */
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

/** How far a group lies behind all other rows; the interval holds for all groups, attributes and measures together. */
export interface Gap extends Estimate {
  readonly group: string;
  readonly measure: string;
  readonly tolerance: number;
  /** True when the whole interval lies above the tolerance. */
  readonly called: boolean;
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
  /** The largest gap of each measure that is judged. */
  readonly gaps: readonly Gap[];
}

export interface FairnessFindings {
  readonly rows: number;
  readonly kind: Judged["kind"];
  /** Whether clusters (patients) were redrawn instead of rows. */
  readonly clusters?: number;
  readonly resamples: number;
  readonly smallestCell: number;
  readonly groupings: readonly GroupingFindings[];
  readonly skipped: readonly { readonly attribute: string; readonly reason: UnusableReason }[];
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
  const samplers = samplersOf(judged, bins);
  const numbers = clusters && clusterNumbers(clusters);
  const findings = groupings.map((grouping) => {
    const measured = samplers.map((sampler, p) =>
      groupIntervals(grouping, sampler, {
        seed: `fairness ${seed} ${grouping.attributes.join("|")} ${p}`,
        resamples,
        confidence,
        clusters: numbers,
        smallestCell,
        judged: options.measures,
      }),
    );
    return findingsOf(judged, grouping, measured, options, groupings.length);
  });
  return {
    rows: judged.truth.length,
    kind: judged.kind,
    clusters: numbers?.count,
    resamples,
    smallestCell,
    groupings: findings,
    skipped: single.flatMap((g, i) => (reasons[i] ? [{ attribute: g.attributes[0]!, reason: reasons[i] }] : [])),
    called: findings.flatMap(({ attributes, gaps }) =>
      gaps.filter((gap) => gap.called).map((gap) => ({ attributes, ...gap })),
    ),
  };
}

function findingsOf(
  judged: Judged,
  grouping: NamedGrouping,
  measured: readonly GroupIntervals[],
  options: FairnessOptions,
  groupingCount: number,
): GroupingFindings {
  const { smallestCell = 10 } = options;
  const joined = (of: (own: GroupIntervals) => Estimates | undefined): Estimates =>
    Object.assign({}, ...measured.map(of)) as Estimates;
  const groups = grouping.names.map((name, g) => {
    const rows = grouping.rows[g]!;
    return [
      name,
      rows < smallestCell
        ? { rows: `under ${smallestCell}` }
        : { rows, measures: joined((own) => own.byGroup.get(name)) },
    ] as const;
  });
  const [first] = measured;
  const areas = ["auc", "bpsnAuc", "bnspAuc", ...macroAreas].flatMap((name) => {
    const own = measured.find((each) => each.measures.includes(name));
    return own ? [{ name, own }] : [];
  });
  return {
    attributes: grouping.attributes,
    groups: Object.fromEntries(groups),
    overall: joined((own) => own.overall),
    between: Object.assign({}, ...measured.map((own) => own.between)),
    parity: parityOf(judged, first!),
    generalisedMeans: Object.fromEntries(
      areas.map(({ name, own }) => [name, generalisedMean([...own.byGroup.values()].map((each) => each[name]!.value))]),
    ),
    entropy: judged.kind === "decisions" ? entropyOf(judged, grouping) : undefined,
    gaps: gapsOf(judged, measured, options, groupingCount),
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

/** Bonferroni over groupings and measures, max-t over the groups of each: the chance of any false call is at most 1 − confidence. */
function gapsOf(
  judged: Judged,
  measured: readonly GroupIntervals[],
  { measures = [mainMeasure[judged.kind]], tolerance = 0.05, confidence = 0.95 }: FairnessOptions,
  groupingCount: number,
): Gap[] {
  const level = 1 - (1 - confidence) / (groupingCount * measures.length);
  return measures.flatMap((measure) => {
    const own = measured.find((each) => each.measures.includes(measure));
    if (!own)
      throw unknownMeasure(
        measure,
        measured.flatMap((each) => each.measures),
      );
    const way = worseWay(measure);
    const allowed = /^(mae|mse)$/.test(measure) ? tolerance * own.overall[measure]!.value : tolerance;
    const behind = [...own.apart(measure, level)].map(([group, { value, low, high }]) => {
      const turned = way === "down" || (way === "either" && value < 0);
      const gap = turned ? { value: -value, low: -high, high: -low } : { value, low, high };
      return { group, measure, ...gap, tolerance: allowed, called: gap.low > allowed };
    });
    const defined = behind.filter((gap) => !Number.isNaN(gap.value)).sort((a, b) => b.low - a.low);
    return defined.slice(0, 1);
  });
}

const unknownMeasure = (measure: string, known: readonly string[]): ConcordError =>
  unknownName(
    "E_ARGUMENT",
    { operation: "fairness", problem: "there is no such measure of these answers" },
    measure,
    known,
  );
