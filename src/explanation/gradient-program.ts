// The gradient of a logit with respect to the rows of the word table, at many places between two texts at once. Knows token ids and
// models; no text. Shapes: K places, S tokens of the one text, H width, C outputs.

import { gradients } from "../autodiff/index.ts";
import { ConcordError, type HostArray, hostArray, unflattenTree } from "../base/index.ts";
import {
  add,
  broadcastTo,
  type InputSpec,
  input,
  makeGraph,
  mul,
  mulDims,
  reshape,
  scalar,
  sum,
  type Value,
} from "../graph/index.ts";
import type { Model } from "../models/index.ts";
import { inference, paddedLayout } from "../nn/index.ts";
import { headAnswers } from "../predict/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";

/** A text as the model reads it. */
export interface TokenIds {
  readonly ids: ArrayLike<number>;
  readonly typeIds: ArrayLike<number>;
}

/** Places on the straight line from `baseline` (0) to the text (1), and what each counts for. */
export interface GradientRequest {
  readonly text: TokenIds;
  /** As many ids; undefined stands for rows of zeros, so that place 1 gives gradient × input. */
  readonly baseline?: ArrayLike<number>;
  /** Which output of the head. */
  readonly target: number;
  /** Of a model that labels words: the token whose label it is. */
  readonly token?: number;
  readonly points: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** With g = Σ weight·∂logit/∂row over the places: sums and norms over the width, one number a token. */
export interface GradientAnswer {
  /** Σ (row − baseline row)·g. */
  readonly products: Float64Array;
  /** ‖g‖₂ and ‖g‖₁. */
  readonly norm2: Float64Array;
  readonly norm1: Float64Array;
  /** The target's logit at each place. */
  readonly logits: Float64Array;
}

/** A compiled model that answers requests. Call `dispose` when done. */
export interface GradientProgram {
  readonly model: Model;
  run(request: GradientRequest): Promise<GradientAnswer>;
  dispose(): Promise<void>;
}

/** Token rows of one run: about what fits in a processor's cache. */
const rowsAtOnce = 1024;

/**
 * Compiles the gradient of a classifier or regressor of whole texts, or of a model that labels words. The word table itself stays outside the graph.
 * @throws E_MODEL for a model that does not read rows, or has no labels
 * @example const program = await gradientProgram(model, weights, cpuRuntime);
 */
export async function gradientProgram(
  model: Model,
  weights: ReadonlyMap<string, HostArray<"float32">>,
  runtime: Runtime,
  { threads }: { readonly threads?: number } = {},
): Promise<GradientProgram> {
  checkModel(model);
  const words = model.tokens!.tableNames.words;
  const fed = model.parameters.filter((p) => p.name !== words);
  const bind = Object.fromEntries(
    fed.map(({ name }) => [name, { kind: "initializer" as const, array: weightOf(weights, name) }]),
  );
  const executable = await runtime.compile(gradientGraph(model), { bind, threads });
  const table = weightOf(weights, words);
  return {
    model,
    run: (request) => inChunks(executable, model, table, request),
    dispose: () => executable.dispose(),
  };
}

function checkModel(model: Model): void {
  const whole = headAnswers(model.task) !== undefined;
  if (whole && model.tokens?.readsWords) return;
  throw new ConcordError("E_MODEL", {
    operation: "explain",
    problem: whole
      ? `gradients of ${model.type} models are not covered`
      : `a model for ${model.task} has no gradient of a prediction`,
    expected: "a model of texts with a head that labels texts or words",
    got: `${model.type}, ${model.task}`,
    hint: "use occlusion or shap",
  });
}

function weightOf(weights: ReadonlyMap<string, HostArray<"float32">>, name: string): HostArray<"float32"> {
  const array = weights.get(name);
  if (!array) throw new ConcordError("E_MODEL", { operation: "explain", problem: `weight ${name} is missing` });
  return array;
}

/** Inputs by name; `seeds` holds each place's weight in the target's column, where words are labelled in the row of its token. */
function specsOf(model: Model, width: number, outputs: number): Record<string, InputSpec> {
  return {
    start: ["float32", ["S", width]],
    change: ["float32", ["S", width]],
    points: ["float32", ["K"]],
    seeds: ["float32", [headAnswers(model.task)?.words ? mulDims("K", "S") : "K", outputs]],
    positions: ["int32", ["S"]],
    ...(model.tokens!.types > 0 ? { types: ["int32", ["S"]] as const } : {}),
  };
}

function gradientGraph(model: Model) {
  const sizes = new Map(model.parameters.map((p) => [p.name, p.shape]));
  const { words } = model.tokens!.tableNames;
  const width = sizes.get(words)![1]!;
  const outputs = model.labels?.names.length ?? 1;
  const specs = specsOf(model, width, outputs);
  const v = Object.fromEntries(
    Object.entries(specs).map(([name, [dtype, shape]]) => [name, input(name, dtype, shape)]),
  );
  const parameters = Object.fromEntries(
    model.parameters.filter((p) => p.name !== words).map(({ name, shape }) => [name, input(name, "float32", shape)]),
  );
  const way = mul(reshape(v.points!, ["K", 1, 1]), reshape(v.change!, [1, "S", width]));
  const rows = reshape(add(way, reshape(v.start!, [1, "S", width])), [mulDims("K", "S"), width]); // [K·S, H]
  const again = (x: Value) => reshape(broadcastTo(reshape(x, [1, "S"]), ["K", "S"]), [mulDims("K", "S")]);
  const inputs = { words: rows, positions: again(v.positions!), ...(v.types ? { types: again(v.types) } : {}) };
  // one text: nothing is padded, so nothing is masked
  const layout = paddedLayout("K", "S", scalarMask());
  const { logits } = model.forward(unflattenTree(Object.entries(parameters)), inputs, layout, { context: inference });
  const [slope] = gradients([logits!], [rows], [v.seeds!]);
  const g = sum(reshape(slope!, ["K", "S", width]), { axes: [0] }); // [S, H]
  return makeGraph({ ...parameters, ...v }, { slopes: g, logits: logits! });
}

const scalarMask = (): Value => reshape(scalar(0), [1, 1, 1, 1]);

async function inChunks(
  executable: Executable,
  model: Model,
  table: HostArray<"float32">,
  { text, baseline, target, token = 0, points, weights }: GradientRequest,
): Promise<GradientAnswer> {
  const length = text.ids.length;
  const width = table.shape[1]!;
  const rowsOf = (ids: ArrayLike<number> | undefined): Float32Array => {
    const rows = new Float32Array(length * width);
    if (ids)
      for (let s = 0; s < length; s++) rows.set(table.data.subarray(ids[s]! * width, (ids[s]! + 1) * width), s * width);
    return rows;
  };
  const start = rowsOf(baseline);
  const change = rowsOf(text.ids).map((x, i) => x - start[i]!);
  const { firstPosition, types } = model.tokens!;
  const outputs = model.labels?.names.length ?? 1;
  const fixed: Record<string, HostArray> = {
    start: hostArray("float32", [length, width], start),
    change: hostArray("float32", [length, width], change),
    positions: hostArray(
      "int32",
      [length],
      Int32Array.from({ length }, (_, s) => firstPosition + s),
    ),
    ...(types > 0 ? { types: hostArray("int32", [length], Int32Array.from(text.typeIds)) } : {}),
  };
  const slopes = new Float64Array(length * width);
  const logits = new Float64Array(points.length);
  const atOnce = Math.max(1, Math.floor(rowsAtOnce / length));
  for (let from = 0; from < points.length; from += atOnce) {
    const count = Math.min(atOnce, points.length - from);
    const rows = headAnswers(model.task)?.words ? length : 1; // of logits, at each place
    const at = (k: number) => (k * rows + token) * outputs + target;
    const seeds = new Float32Array(count * rows * outputs);
    const places = new Float32Array(count);
    for (let k = 0; k < count; k++) [places[k], seeds[at(k)]] = [points[from + k]!, weights[from + k]!];
    const got = await executable.run({
      ...fixed,
      points: hostArray("float32", [count], places),
      seeds: hostArray("float32", [count * rows, outputs], seeds),
    });
    const slope = got.slopes!.data as Float32Array;
    for (let i = 0; i < slopes.length; i++) slopes[i]! += slope[i]!;
    for (let k = 0; k < count; k++) logits[from + k] = (got.logits!.data as Float32Array)[at(k)]!;
  }
  return { ...folded(slopes, change, length, width), logits };
}

/** Sums over the width, in float64. */
function folded(slopes: Float64Array, change: Float32Array, length: number, width: number) {
  const [products, norm2, norm1] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  for (let s = 0; s < length; s++) {
    for (let h = 0; h < width; h++) {
      const g = slopes[s * width + h]!;
      products[s]! += g * change[s * width + h]!;
      norm2[s]! += g * g;
      norm1[s]! += Math.abs(g);
    }
    norm2[s] = Math.sqrt(norm2[s]!);
  }
  return { products, norm2, norm1 };
}
