// An adapter's arrays: fresh ones, and the weights that it is merged into.
import { allocate, ConcordError, type HostArray, type Random, sizeOf } from "../../base/index.ts";
import type { AdaptedShape, MergedLayer } from "./kind.ts";
import type { AdapterLayout } from "./layout.ts";

type Floats = HostArray<"float32">;

/** Place of W[o, i] in a stored weight. */
const placeIn = ({ transposedWeights }: AdapterLayout, { outs, ins }: AdaptedShape): MergedLayer["at"] =>
  transposedWeights ? (o, i) => i * outs + o : (o, i) => o * ins + i;

/**
 * Fresh adapter weights, each from its own random stream: training starts at the base model.
 * @param read the model's weights; DoRA's sizes start at the norms of theirs, and LoRA reads none
 * @example const fresh = initialiseAdapter(layout, random(0), (name) => weights.get(name)!);
 */
export function initialiseAdapter(
  layout: AdapterLayout,
  rng: Random,
  read?: (name: string) => HostArray,
): Map<string, Floats> {
  return new Map(
    layout.parameters.map(({ name, shape, part, layer }) => {
      const data = allocate("float32", sizeOf(shape));
      layout.kind.start(part, data, layer, rng.split(name), () => {
        const from = layer ? `${layer.module}.weight` : layout.options.table;
        if (!read || !from) throw new RangeError(`${layout.options.kind} starts from the model's weights`); // its caller has them
        const at = layer ? placeIn(layout, layer) : (row: number, column: number) => row * shape.at(-1)! + column;
        return { weight: floats(read(from)), at };
      });
      return [name, { dtype: "float32" as const, shape, data }];
    }),
  );
}

const floats = ({ data }: HostArray): Float32Array => data as Float32Array;

function layerOf(layout: AdapterLayout, layer: AdaptedShape, read: (name: string) => HostArray) {
  const own = layout.parameters.filter((p) => p.layer === layer);
  const parts = Object.fromEntries(own.map(({ part, name }) => [part, floats(read(name))]));
  return { ...layer, parts, at: placeIn(layout, layer) };
}

/**
 * The weights that the model has with the adapter merged into them, by name: each computed in float64 per entry and rounded once.
 * @param read the model's and the adapter's weights; biases that there are not may be undefined
 * @throws E_ARGUMENT for a kind that is no change of a weight
 */
export function mergeAdapter(
  layout: AdapterLayout,
  read: (name: string) => HostArray | undefined,
): Map<string, Floats> {
  const { merge } = layout.kind;
  const sure = (name: string) => read(name)!;
  if (!merge)
    throw new ConcordError("E_ARGUMENT", {
      operation: "merge adapter",
      problem: `an adapter of kind ${layout.options.kind} is no change of the base's weights`,
      hint: "keep it beside its base",
    });
  return new Map(
    layout.layers.flatMap((layer): [string, Floats][] => {
      const names = [`${layer.module}.weight`, `${layer.module}.bias`] as const;
      const [base, bias] = [sure(names[0]), read(names[1])];
      const merged = merge({ ...layerOf(layout, layer, sure), weight: floats(base), bias: bias && floats(bias) });
      const one = (name: string, { shape }: HostArray, data: Float32Array): [string, Floats] => [
        name,
        { dtype: "float32", shape, data: data as Floats["data"] },
      ];
      return [one(names[0], base, merged.weight), ...(merged.bias ? [one(names[1], bias!, merged.bias)] : [])];
    }),
  );
}

/** An adapter with its weights and the share of it that is merged. */
export interface SharedAdapter {
  readonly layout: AdapterLayout;
  /** Its own parameters by name. */
  read(name: string): HostArray;
  /** Factor on what it adds: 1 is all of it, −1 takes it away. */
  readonly share: number;
}

/**
 * The weights of a base with several adapters added at once: W + Σ share·Δ, summed in float64 and rounded once. Heads and other modules that
 * an adapter trained whole stay the base's.
 * @param read weights of the base
 * @throws E_ARGUMENT for a kind whose change depends on the base's weights, as {@link adapterDeltas}
 * @example const merged = mergeShares([{ layout: a, read: readA, share: 0.7 }, { layout: b, read: readB, share: 0.3 }], (name) => base.get(name)!);
 */
export function mergeShares(
  adapters: readonly SharedAdapter[],
  read: (name: string) => HostArray,
): Map<string, Floats> {
  const sums = new Map<string, Float64Array>();
  for (const { layout, read: own, share } of adapters)
    for (const [name, delta] of adapterDeltas(layout, own)) {
      const sum = sums.get(name) ?? Float64Array.from(floats(read(name)));
      for (let i = 0; i < sum.length; i++) sum[i]! += share * delta[i]!;
      sums.set(name, sum);
    }
  return new Map(
    [...sums].map(([name, sum]) => [name, { dtype: "float32", shape: read(name).shape, data: Float32Array.from(sum) }]),
  );
}

/** What an adapter adds to each adapted matrix, rounded once: what members of a study send, whatever their ranks. @throws E_ARGUMENT */
export function adapterDeltas(layout: AdapterLayout, read: (name: string) => HostArray): Map<string, Float32Array> {
  const { delta } = layout.kind;
  if (!delta)
    throw new ConcordError("E_ARGUMENT", {
      operation: "adapter deltas",
      problem: `what an adapter of kind ${layout.options.kind} adds depends on the base's weights`,
      expected: "lora or miss",
    });
  return new Map(
    layout.layers.map((layer) => [`${layer.module}.weight`, Float32Array.from(delta(layerOf(layout, layer, read)))]),
  );
}
