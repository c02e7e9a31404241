// Several adapters of one base as one model: each adapted layer reads a product B·A of one rank, and which product that is, is fed. Knows no
// file and no runtime.
import { allocate, ConcordError, type HostArray, sizeOf } from "../base/index.ts";
import { type AdapterLayout, loraLayout } from "../nn/index.ts";
import type { Model, ParameterSpec } from "./model.ts";

type Floats = HostArray<"float32">;

/** An adapter with its weights, and those of modules that it trained whole. */
export interface SetMember {
  readonly layout: AdapterLayout;
  readonly weights: ReadonlyMap<string, Floats>;
}

export interface AdapterSet {
  /** The base with places for products. */
  readonly model: Model;
  /** What is fed for each adapter, by parameter: all have the same names and shapes. */
  readonly fed: ReadonlyMap<string, Readonly<Record<string, Floats>>>;
  /** What is fed for the base itself: products of zeros, and its own weights. */
  readonly base: Readonly<Record<string, Floats>>;
}

/**
 * Lays adapters beside each other. Smaller ranks are filled up with zeros, which change no answer.
 * @param weights of the base
 * @throws E_MODEL for a kind that is no product of two matrices, by the adapter's name
 */
export function adapterSet(
  model: Model,
  weights: ReadonlyMap<string, Floats>,
  members: ReadonlyMap<string, SetMember>,
): AdapterSet {
  for (const [name, { layout }] of members)
    if (layout.parameters.length > 0 && !layout.kind.asProduct)
      throw new ConcordError("E_MODEL", {
        operation: "open adapter",
        problem: `the adapter ${name} cannot be switched: its kind ${layout.options.kind} is no product of two matrices`,
        expected: "lora, miss or biases",
        hint: "serve its merged model under a name of its own",
      });
  const all = [...members.values()];
  const rank = Math.max(1, ...all.flatMap(({ layout }) => layout.layers.map((layer) => layer.rank)));
  const modules = [...new Set(all.flatMap(({ layout }) => layout.modules))];
  const wide = loraLayout(model.parameters, { targets: modules, rank, alpha: rank }, model.transposedWeights);
  const own = wide.parameters.map(
    ({ name, shape }): ParameterSpec => ({ name, shape, initial: { kind: "zeros" }, linear: false, head: false }),
  );
  const whole = new Set(all.flatMap(({ weights: w }) => [...w.keys()].filter((name) => weights.has(name))));
  const kept = Object.fromEntries([...whole].map((name) => [name, weights.get(name)!]));
  const zeros = Object.fromEntries(own.map(({ name, shape }) => [name, floats(shape)]));
  return {
    model: {
      ...model,
      parameters: [...model.parameters, ...own],
      forward: (p, inputs, tokenLayout, o) => model.forward(wide.adapt(p), inputs, tokenLayout, o),
    },
    base: { ...kept, ...zeros },
    fed: new Map(
      [...members].map(([name, member]) => [
        name,
        { ...kept, ...zeros, ...wholeOf(member, whole), ...productsOf(member, rank) },
      ]),
    ),
  };
}

const floats = (shape: readonly number[]): Floats => ({
  dtype: "float32",
  shape,
  data: allocate("float32", sizeOf(shape)),
});

const wholeOf = ({ weights }: SetMember, whole: ReadonlySet<string>) =>
  Object.fromEntries([...weights].filter(([name]) => whole.has(name)));

/** Its products at the common rank: A with rows of zeros below, B with columns of zeros beside. */
function productsOf({ layout, weights }: SetMember, rank: number): Record<string, Floats> {
  return Object.fromEntries(
    layout.layers.flatMap((layer) => {
      const own = layout.parameters.filter((p) => p.layer === layer);
      const parts = Object.fromEntries(own.map(({ part, name }) => [part, weights.get(name)!.data as Float32Array]));
      const { a, b } = layout.kind.asProduct!({ ...layer, parts });
      const [wideA, wideB] = [floats([rank, layer.ins]), floats([layer.outs, rank])];
      wideA.data.set(a);
      for (let o = 0; o < layer.outs; o++) wideB.data.set(b.subarray(o * layer.rank, (o + 1) * layer.rank), o * rank);
      return [
        [`${layer.module}.lora.A`, wideA],
        [`${layer.module}.lora.B`, wideB],
      ];
    }),
  );
}
