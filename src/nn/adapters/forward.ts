// What a linear layer gives where an adapter was put on it: the kind is the name of its part of the tree, `<module>.<kind>.<parameter>`.
import type { Value } from "../../graph/index.ts";
import { isValue, type Params } from "../params.ts";
import type { LayerPass } from "./kind.ts";
import { kinds } from "./kinds.ts";
import { adapterNames } from "./options.ts";

/** The layer's output [T, out], with the adapter that the tree has for it, if any. */
export function adaptedLayer(p: Params, pass: LayerPass): Value {
  const name = adapterNames.find((kind) => p[kind] !== undefined && !isValue(p[kind]!));
  if (name === undefined) return pass.product(pass.x, p.bias as Value | undefined);
  return kinds[name].forward(p, p[name] as Params, pass);
}
