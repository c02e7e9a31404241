// Areas under ROC curves where there are several classes: each class against the rest, and their mean over the classes that occur
// (scikit-learn's one-vs-rest, macro), within groups and across a group's border (Borkan 2019), with draws of all of them together.
// Draws are the bootstrap's, made linear in how often a row is drawn: sorting a million rows a thousand times would take hours.
import { random } from "../base/index.ts";
import { type AreaSides, areaOf, type Ranked, ranked, rightPairs } from "./area-influence.ts";
import type { Grouping, KnowOptions, Sampled, Sampler } from "./measures.ts";
import { unitRange } from "./panel.ts";
import { binomial } from "./resample.ts";

/** Numbers that a draw may multiply; beyond it every k-th row or cluster stands for k. */
const mostInfluences = 100_000;

/** Slots of values: a group's own rows, all rows, all but the group's. */
type Slot = { readonly which: "own" | "rest"; readonly g: number } | { readonly which: "all" };

export const macroAreas = ["macroAuc", "macroBpsnAuc", "macroBnspAuc"] as const;

/**
 * `<class>.auc` by class, then `macroAuc`, `macroBpsnAuc`, `macroBnspAuc`; sorted once for all groupings.
 * @param truth class number [N] @param probabilities [N][classes] @param names of the classes @param most numbers that a draw multiplies
 * @example classAreas([0, 1, 2], [[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]], ["a", "b", "c"]).measures[0] // "a.auc"
 */
export function classAreas(
  truth: ArrayLike<number>,
  probabilities: readonly ArrayLike<number>[],
  names: readonly string[],
  most = mostInfluences,
): Sampler {
  const classes = names.map((_, k) =>
    ranked(
      Float64Array.from(probabilities, (row) => row[k]!),
      Uint8Array.from(truth, (t) => Number(t === k)),
    ),
  );
  const measures = [...names.map((name) => `${name}.auc`), ...macroAreas];
  return {
    measures,
    ranges: measures.map(() => unitRange),
    sideOf: (m) => (m < names.length ? (row) => truth[row] === m : undefined),
    sample: (grouping, shown, options) => sampled(classes, measures, grouping, shown, { ...options, most }),
  };
}

function sampled(
  classes: readonly Ranked[],
  measures: readonly string[],
  grouping: Grouping,
  shown: readonly number[],
  options: KnowOptions & { readonly most: number },
): Sampled {
  const slots: Slot[] = [
    ...shown.map((g) => ({ which: "own", g }) as const),
    { which: "all" },
    ...shown.map((g) => ({ which: "rest", g }) as const),
  ];
  const width = classes.length + macroAreas.length;
  const values = new Float64Array(slots.length * width).fill(Number.NaN);
  const units = options.clusters ?? {
    of: Int32Array.from(grouping.groupOf.keys()),
    count: grouping.groupOf.length,
  };
  const stride = Math.max(1, Math.ceil((units.count * slots.length) / options.most));
  const kept = Math.ceil(units.count / stride);
  const times = timesDrawn(options, units.count, kept);
  const scale = Math.sqrt(stride); // makes up for the units that are left out
  const draws = times.map(() => values.slice());
  const perMeasure = () => slots.map(() => ({ moves: new Float64Array(kept), total: 0, count: 0 }));
  const macro = macroAreas.map(perMeasure);
  const put = (slot: number, measure: number, value: number, moves: Float64Array, by: number) => {
    const at = slot * width + measure;
    values[at] = value;
    const touched = Int32Array.from(moves.keys()).filter((u) => moves[u] !== 0);
    for (const [d, drawn] of draws.entries()) {
      const drawnTimes = times[d]!;
      let moved = 0;
      for (let i = 0; i < touched.length; i++) moved += drawnTimes[touched[i]!]! * moves[touched[i]!]!;
      drawn[at] = Math.min(1, Math.max(0, value + by * scale * moved));
    }
  };
  for (const [k, ranked] of classes.entries()) {
    const sidesOf = sidesIn(ranked, grouping);
    for (const [s, slot] of slots.entries())
      for (const [a, sides] of sidesOf(slot).entries()) {
        if (!sides) continue;
        const moves = new Float64Array(kept);
        const area = areaOf(sides, (row, by) => {
          const unit = units.of[row]!;
          if (unit % stride === 0) moves[unit / stride]! += by;
        });
        if (Number.isNaN(area)) continue;
        if (a === 0 && (slot.which !== "rest" || options.judged?.includes(measures[k]!))) put(s, k, area, moves, 1);
        const sum = macro[a]![s]!;
        sum.total += area;
        sum.count++;
        for (let u = 0; u < kept; u++) sum.moves[u]! += moves[u]!;
      }
  }
  for (const [a, bySlot] of macro.entries())
    for (const [s, { moves, total, count }] of bySlot.entries())
      if (count) put(s, classes.length + a, total / count, moves, 1 / count);
  return { values, draws };
}

/** (Times that a unit is drawn) − 1 for each draw, of the kept units among all. */
function timesDrawn({ seed, resamples }: KnowOptions, count: number, kept: number): Float64Array[] {
  const rng = random(seed);
  return Array.from({ length: resamples }, () => {
    const times = new Float64Array(kept).fill(-1);
    const hits = binomial(count, kept / count, rng);
    for (let i = 0; i < hits; i++) times[rng.int(kept)]!++;
    return times;
  });
}

/** Sides of the areas of a slot: within, positives from outside (BPSN), negatives from outside (BNSP); all rows have no outside. */
function sidesIn(ranked: Ranked, { groupOf, names }: Grouping) {
  const whole = rightPairs(ranked);
  const parts = names.map(() => ({ positives: [] as number[], negatives: [] as number[] }));
  for (const [row, g] of groupOf.entries()) parts[g]![ranked.positive[row] ? "positives" : "negatives"].push(row);
  const but = (g: number, side: "positives" | "negatives") => parts.flatMap((part, h) => (h === g ? [] : part[side]));
  const known = new Map<number, Float64Array>();
  const inGroup = (g: number): Float64Array => {
    const found =
      known.get(g) ??
      rightPairs(
        ranked,
        Uint8Array.from(groupOf, (h) => Number(h === g)),
      );
    known.set(g, found);
    return found;
  };
  return (slot: Slot): (AreaSides | undefined)[] => {
    if (slot.which === "all") {
      const positives = parts.flatMap((part) => part.positives);
      const negatives = parts.flatMap((part) => part.negatives);
      return [{ positives, negatives, right: (row) => whole[row]! }];
    }
    const { g } = slot;
    const within = inGroup(g);
    const [inner, outer] = [parts[g]!, { positives: but(g, "positives"), negatives: but(g, "negatives") }];
    const [mine, others] = slot.which === "own" ? [inner, outer] : [outer, inner];
    const rightIn = (row: number) => within[row]!;
    const rightOut = (row: number) => whole[row]! - within[row]!;
    const [rightMine, rightOthers] = slot.which === "own" ? [rightIn, rightOut] : [rightOut, rightIn];
    const isMine = (row: number) => (groupOf[row] === g) === (slot.which === "own");
    const across = (row: number) => (isMine(row) ? rightOthers(row) : rightMine(row)); // the other side is the other set
    return [
      { ...mine, right: rightMine },
      { positives: others.positives, negatives: mine.negatives, right: across },
      { positives: mine.positives, negatives: others.negatives, right: across },
    ];
  };
}
