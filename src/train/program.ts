// From a model to the graphs that training and evaluation run: losses per example, gradients by parameter, dropout masks as
// inputs. Pure graph building; knows no data, no optimizer and no runtime.
import { type Gradient, type RowGradient, sparseGradients } from "../autodiff/index.ts";
import { ConcordError, hostArray, type Tree, unflattenTree } from "../base/index.ts";
import {
  add,
  constant,
  type Dim,
  type Graph,
  type InputSpec,
  input,
  makeGraph,
  moveRows,
  mul,
  reshape,
  scope,
  sum,
  type Value,
} from "../graph/index.ts";
import type { Model, ModelOutputs, Task } from "../models/index.ts";
import {
  classLoss,
  type ForwardContext,
  inference,
  type Layout,
  multiLabelLoss,
  packedLayout,
  packedSpecs,
  squaredLoss,
} from "../nn/index.ts";
import { type Clipping, clippedGradients } from "./clipped-gradients.ts";
import { type ContrastOptions, contrastLosses, contrastSpecs } from "./contrast.ts";
import { exampleRows } from "./example-rows.ts";
import { pairDistance } from "./pair-distance.ts";

/** One place where elements are dropped: an input of the graph that wants values 0 or 1/(1 − rate). */
export interface DropoutSite {
  readonly name: string;
  readonly shape: readonly Dim[];
  readonly rate: number;
}

/** Which outputs of a program are the gradient of one parameter. */
export interface GradientOutput {
  readonly parameter: string;
  readonly dense?: string;
  /** Row gradients: the output [T, H], the input that holds their row numbers, and the row number that does not count. */
  readonly rows: readonly { readonly output: string; readonly index: string; readonly skipId?: number }[];
}

export interface TrainingProgram {
  readonly graph: Graph;
  readonly dropoutSites: readonly DropoutSite[];
  readonly gradients: readonly GradientOutput[];
}

export interface LossOptions {
  /** Share of the target spread over all classes, 0 … 1. Default 0. Classification only. */
  readonly labelSmoothing?: number;
  /** Weight of each class, in label order. Default all 1. Classification only. */
  readonly classWeights?: readonly number[];
  /** Weight λ of the distance between an example's logits and its counterpart's. Default 0: no pairs. Whole texts only. */
  readonly pairing?: number;
  /** Contrast between parts of texts: the only loss of a bare encoder, added to that of masked words. Default none. */
  readonly contrast?: ContrastOptions;
}

export interface ProgramOptions extends LossOptions {
  /** Which parameters get gradients. Default all. */
  readonly trainable?: (name: string) => boolean;
  /** Default true; false builds the same graph without masks. */
  readonly dropout?: boolean;
  /** Changes the parameter tree before the forward pass: adapters. */
  readonly adapt?: (params: Tree<Value>) => Tree<Value>;
  /** Private training: gradients are sums of clipped example gradients, and `norms` [B] is an output. Default none. */
  readonly clipping?: Clipping;
  /** More parameters than the model's own (an adapter's): name → shape. */
  readonly extra?: ReadonlyMap<string, readonly number[]>;
}

/** True for tasks whose targets belong to token rows rather than to examples. */
export const isRowTask = (task: Task): boolean => task === "token" || task === "masked-lm" || task === "causal-lm";

/** Inputs that hold the batch, by name: rows [T], layout, targets and, for logit pairing, who is whose counterpart. */
export function batchSpecs(
  model: Model,
  withTargets: boolean,
  { pairing = 0, contrast }: LossOptions = {},
): Record<string, InputSpec> {
  const { image, tokens } = model;
  const rows: Record<string, InputSpec> = tokens
    ? {
        ids: ["int32", ["T"]],
        positions: ["int32", ["T"]],
        ...(tokens.types > 0 ? { types: ["int32", ["T"]] } : {}),
        ...packedSpecs(model.headCounts, model.causal),
      }
    : { pixels: ["float32", ["B", image!.channels, image!.side, image!.side]] };
  const outputs = model.labels?.names.length ?? 1;
  const wanted: Record<string, InputSpec> = isRowTask(model.task) ? { "logits.rows": ["int32", ["M"]] } : {};
  const targets: Record<string, InputSpec> = isRowTask(model.task)
    ? {
        labels: ["int32", ["M"]],
        "labels.weights": ["float32", ["M"]],
        "labels.slots": ["int32", ["B", "K"]],
        "labels.places": ["int32", ["M"]],
        weights: ["float32", ["B"]],
      }
    : {
        ...(model.task === "features"
          ? {}
          : { labels: model.task === "single-label" ? ["int32", ["B"]] : ["float32", ["B", outputs]] }),
        weights: ["float32", ["B"]],
        ...(pairing > 0 ? { pairs: ["float32", ["B", "B"]] } : {}),
      };
  return { ...rows, ...wanted, ...(withTargets ? { ...targets, ...(contrast && contrastSpecs) } : {}) };
}

/**
 * The training graph: inputs are the parameters, the batch and the masks; outputs are `losses` [B] and the gradients of
 * Σ weights·losses.
 * @throws E_ARGUMENT for a model without a trainable head; E_GRADIENT where clipping cannot follow a parameter
 */
export function trainingProgram(model: Model, options: ProgramOptions = {}): TrainingProgram {
  const sites: (DropoutSite & { readonly value: Value })[] = [];
  const dropout = (x: Value, rate: number): Value => {
    if (rate === 0 || options.dropout === false) return x;
    const name = `dropout.${sites.length}`;
    const value = input(name, "float32", x.shape);
    sites.push({ name, shape: x.shape, rate, value });
    return mul(x, value);
  };
  const { values, outputs, parameters, layout } = forward(model, options, { dropout }, true);
  const losses = lossesOf(model, outputs, layout, values, options);
  const trained = [...parameters].filter(([name]) => options.trainable?.(name) ?? true);
  const clipped =
    options.clipping &&
    clippedGradients(losses, values.weights!, trained, exampleRows(values, layout), options.clipping);
  const found: Gradient[] =
    clipped?.found ??
    sparseGradients(
      [losses],
      trained.map(([, v]) => v),
      [values.weights!],
    );
  const results: Record<string, Value> = { losses, ...(clipped && { norms: clipped.norms }) };
  const inputNames = new Map(Object.entries(values).map(([name, v]) => [v, name]));
  const named = new Map<Value, string>();
  const outputName = (value: Value): string => {
    if (!named.has(value)) {
      const name = `grad.${named.size}`;
      named.set(value, name);
      results[name] = value;
    }
    return named.get(value)!;
  };
  const gradients = trained.map(([parameter], i): GradientOutput => {
    const { dense, rows } = found[i]!;
    const rowOutput = ({ ids, rows: value, skipId }: RowGradient) => ({
      output: outputName(value),
      index: inputNames.get(ids)!,
      skipId,
    });
    return { parameter, dense: dense && outputName(dense), rows: rows.map(rowOutput) };
  });
  const inputs = {
    ...Object.fromEntries(parameters),
    ...values,
    ...Object.fromEntries(sites.map((s) => [s.name, s.value])),
  };
  return {
    graph: makeGraph(inputs, results),
    dropoutSites: sites.map(({ name, shape, rate }) => ({ name, shape, rate })),
    gradients,
  };
}

/** The evaluation graph: parameters and batch in, `logits` out (`pooled` or `last` for a bare encoder). */
export function evaluationProgram(model: Model, options: ProgramOptions = {}): Graph {
  const { values, outputs, parameters } = forward(model, options, inference, false);
  const results: Record<string, Value> = outputs.logits
    ? { logits: outputs.logits }
    : outputs.pooled
      ? { pooled: outputs.pooled, last: outputs.last }
      : { last: outputs.last };
  return makeGraph({ ...Object.fromEntries(parameters), ...values }, results);
}

function forward(model: Model, options: ProgramOptions, context: ForwardContext, withTargets: boolean) {
  const shapes = new Map<string, readonly number[]>([
    ...model.parameters.map((p) => [p.name, p.shape] as const),
    ...(options.extra ?? []),
  ]);
  const parameters = new Map([...shapes].map(([name, shape]) => [name, input(name, "float32", shape)]));
  const values = Object.fromEntries(
    Object.entries(batchSpecs(model, withTargets, options)).map(([name, [dtype, shape]]) => [
      name,
      input(name, dtype, shape),
    ]),
  );
  const tree = unflattenTree(parameters);
  const layout = model.tokens ? packedLayout(values) : undefined;
  const outputs = model.forward(options.adapt?.(tree) ?? tree, values, layout, {
    context,
    logitRows: values["logits.rows"],
  });
  return { values, outputs, parameters, layout };
}

/** Loss of each example, [B]: of its targets, of contrast, or the sum of both. @throws E_ARGUMENT where there is neither */
function lossesOf(
  model: Model,
  { logits, last }: ModelOutputs,
  layout: Layout | undefined,
  values: Readonly<Record<string, Value>>,
  options: LossOptions,
): Value {
  const { contrast } = options;
  if (!logits && !contrast)
    throw new ConcordError("E_ARGUMENT", {
      operation: "train",
      problem: `a model for ${model.task} has nothing to train against`,
      hint: "give it a head: withHead(config, …)",
    });
  const targets = logits && exampleLosses(model, logits, values, options);
  if (!contrast) return targets!;
  const apart = contrastLosses(layout!, last, values, contrast);
  return targets ? add(targets, apart) : apart;
}

/** Loss of each example, [B], with λ times the distance to its counterpart. For row tasks the sum over its rows of weight·loss. */
export function exampleLosses(
  model: Model,
  logits: Value,
  values: Readonly<Record<string, Value>>,
  options: LossOptions,
): Value {
  const losses = targetLosses(model, logits, values, options);
  const { pairing = 0 } = options;
  if (pairing === 0) return losses;
  return scope("pairs", () => add(losses, mul(pairDistance(model.task, logits, values.pairs!), pairing)));
}

function targetLosses(
  model: Model,
  logits: Value,
  values: Readonly<Record<string, Value>>,
  { labelSmoothing = 0, classWeights }: LossOptions,
): Value {
  return scope("loss", () => {
    const weighted = {
      labelSmoothing,
      classWeights: classWeights && constant(hostArray("float32", [classWeights.length], [...classWeights])),
    };
    switch (model.task) {
      case "single-label":
        return classLoss(logits, values.labels!, weighted);
      case "multi-label":
        return multiLabelLoss(logits, values.labels!, weighted.classWeights);
      case "regression":
        return squaredLoss(logits, values.labels!);
      case "features":
        throw new ConcordError("E_ARGUMENT", { operation: "loss", problem: "a bare encoder has no targets" });
      default: {
        const rows = mul(classLoss(logits, values.labels!, weighted), values["labels.weights"]!); // [M]
        const column = reshape(rows, [rows.shape[0]!, 1]);
        const blocks = moveRows(column, values["labels.slots"]!, values["labels.places"]!, { inverseComplete: true }); // [B, K, 1]
        return sum(blocks, { axes: [1, 2] });
      }
    }
  });
}
