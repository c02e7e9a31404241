// Attention rollout (Abnar & Zuidema 2020, arXiv:2005.00928): how much each place of the last layer draws on each token, were
// attention all that mixes. Says where a model looks, not why it answers. Shapes: S tokens of one text, A heads.
import { ConcordError, type HostArray, hostArray, unflattenTree } from "../base/index.ts";
import { type InputSpec, input, makeGraph, mean, reshape, scalar, type Value } from "../graph/index.ts";
import type { Model } from "../models/index.ts";
import { inference, paddedLayout } from "../nn/index.ts";
import type { Runtime } from "../runtime/index.ts";
import type { TokenIds } from "./gradient-program.ts";

/** A compiled encoder that gives the rollout of texts. Call `dispose` when done. */
export interface RolloutProgram {
  /** Rows of [S, S]: entry [q][k] is what place q draws from token k; each row adds up to 1. */
  run(text: TokenIds): Promise<Float64Array[]>;
  dispose(): Promise<void>;
}

/**
 * Compiles the attention of an encoder.
 * @throws E_MODEL for a model without tokens or with attention to the past only
 * @example const [first] = await (await rolloutProgram(model, weights, cpuRuntime)).run({ ids, typeIds });
 */
export async function rolloutProgram(
  model: Model,
  weights: ReadonlyMap<string, HostArray<"float32">>,
  runtime: Runtime,
): Promise<RolloutProgram> {
  if (!model.tokens || model.causal)
    throw new ConcordError("E_MODEL", {
      operation: "attention rollout",
      problem: "only encoders of texts are covered",
      expected: "BERT, RoBERTa or DistilBERT",
      got: model.type,
    });
  const { graph, layers } = attentionGraph(model);
  const bind = Object.fromEntries(
    model.parameters.flatMap(({ name }) => {
      const array = weights.get(name);
      return array ? [[name, { kind: "initializer" as const, array }]] : [];
    }),
  );
  const executable = await runtime.compile(graph, { bind });
  const { firstPosition, types } = model.tokens;
  return {
    run: async ({ ids, typeIds }) => {
      const row = (data: Int32Array) => hostArray("int32", [data.length], data);
      const got = await executable.run({
        ids: row(Int32Array.from(ids)),
        positions: row(Int32Array.from({ length: ids.length }, (_, s) => firstPosition + s)),
        ...(types > 0 ? { types: row(Int32Array.from(typeIds)) } : {}),
      });
      const attention = Array.from({ length: layers }, (_, i) => got[`attention.${i}`]!.data as Float32Array);
      return rollout(attention, ids.length);
    },
    dispose: () => executable.dispose(),
  };
}

function attentionGraph(model: Model) {
  const row: InputSpec = ["int32", ["S"]];
  const named = { ids: row, positions: row, ...(model.tokens!.types > 0 ? { types: row } : {}) };
  const v = Object.fromEntries(
    Object.entries(named).map(([name, [dtype, shape]]) => [name, input(name, dtype, shape)]),
  );
  const parameters = Object.fromEntries(model.parameters.map((p) => [p.name, input(p.name, "float32", p.shape)]));
  const seen: Value[] = [];
  const context = { ...inference, attention: (p: Value) => void seen.push(mean(p, { axes: [0, 1] })) };
  const layout = paddedLayout(1, "S", reshape(scalar(0), [1, 1, 1, 1]));
  model.forward(unflattenTree(Object.entries(parameters)), v, layout, { context, allRows: true });
  const results = Object.fromEntries(seen.map((p, i) => [`attention.${i}`, p]));
  return { graph: makeGraph({ ...parameters, ...v }, results), layers: seen.length };
}

/**
 * A_L … A₁ with A = ½·attention + ½·I, rows divided by their sums.
 * @param layers attention of each layer, averaged over heads, [S, S] by row
 */
export function rollout(layers: readonly ArrayLike<number>[], size: number): Float64Array[] {
  let total = Array.from({ length: size }, (_, q) => Float64Array.from({ length: size }, (_, k) => (q === k ? 1 : 0)));
  for (const attention of layers) {
    total = total.map((_, q) => {
      const row = Float64Array.from({ length: size }, (_, k) => 0.5 * attention[q * size + k]! + (q === k ? 0.5 : 0));
      const all = row.reduce((a, b) => a + b, 0);
      const out = new Float64Array(size);
      for (let m = 0; m < size; m++) for (let k = 0; k < size; k++) out[k]! += (row[m]! / all) * total[m]![k]!;
      return out;
    });
  }
  return total;
}
