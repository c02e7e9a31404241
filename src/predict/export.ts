// A model as the ONNX file that the ecosystem expects, weights inside.
import { ConcordError, type HostArray } from "../base/index.ts";
import { exportGraph, type Model } from "../models/index.ts";
import { toOnnx } from "../runtime/index.ts";

/** Bytes of the ONNX model with its weights. @throws E_MODEL when a weight is missing; E_LOWER */
export function exportOnnx(model: Model, weights: ReadonlyMap<string, HostArray>): Uint8Array {
  const bind = Object.fromEntries(
    model.parameters.map(({ name }) => {
      const array = weights.get(name);
      if (!array) throw new ConcordError("E_MODEL", { operation: "export", problem: `weight ${name} is missing` });
      return [name, { kind: "initializer" as const, array }];
    }),
  );
  return toOnnx(exportGraph(model), "portable", bind);
}
