// Trees of parameters whose names are those of the weight files, and what a forward pass may ask of its surroundings. Knows no layer.
import { ConcordError, type HostArray, type Tree } from "../base/index.ts";
import type { Value } from "../graph/index.ts";

/** Parameters of a model or of a part of it. */
export type Params = Tree<Value>;

/** What a forward pass may ask of its surroundings. */
export interface ForwardContext {
  /** x with elements dropped at a rate and the rest scaled up; x itself outside training. */
  dropout(x: Value, rate: number): Value;
  /** Told the probabilities of each attention and the scores before mask and softmax, both [B, A, Sq, S], block by block. */
  attention?(probabilities: Value, scores: Value): void;
}

/** A forward pass without dropout. */
export const inference: ForwardContext = { dropout: (x) => x };

/** The sub-tree at a dotted path. @throws E_MODEL naming the path and what is there */
export function submodule(params: Params, path: string): Params {
  return path.split(".").reduce<Params>((node, name) => {
    const child = node[name];
    if (child === undefined || isValue(child))
      throw new ConcordError("E_MODEL", {
        operation: "parameters",
        problem: `no part ${path}`,
        expected: name,
        got: Object.keys(node).join(", "),
      });
    return child;
  }, params);
}

/** The value at a dotted path. @throws E_MODEL naming the path and what is there */
export function weight(params: Params, path: string): Value {
  const at = path.lastIndexOf(".");
  const node = at < 0 ? params : submodule(params, path.slice(0, at));
  const value = node[path.slice(at + 1)];
  if (value === undefined || !isValue(value))
    throw new ConcordError("E_MODEL", {
      operation: "parameters",
      problem: `no weight ${path}`,
      got: Object.keys(node).join(", "),
    });
  return value;
}

/** True for a weight, false for a part of a tree. */
export const isValue = (x: Value | Params): x is Value => "dtype" in x && "node" in x;

/** The number in a scalar constant of a tree. */
export const constantOf = (value: Value): number => Number((value.node.attrs.value as HostArray).data[0]);
