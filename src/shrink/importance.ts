// How much the loss depends on each head and each inner unit: |Σ gradient × activation| of an example, summed over examples (Michel 2019,
// arXiv:1905.10650; Molchanov 2017, arXiv:1611.06440). A unit's activation times its gradient is its columns times their gradient.
import type { HostArray } from "../base/index.ts";
import type { Model } from "../models/index.ts";
import type { Runtime } from "../runtime/index.ts";
import { batchFeeds, type Example, trainingProgram } from "../train/index.ts";
import { type Block, blocksOf } from "./blocks.ts";

/** One number for each part of a block, by layer; larger matters more. */
export interface Importance {
  /** Of the heads that the layer has, in their order; empty for architectures whose heads stay. */
  readonly heads: readonly Float64Array[];
  /** Of the inner units of the feed-forward part. */
  readonly inner: readonly Float64Array[];
}

/** Columns of the width of one part: head or inner unit. */
interface Site {
  readonly name: string;
  readonly width: number;
  readonly into: Float64Array;
}

/**
 * Measures importance on labelled examples, one at a time; dropout is off.
 * @param examples with the labels of the model's task, validation rows for instance; a hundred or two are enough
 * @throws E_MODEL for an architecture whose blocks are not known
 * @example const importance = await importanceOf(model, weights, examples.slice(0, 128), cpuRuntime);
 */
export async function importanceOf(
  model: Model,
  weights: ReadonlyMap<string, HostArray<"float32">>,
  examples: readonly Example[],
  runtime: Runtime,
  threads?: number,
): Promise<Importance> {
  const { blocks } = blocksOf(model);
  const heads = blocks.map((block) => new Float64Array(block.mixed ? headsIn(model, weights, block) : 0));
  const inner = blocks.map(({ down }) => new Float64Array(weights.get(`${down}.weight`)!.shape[1]!));
  const sites = blocks.flatMap(({ mixed, down }, i): Site[] => [
    ...(mixed ? [site(`${mixed}.weight`, heads[i]!, weights)] : []),
    site(`${down}.weight`, inner[i]!, weights),
  ]);
  const read = new Set(sites.map((s) => s.name));
  const program = trainingProgram(model, { dropout: false, trainable: (name) => read.has(name) });
  const outputs = new Map(program.gradients.map((g) => [g.parameter, g.dense!]));
  const executable = await runtime.compile(program.graph, { threads });
  try {
    for (const example of examples) {
      const feeds = { ...Object.fromEntries(weights), ...batchFeeds(model, [example], {}) };
      const results = await executable.run(feeds);
      for (const { name, width, into } of sites)
        addProducts(weights.get(name)!, results[outputs.get(name)!]!, width, into);
    }
  } finally {
    await executable.dispose();
  }
  return { heads, inner };
}

const site = (name: string, into: Float64Array, weights: ReadonlyMap<string, HostArray>): Site => ({
  name,
  into,
  width: weights.get(name)!.shape[1]! / into.length,
});

/** Heads that a block has: its mixed width over the width of a head. */
export function headsIn(model: Model, weights: ReadonlyMap<string, HostArray>, { mixed }: Block): number {
  const { shape } = weights.get(`${mixed}.weight`)!;
  return Math.round((shape[1]! * (model.config.num_attention_heads as number)) / shape[0]!);
}

/** Adds |Σ W·G| of each group of columns. */
function addProducts(weight: HostArray, gradient: HostArray, width: number, into: Float64Array): void {
  const [rows, columns] = weight.shape as [number, number];
  const sums = new Float64Array(into.length);
  const [w, g] = [weight.data as Float32Array, gradient.data as Float32Array];
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) sums[Math.floor(c / width)]! += w[r * columns + c]! * g[r * columns + c]!;
  for (const [i, sum] of sums.entries()) into[i]! += Math.abs(sum);
}
