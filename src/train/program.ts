// From a model to the graphs that training and evaluation run: losses per example, gradients by parameter, dropout masks as
// inputs. Pure graph building; knows no data, no optimizer and no runtime.
import { type Gradient, partsOf, type RowGradient, sparseGradients } from "../autodiff/index.ts";
import { type Tree, unflattenTree } from "../base/index.ts";
import {
  type Dim,
  type Graph,
  type InputSpec,
  input,
  makeGraph,
  mul,
  type Node,
  neg,
  type Value,
} from "../graph/index.ts";
import { batchingOf } from "../modalities/index.ts";
import { enteredForward, type Model } from "../models/index.ts";
import { type AdapterLayout, classLoss, type ForwardContext, inference } from "../nn/index.ts";
import { type StoredParameters, storedGraph } from "../quantise/index.ts";
import { type Clipping, clippedGradients } from "./clipped-gradients.ts";
import { exampleRows } from "./example-rows.ts";
import type { Objective, Teacher } from "./objectives/objective.ts";
import { supervised } from "./objectives/supervised.ts";
import { isRowTask, type LossOptions } from "./objectives/targets.ts";
import type { PruningLayout } from "./pruning.ts";

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

export interface ProgramOptions extends LossOptions {
  /** What is learned. Default supervised. */
  readonly objective?: Objective;
  /** Which parameters get gradients. Default all. */
  readonly trainable?: (name: string) => boolean;
  /** Default true; false builds the same graph without masks. */
  readonly dropout?: boolean;
  /** Only what passes from layer to layer is kept for the backward pass. Default false. */
  readonly gradientCheckpointing?: boolean;
  /** Changes the parameter tree before the forward pass: adapters, masks. */
  readonly adapt?: (params: Tree<Value>, values: Readonly<Record<string, Value>>) => Tree<Value>;
  /** Changes what the forward pass reads beside parameters: virtual tokens. */
  readonly enter?: AdapterLayout["enter"];
  /** Inputs that `adapt` reads, beside the batch. Default none. */
  readonly inputs?: Readonly<Record<string, InputSpec>>;
  /** Parameters that will be stored in integers: the forward pass computes as if they were. Default none. */
  readonly stored?: StoredParameters;
  /** Private training: gradients are sums of clipped example gradients, and `norms` [B] is an output. Default none. */
  readonly clipping?: Clipping;
  /** More parameters than the model's own (an adapter's): name → shape. */
  readonly extra?: ReadonlyMap<string, readonly number[]>;
}

/** What an adapter or a pruning changes of a program. One of them at most. */
export const changesOf = ({
  adapter,
  pruning,
}: {
  readonly adapter?: AdapterLayout;
  readonly pruning?: PruningLayout;
}) => ({
  adapt: pruning?.adapt ?? adapter?.adapt,
  enter: adapter?.enter,
  inputs: pruning?.inputs,
  extra: new Map((pruning ?? adapter)?.parameters.map((p): [string, readonly number[]] => [p.name, p.shape])),
});

/** Inputs that hold the batch, by name: what the model reads, and what the objective reads where one is given. */
export function batchSpecs(model: Model, objective: Pick<Objective, "inputs"> | undefined): Record<string, InputSpec> {
  const wanted: Record<string, InputSpec> = isRowTask(model.task) ? { "logits.rows": ["int32", ["M"]] } : {};
  return { ...batchingOf(model).specs(model), ...wanted, ...objective?.inputs(model) };
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
  const objective = options.objective ?? supervised();
  const { values, outputs, parameters, layout, attention } = forward(model, options, { dropout }, objective);
  const beside = Object.fromEntries(
    (objective.parameters?.(model) ?? []).map(({ name }) => [name, parameters.get(name)!]),
  );
  const inputs = {
    ...Object.fromEntries(parameters),
    ...values,
    ...Object.fromEntries(sites.map((s) => [s.name, s.value])),
  };
  const floats = objective.losses(outputs, { ...values, ...beside }, { model, layout, options, attention });
  const losses = asStored(makeGraph(inputs, { losses: floats }), options).outputs[0]![1];
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
      options.gradientCheckpointing ? partsOf([losses], layerOf) : undefined,
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
  return {
    graph: makeGraph(inputs, results),
    dropoutSites: sites.map(({ name, shape, rate }) => ({ name, shape, rate })),
    gradients,
  };
}

/** The layer of a model that a node was traced in. */
const layerOf = ({ scope }: Node): string | undefined => /(?:^|> )(layer \d+)/.exec(scope)?.[1];

/** The evaluation graph: parameters and batch in, `logits` out (with `transitions` of a chained model; `pooled` or `last` for a bare encoder). */
export function evaluationProgram(model: Model, options: ProgramOptions = {}): Graph {
  const { values, outputs, parameters } = forward(model, options, inference, undefined);
  const results: Record<string, Value> = outputs.logits
    ? { logits: outputs.logits, ...(outputs.transitions && { transitions: outputs.transitions }) }
    : outputs.pooled
      ? { pooled: outputs.pooled, last: outputs.last }
      : { last: outputs.last };
  return asStored(makeGraph({ ...Object.fromEntries(parameters), ...values }, results), options);
}

/** The graph that says how well targets are met: parameters, batch and targets in, `losses` [B] out, without dropout. */
export function lossProgram(model: Model, options: ProgramOptions = {}): Graph {
  const objective = supervised();
  const { values, outputs, parameters, layout, attention } = forward(model, options, inference, objective);
  const plain = { ...options, labelSmoothing: 0, focal: 0, classWeights: undefined };
  const losses = objective.losses(outputs, values, { model, layout, options: plain, attention });
  return asStored(makeGraph({ ...Object.fromEntries(parameters), ...values }, { losses }), options);
}

/**
 * The graph that says how likely each wanted token is: parameters, batch and `labels` [M] in, `logs` [M] out, without dropout.
 * @param temperature divides the logits
 */
export function tokenProgram(model: Model, options: ProgramOptions, temperature: number): Graph {
  const wanted = { inputs: (): Record<string, InputSpec> => ({ labels: ["int32", ["M"]] }) };
  const { values, outputs, parameters } = forward(model, options, inference, wanted);
  const logs = neg(classLoss(mul(outputs.logits!, 1 / temperature), values.labels!));
  return asStored(makeGraph({ ...Object.fromEntries(parameters), ...values }, { logs }), options);
}

const asStored = (graph: Graph, { stored }: ProgramOptions): Graph => (stored ? storedGraph(graph, stored) : graph);

/** The graph of a frozen teacher: parameters and batch in, what the objective wants of it out. */
export function teacherProgram({ model, outputs: wanted }: Teacher): Graph {
  const { values, outputs, parameters, layout, attention } = forward(model, {}, inference, undefined, true);
  const results = wanted({ outputs, attention, layout });
  return makeGraph({ ...Object.fromEntries(parameters), ...values }, results);
}

function forward(
  model: Model,
  options: ProgramOptions,
  context: ForwardContext,
  objective: Pick<Objective, "inputs" | "allRows" | "parameters"> | undefined,
  allRows = objective?.allRows,
) {
  const shapes = new Map<string, readonly number[]>([
    ...model.parameters.map((p) => [p.name, p.shape] as const),
    ...(options.extra ?? []),
    ...(objective?.parameters?.(model) ?? []).map((p) => [p.name, p.shape] as const),
  ]);
  const attention: Value[] = [];
  const parameters = new Map([...shapes].map(([name, shape]) => [name, input(name, "float32", shape)]));
  const values = Object.fromEntries(
    Object.entries({ ...batchSpecs(model, objective), ...options.inputs }).map(([name, [dtype, shape]]) => [
      name,
      input(name, dtype, shape),
    ]),
  );
  const tree = unflattenTree(parameters);
  const layout = batchingOf(model).layout?.(values);
  const adapted = options.adapt?.(tree, values) ?? tree;
  const outputs = enteredForward(model, options.enter, tree, adapted, values, layout, {
    context: { ...context, attention: (_, scores) => void attention.push(scores) },
    logitRows: values["logits.rows"],
    allRows,
  });
  return { values, outputs, parameters, layout, attention };
}
