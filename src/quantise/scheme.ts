// How a model is stored in fewer bits: settings, and the bindings of its parameters that follow. Knows no file.
import { ConcordError, type HostArray } from "../base/index.ts";
import { float32ToFloat16 } from "../formats/index.ts";
import { exportGraph, type Model } from "../models/index.ts";
import type { Binding } from "../onnx/index.ts";
import { type StoredMatrix, storedMatrices } from "./matrices.ts";
import { type Calibration, type Observed, rangeOf } from "./observe.ts";

/** What a model may be quantised to. */
export const quantiseTargets = ["int8", "int8-weights", "int4", "fp16"] as const;
export type QuantiseTarget = (typeof quantiseTargets)[number];

/** Settings of one quantisation. */
export interface QuantiseScheme {
  /**
   * `int8`: weights in signed bytes with a scale a column, products of bytes. `int8-weights`, `int4`: weights alone, a scale for each block.
   * `fp16`: weights alone, in 16-bit floats.
   */
  readonly to: QuantiseTarget;
  /** int8: scale of what weights are multiplied with. `static`: fixed on calibration rows; `row`: of each row as it comes. */
  readonly activations: "static" | "row";
  /** int8, static: how a range follows from what calibration rows gave. */
  readonly calibration: Calibration;
  /** int8: bits used of weights: 7 is exact on every processor, 8 needs one that adds products of bytes in 32 bits. */
  readonly bits: 7 | 8;
  /** int8: strength of SmoothQuant, 0 (none) to 1: how much of the inputs' range moves into the weights (Xiao 2022, arXiv:2211.10438). */
  readonly smooth: number;
  /** int8-weights, int4: numbers that share a scale. Default 32 in 4 bits and 64 in 8, which is a tenth faster than 32; from 128 on in 8 bits, the last bit of an answer may depend on its place in a batch. */
  readonly blockSize?: number;
  /** int8-weights, int4: blocks without a zero point of their own. */
  readonly symmetric: boolean;
  /** Whether tables of words and positions are stored so as well. */
  readonly tables: boolean;
  /** Parameters left as they are: names, or the beginnings of names. */
  readonly keep: readonly string[];
  /** int4: parameters stored in 8 bits instead: names, or the beginnings of names. Default none. */
  readonly eightBits?: readonly string[];
}

/** What `int8` means where no calibration rows are at hand: a scale for each row of the inputs, so that no neighbour changes an answer. */
export const uncalibratedInt8: QuantiseScheme = {
  to: "int8",
  activations: "row",
  calibration: "min-max",
  bits: 7,
  smooth: 0,
  symmetric: true,
  tables: true,
  keep: [],
};

/** Matrices below this count of numbers are not worth a scale. */
const smallest = 1024;

/** A model's parameters as they will be stored. */
export interface StoredModel {
  readonly bind: Readonly<Record<string, Binding>>;
  /** Names of those stored in fewer bits. */
  readonly stored: readonly string[];
  /** Of those that could be, and are not: heads, small matrices, and what `keep` names. */
  readonly left: readonly string[];
}

/** Whether a name is one of these, or begins with one. */
const isNamed = (parts: readonly string[], name: string): boolean =>
  parts.some((part) => name === part || name.startsWith(`${part}.`));

/** Parameters that a scheme stores in fewer bits. Heads stay as they are: they are small, and answers hang on them most. */
export function chosenMatrices(model: Model, scheme: Pick<QuantiseScheme, "tables" | "keep">): StoredMatrix[] {
  const heads = new Set(model.parameters.filter((p) => p.head).map((p) => p.name));
  const shapes = new Map(model.parameters.map((p) => [p.name, p.shape]));
  return storedMatrices(exportGraph(model, { features: true }), [...shapes.keys()]).filter(({ name, use }) => {
    const [rows, columns] = shapes.get(name) as readonly [number, number];
    if (heads.has(name) || isNamed(scheme.keep, name) || rows * columns < smallest) return false;
    return use === "product" || scheme.tables;
  });
}

/**
 * Bindings of a model's parameters under a scheme.
 * @param observed what products multiplied on calibration rows; needed for static scales and for smoothing
 * @throws E_MODEL where a weight is missing, or nothing can be stored so; E_ARGUMENT for a product that was not observed, or a name in
 * `keep` that fits no parameter
 */
export function storedModel(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  scheme: QuantiseScheme,
  observed: ReadonlyMap<string, Observed> = new Map(),
): StoredModel {
  checkNames(model, scheme.keep, "keep");
  checkNames(model, scheme.eightBits ?? [], "eightBits");
  const chosen = new Map(chosenMatrices(model, scheme).map((matrix) => [matrix.name, matrix]));
  if (scheme.to !== "fp16" && chosen.size === 0)
    throw new ConcordError("E_MODEL", {
      operation: "quantise",
      problem: "the model has no matrix that can be stored in fewer bits",
      expected: `a matrix of at least ${smallest} numbers outside the head`,
      got: `${model.parameters.length}`,
    });
  const bind: Record<string, Binding> = {};
  const stored: string[] = [];
  for (const { name } of model.parameters) {
    const array = weights.get(name);
    if (!array) throw new ConcordError("E_MODEL", { operation: "quantise", problem: `weight ${name} is missing` });
    const matrix = chosen.get(name);
    bind[name] = bindingOf(name, array, scheme, matrix, observed.get(name));
    if (bind[name].kind !== "initializer" || bind[name].array.dtype === "float16") stored.push(name);
  }
  const all = storedMatrices(exportGraph(model, { features: true }), Object.keys(bind)).map(({ name }) => name);
  return { bind, stored, left: all.filter((name) => !stored.includes(name)) };
}

function bindingOf(
  name: string,
  array: HostArray,
  { to, activations, calibration, bits, smooth, blockSize, symmetric, keep, eightBits = [] }: QuantiseScheme,
  matrix: StoredMatrix | undefined,
  seen: Observed | undefined,
): Binding {
  if (to === "fp16")
    return { kind: "initializer", array: array.shape.length > 1 && !isNamed(keep, name) ? half(array) : array };
  const four = to === "int4" && !isNamed(eightBits, name);
  if (!matrix || (four && matrix.use !== "product" && array.shape[1]! % 2 > 0)) return { kind: "initializer", array };
  if (to === "int4" || to === "int8-weights")
    return { kind: "blocks", array, bits: four ? 4 : 8, blockSize: blockSize ?? (four ? 32 : 64), symmetric };
  if (matrix.use !== "product") return { kind: "int8", array, bits, scales: "row" };
  const needsSeen = activations === "static" || smooth > 0;
  if (needsSeen && !seen)
    throw new ConcordError("E_ARGUMENT", {
      operation: "quantise",
      problem: `nothing was observed of what ${matrix.name} is multiplied with`,
      expected: "calibration rows",
    });
  const factors = smooth > 0 ? smoothing(array, matrix.turned, seen!, smooth) : undefined;
  if (activations === "row") return { kind: "int8", array, bits, scales: "row", smooth: factors };
  const range = factors ? smoothedRange(seen!, factors) : rangeOf(seen!, calibration);
  return { kind: "int8", array, bits, scales: range, smooth: factors };
}

const half = (array: HostArray): HostArray<"float16"> => ({
  dtype: "float16",
  shape: array.shape,
  data: float32ToFloat16(array.data as Float32Array),
});

/** SmoothQuant's factors: max|x_j|^α / max|w_j|^(1−α), 1 where one of them is zero. */
function smoothing(weight: HostArray, turned: boolean, { lows, highs }: Observed, strength: number): Float32Array {
  const [rows, width] = weight.shape as [number, number];
  const w = weight.data as Float32Array;
  const largest = new Float32Array(turned ? rows : width);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < width; j++) {
      const at = turned ? i : j;
      largest[at] = Math.max(largest[at]!, Math.abs(w[i * width + j]!));
    }
  return highs.map((high, j) => {
    const factor = Math.max(high, -lows[j]!) ** strength / largest[j]! ** (1 - strength);
    return factor > 0 && Number.isFinite(factor) ? factor : 1;
  });
}

/** The range of inputs after smoothing. */
function smoothedRange({ lows, highs }: Observed, factors: Float32Array) {
  const [low, high] = [lows.map((x, j) => x / factors[j]!), highs.map((x, j) => x / factors[j]!)];
  return { low: Math.min(...low), high: Math.max(...high) };
}

function checkNames({ parameters }: Model, given: readonly string[], path: string): void {
  const idle = given.find((part) => !parameters.some(({ name }) => isNamed([part], name)));
  if (idle === undefined) return;
  throw new ConcordError("E_ARGUMENT", {
    operation: "quantise",
    problem: "no parameter has this name, or begins with it",
    expected: parameters
      .slice(0, 4)
      .map(({ name }) => name)
      .join(", "),
    got: idle,
    path,
  });
}
