// Draws of measures that are functions of how many rows of each kind a group has: redraws of rows, or of whole units (patients). Knows no
// measure.
import { random } from "../base/index.ts";
import type { Grouping, KnowOptions, Sampler } from "./measures.ts";
import type { Panel } from "./panel.ts";
import { redrawClusters, redrawRows } from "./resample.ts";

/** Values are those of the rows; draws count kinds, and lie around what the kinds make of the value. */
export const countingSampler = (panel: Panel): Sampler => ({
  measures: panel.measures,
  ranges: panel.ranges,
  sideOf: panel.sideOf,
  sample(grouping, shown, options) {
    const counts = countKinds(panel, grouping);
    const rough = evaluateGroups(panel, grouping, shown, counts);
    const values = refined(panel, grouping, shown, rough);
    return { values, rough, draws: drawGroups(panel, grouping, shown, counts, options) };
  },
});

/** Rows of each kind in each group [groups × kinds]. */
function countKinds({ kindOf, kindCount }: Panel, { names, groupOf }: Grouping): Float64Array {
  const counts = new Float64Array(names.length * kindCount);
  for (let row = 0; row < kindOf.length; row++) counts[groupOf[row]! * kindCount + kindOf[row]!]!++;
  return counts;
}

/** Values [shown groups, overall, all but each shown group; measures]. */
function evaluateGroups(
  panel: Panel,
  { names }: Grouping,
  shown: readonly number[],
  counts: Float64Array,
): Float64Array {
  const { kindCount, measures } = panel;
  const width = measures.length;
  const values = new Float64Array((2 * shown.length + 1) * width).fill(Number.NaN);
  const all = new Float64Array(kindCount);
  for (let g = 0; g < names.length; g++)
    for (let kind = 0; kind < kindCount; kind++) all[kind]! += counts[g * kindCount + kind]!;
  const slot = (i: number) => values.subarray(i * width, (i + 1) * width);
  panel.evaluate(all, all, slot(shown.length));
  const rest = new Float64Array(kindCount);
  for (const [i, g] of shown.entries()) {
    const drawn = counts.subarray(g * kindCount, (g + 1) * kindCount);
    panel.evaluate(drawn, all, slot(i));
    for (let kind = 0; kind < kindCount; kind++) rest[kind] = all[kind]! - drawn[kind]!;
    panel.evaluate(rest, all, slot(shown.length + 1 + i));
  }
  return values;
}

/** The same values from the rows, where kinds are coarser. */
function refined(
  panel: Panel,
  { groupOf, names }: Grouping,
  shown: readonly number[],
  rough: Float64Array,
): Float64Array {
  const refine = panel.refine?.(groupOf, names.length);
  if (!refine) return rough;
  const fine = rough.slice();
  const width = panel.measures.length;
  const slot = (i: number) => fine.subarray(i * width, (i + 1) * width);
  refine("all", 0, slot(shown.length));
  for (const [i, g] of shown.entries()) {
    refine("own", g, slot(i));
    refine("rest", g, slot(shown.length + 1 + i));
  }
  return fine;
}

function drawGroups(
  panel: Panel,
  grouping: Grouping,
  shown: readonly number[],
  counts: Float64Array,
  { seed, resamples, clusters }: KnowOptions,
): Float64Array[] {
  const { kindOf, kindCount } = panel;
  const redraw = clusters
    ? redrawClusters(
        kindOf.map((kind, row) => grouping.groupOf[row]! * kindCount + kind),
        clusters.of,
        clusters.count,
      )
    : redrawRows(counts);
  const source = random(seed);
  const drawn = new Float64Array(counts.length);
  return Array.from({ length: resamples }, () => {
    redraw(source, drawn);
    return evaluateGroups(panel, grouping, shown, drawn);
  });
}
