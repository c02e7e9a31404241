// What the inputs of products are on real rows: a runtime that also gives them, and ranges of what it saw. Knows no rows.
import { ConcordError, type HostArray } from "../base/index.ts";
import { makeGraph, type Value } from "../graph/index.ts";
import type { ActivationRange } from "../onnx/index.ts";
import type { Executable, Feeds, Runtime } from "../runtime/index.ts";
import { storedMatrices } from "./matrices.ts";

/** Told what one product of a parameter multiplies in one run, [..., in]. */
export type Observe = (parameter: string, factor: HostArray<"float32">) => void;

/**
 * A runtime whose compiled models tell what their parameters are multiplied with. Run one input at a time: padding would be told too.
 * @param parameters names of those that are asked about
 */
export const observing = (runtime: Runtime, parameters: readonly string[], observe: Observe): Runtime => ({
  name: runtime.name,
  async compile(graph, options): Promise<Executable> {
    const seen = new Map<Value, string[]>();
    for (const { name, factors } of storedMatrices(graph, parameters))
      for (const factor of factors) seen.set(factor, [...(seen.get(factor) ?? []), name]);
    const asked = [...seen].map(([value, names], i) => ({ output: `factor ${i}`, value, names }));
    const extended = makeGraph(
      Object.fromEntries(graph.inputs),
      Object.fromEntries([...graph.outputs, ...asked.map(({ output, value }) => [output, value] as const)]),
    );
    const executable = await runtime.compile(extended, options);
    return {
      async run(feeds: Feeds) {
        const given = await executable.run(feeds);
        for (const { output, names } of asked)
          for (const name of names) observe(name, given[output] as HostArray<"float32">);
        return Object.fromEntries(graph.outputs.map(([name]) => [name, given[name]!]));
      },
      dispose: () => executable.dispose(),
    };
  },
});

/** How a range follows from the numbers that were seen. */
export const calibrations = ["min-max", "percentile", "entropy"] as const;
export type Calibration = (typeof calibrations)[number];

/** What was seen of the inputs of one product. */
export interface Observed {
  low: number;
  high: number;
  /** [in] Least and largest number of each column, 0 included. */
  readonly lows: Float32Array;
  readonly highs: Float32Array;
  /** Counts of magnitudes in {@link bins} equal steps up to `top`; counts of larger numbers widen it. */
  counts: Float64Array;
  top: number;
}

const bins = 2048;

/** Collects what products multiply. `seen` fills while models of `observing` run. */
export function observations(): { readonly seen: ReadonlyMap<string, Observed>; readonly observe: Observe } {
  const seen = new Map<string, Observed>();
  const observe: Observe = (name, { data, shape }) => {
    const width = shape.at(-1)!;
    const one =
      seen.get(name) ??
      ({
        low: 0,
        high: 0,
        lows: new Float32Array(width),
        highs: new Float32Array(width),
        counts: new Float64Array(bins),
        top: 0,
      } satisfies Observed);
    seen.set(name, one);
    let largest = 0;
    for (let i = 0; i < data.length; i++) {
      const x = data[i]!;
      const size = Math.abs(x);
      if (!(size < Number.POSITIVE_INFINITY)) throw notFinite(name, x);
      if (x < one.low) one.low = x;
      if (x > one.high) one.high = x;
      if (size > largest) largest = size;
      const column = i % width;
      if (x < one.lows[column]!) one.lows[column] = x;
      if (x > one.highs[column]!) one.highs[column] = x;
    }
    widen(one, largest);
    if (one.top === 0) return;
    const step = bins / one.top;
    for (let i = 0; i < data.length; i++) one.counts[Math.min(bins - 1, Math.floor(Math.abs(data[i]!) * step))]! += 1;
  };
  return { seen, observe };
}

/** Doubles the width of the steps until a magnitude has a place: pairs of counts are added. */
function widen(one: Observed, largest: number): void {
  if (largest === 0) return;
  if (one.top === 0) one.top = largest;
  while (one.top < largest) {
    const merged = new Float64Array(bins);
    for (let i = 0; i < bins; i++) merged[i >> 1]! += one.counts[i]!;
    one.counts = merged;
    one.top *= 2;
  }
}

/** Share of the numbers that a percentile range keeps. */
const kept = 0.9999;

/**
 * The range of what was seen. `min-max`: all of it. `percentile`: the 99.99 % of smallest magnitude. `entropy`: cut where 128 steps lose
 * the least information of the distribution of magnitudes (Kullback-Leibler; Migacz 2017, "8-bit inference with TensorRT").
 */
export function rangeOf(seen: Observed, calibration: Calibration): ActivationRange {
  if (calibration === "min-max" || seen.top === 0) return { low: seen.low, high: seen.high };
  const cut = calibration === "percentile" ? percentileCut(seen) : entropyCut(seen);
  return { low: Math.max(seen.low, -cut), high: Math.min(seen.high, cut) };
}

function percentileCut({ counts, top }: Observed): number {
  const all = counts.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (let i = 0; i < bins; i++) {
    sum += counts[i]!;
    if (sum >= kept * all) return ((i + 1) * top) / bins;
  }
  return top;
}

const levels = 128;

function entropyCut({ counts, top }: Observed): number {
  let best = { divergence: Number.POSITIVE_INFINITY, width: bins };
  for (let width = levels; width <= bins; width += 16) {
    const divergence = divergenceOf(counts, width);
    if (divergence < best.divergence) best = { divergence, width };
  }
  return (best.width * top) / bins;
}

/** How much the first `width` counts, the rest on the last of them, lose when they are merged into {@link levels} steps. */
function divergenceOf(counts: Float64Array, width: number): number {
  const given = counts.slice(0, width);
  let beyond = 0;
  for (let i = width; i < bins; i++) beyond += counts[i]!;
  const merged = new Float64Array(width);
  for (let level = 0; level < levels; level++) {
    const [from, to] = [Math.floor((level * width) / levels), Math.floor(((level + 1) * width) / levels)];
    let [sum, filled] = [0, 0];
    for (let i = from; i < to; i++) {
      sum += counts[i]!;
      filled += Number(counts[i]! > 0);
    }
    for (let i = from; i < to; i++) if (counts[i]! > 0) merged[i] = sum / filled;
  }
  given[width - 1]! += beyond;
  const [p, q] = [given.reduce((a, b) => a + b, 0), merged.reduce((a, b) => a + b, 0)];
  let divergence = 0;
  for (let i = 0; i < width; i++) {
    if (given[i] === 0) continue;
    const [a, b] = [given[i]! / p, (merged[i] || 1e-6) / q];
    divergence += a * Math.log(a / b);
  }
  return divergence;
}

const notFinite = (name: string, got: number) =>
  new ConcordError("E_DATA", {
    operation: "calibrate",
    problem: `the model gives numbers that are not finite before ${name}`,
    expected: "finite activations on the calibration rows",
    got: String(got),
  });
