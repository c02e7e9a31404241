// How much memory a training step will hold, from the graph itself: what lives when, largest moment. Pure.
import { ConcordError, dtypeBytes } from "../base/index.ts";
import { evalDim, type Node, nodesOf, type Value } from "../graph/index.ts";
import { chainSizes } from "../nn/index.ts";
import type { TrainingProgram } from "./program.ts";

/** Sizes of the symbols of a batch: examples, rows (tokens), longest example, wanted rows. */
export interface BatchSize {
  readonly examples: number;
  readonly tokens: number;
  readonly longest: number;
  /** Rows whose logits are computed (row tasks). Default all tokens. */
  readonly logitRows?: number;
}

/** Bytes of a step, by what they are for. */
export interface MemoryEstimate {
  readonly parameters: number;
  /** Optimizer state and gradients. */
  readonly training: number;
  /** The largest sum of values alive at one time while the graph runs. */
  readonly activations: number;
  readonly total: number;
}

/** Resident memory of Node, the runtime and its arena before anything is loaded, measured. */
const baseBytes = 180e6;
/** The runtime's arena holds more than is alive at one time; measured 1.1 to 1.3. */
const arenaFactor = 1.3;

/**
 * Estimates the memory of a training step.
 * @param program from `trainingProgram`
 * @param batch its largest sizes
 * @param slotsPerParameter arrays of optimizer state per trained parameter; AdamW has 2
 */
export function estimateMemory(program: TrainingProgram, batch: BatchSize, slotsPerParameter = 2): MemoryEstimate {
  const symbols = new Map<string, number>([
    ["B", batch.examples],
    ["T", batch.tokens],
    ["S", batch.longest],
    ["M", batch.logitRows ?? batch.tokens],
    ...chainSizes(batch.logitRows ?? batch.tokens, batch.examples),
    ["K", batch.longest],
    ["R", batch.examples],
  ]);
  const bytes = (v: Value) => v.shape.reduce<number>((n, d) => n * evalDim(d, symbols), dtypeBytes[v.dtype]);
  const trained = new Set(program.gradients.map((g) => g.parameter));
  const fixed = program.graph.inputs.filter(([, v]) => v.shape.every((d) => typeof d === "number"));
  const parameters = fixed.reduce((n, [, v]) => n + bytes(v), 0);
  const trainedBytes = fixed.reduce((n, [name, v]) => n + (trained.has(name) ? bytes(v) : 0), 0);
  const training = trainedBytes * (slotsPerParameter + 1);
  const activations = Math.ceil(
    largestMoment(nodesOf(program.graph), new Set(program.graph.outputs.map(([, v]) => v)), bytes) * arenaFactor,
  );
  return { parameters, training, activations, total: Math.ceil(baseBytes + parameters + training + activations) };
}

/** Largest sum of live values when nodes run in order and a value dies after its last reader. */
function largestMoment(order: readonly Node[], kept: ReadonlySet<Value>, bytes: (v: Value) => number): number {
  const lastUse = new Map<Value, number>();
  order.forEach((node, i) => {
    for (const v of node.inputs) lastUse.set(v, i);
  });
  // a reshape shares its input's memory; sources are counted elsewhere
  const owns = (node: Node) =>
    node.op !== "input" && node.op !== "constant" && node.op !== "reshape" && node.op !== "broadcastTo";
  let [alive, largest] = [0, 0];
  order.forEach((node, i) => {
    if (owns(node)) for (const v of node.outputs) alive += bytes(v);
    largest = Math.max(largest, alive);
    for (const v of new Set(node.inputs))
      if (lastUse.get(v) === i && !kept.has(v) && owns(v.node))
        alive -= v.node.outputs.length > 1 && v.index > 0 ? 0 : bytes(v);
  });
  return largest;
}

/**
 * Refuses a run that does not fit, and says which batch size would.
 * @param availableBytes what the machine (or its container) can give
 * @param slotsPerParameter as {@link estimateMemory}
 * @throws E_MEMORY with the estimate by part
 */
export function checkMemory(
  program: TrainingProgram,
  batch: BatchSize,
  availableBytes: number,
  slotsPerParameter?: number,
): MemoryEstimate {
  const estimate = estimateMemory(program, batch, slotsPerParameter);
  if (estimate.total <= availableBytes) return estimate;
  const scaled = (n: number): BatchSize => ({
    ...batch,
    examples: n,
    tokens: Math.ceil((batch.tokens * n) / batch.examples),
  });
  const fits = [...halvings(batch.examples)].find(
    (n) => estimateMemory(program, scaled(n), slotsPerParameter).total <= availableBytes,
  );
  throw new ConcordError("E_MEMORY", {
    operation: "train",
    problem: "the step needs more memory than there is",
    expected: `at most ${megabytes(availableBytes)}`,
    got: `${megabytes(estimate.total)}: parameters ${megabytes(estimate.parameters)}, gradients and optimizer ${megabytes(estimate.training)}, activations ${megabytes(estimate.activations)} for ${batch.examples} examples of up to ${batch.longest} tokens`,
    hint: fits
      ? `accumulate ${Math.ceil(batch.examples / fits)} runs ${fits} examples at a time and makes the same updates; gradientCheckpointing needs less too; or shorten maxLength`
      : "even one example does not fit: use gradientCheckpointing, shorten maxLength, use LoRA or a smaller model",
  });
}

function* halvings(from: number): Generator<number> {
  for (let n = Math.floor(from / 2); n >= 1; n = Math.floor(n / 2)) yield n;
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
