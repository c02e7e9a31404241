// Gradient checkpointing (Chen 2016, arXiv:1604.06174): values inside a marked part of a model are computed again for the
// backward pass instead of being kept. A trade of one more forward pass of that part for its memory.
import { barrier, inRegion, makeNode, type Node, type Region, topological, type Value } from "../graph/index.ts";

/**
 * Traces `body` so that gradients keep only its inputs and outputs, and compute the rest again when they reach it. The results
 * are the same to the bit. Parts may be nested. Values that `body` reads without being given them stay alive as usual: right
 * for weights, a waste for activations.
 * @param body a function of values, called once, at once
 * @param inputs the activations that it depends on
 * @example const y = checkpoint((x) => encoderLayer(parameters, x), [x])
 */
export const checkpoint = <I extends readonly Value[], T>(body: (...inputs: I) => T, inputs: I): T =>
  inRegion(inputs, () => body(...inputs));

/** The checkpointed part that a node belongs to. */
export type RegionOf = (node: Node) => Region | undefined;

/** As the trace says: what was traced inside {@link checkpoint}. */
export const tracedRegion: RegionOf = ({ region }) => region;

/**
 * Checkpointed parts of a graph that is traced already: nodes of one name are one part. Activations that a part reads from outside it,
 * float32 of a size that depends on the batch, are its inputs.
 * @param nameOf the part of a node; none: what is computed there is kept
 * @example gradients([loss], weights, undefined, partsOf([loss], ({ scope }) => /layer \d+/.exec(scope)?.[0]))
 */
export function partsOf(outputs: readonly Value[], nameOf: (node: Node) => string | undefined): RegionOf {
  const order = topological(outputs);
  const names = new Map(order.map((node) => [node, nameOf(node)]));
  const inputs = new Map<string, Set<Value>>();
  for (const [node, name] of names) {
    if (name === undefined) continue;
    const read = inputs.get(name) ?? new Set();
    for (const value of node.inputs) if (names.get(value.node) !== name && isActivation(value)) read.add(value);
    inputs.set(name, read);
  }
  const regions = new Map([...inputs].map(([name, read]) => [name, { inputs: [...read], parent: undefined }]));
  return (node) => regions.get(names.get(node) ?? "");
}

const isActivation = ({ dtype, shape, node }: Value): boolean =>
  dtype === "float32" && node.inputs.length > 0 && shape.some((size) => typeof size !== "number");

/**
 * Values as the backward pass should read them: (value, region of the node that reads it, a gradient that has arrived there) →
 * the value itself outside regions, else its recomputation from the region's inputs, which waits for that gradient.
 */
export function recomputed(regionOf: RegionOf): (value: Value, region: Region | undefined, arrived: Value) => Value {
  const copies = new Map<Region, Map<Value, Value>>();
  const copiesIn = (region: Region, arrived: Value): Map<Value, Value> => {
    const known = copies.get(region);
    if (known) return known;
    const starts = region.inputs.map((x): [Value, Value] => [x, barrier(copy(x, region.parent, arrived), arrived)]);
    const made = new Map(starts);
    copies.set(region, made);
    return made;
  };
  const copy = (value: Value, region: Region | undefined, arrived: Value): Value => {
    if (!region) return value;
    const made = copiesIn(region, arrived);
    if (!made.has(value)) {
      if (value.node.op === "input") return value; // such as a dropout mask that a layer asks for
      if (!isWithin(regionOf(value.node), region)) return copy(value, region.parent, arrived);
      const { op, inputs, attrs, outputs, scope } = value.node;
      const again = makeNode(
        op,
        inputs.map((v) => copy(v, region, arrived)),
        attrs,
        outputs,
        `${scope} again`.trim(),
      );
      outputs.forEach((v, i) => {
        made.set(v, again.outputs[i]!);
      });
    }
    return made.get(value)!;
  };
  return copy;
}

function isWithin(inner: Region | undefined, outer: Region): boolean {
  for (let region = inner; region; region = region.parent) if (region === outer) return true;
  return false;
}
