// A model as the ONNX file that the ecosystem expects, weights inside.
import { ConcordError, type HostArray } from "../base/index.ts";
import { exportGraph, type Model } from "../models/index.ts";
import { toOnnx } from "../runtime/index.ts";

/**
 * Bytes of the ONNX model with its weights.
 * @param stored `int8`: matrices of products in 8 bits with a scale a column (DynamicQuantizeMatMul, which ONNX Runtime has on
 * every processor and in browsers); embedding tables, biases and norms stay float32. Default `float32`
 * @param options `features`: the file also gives what the head reads, which some decisions need. Default false
 * @throws E_MODEL when a weight is missing; E_LOWER
 * @example const bytes = exportOnnx(model, weights, "int8");
 */
export function exportOnnx(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  stored: "float32" | "int8" = "float32",
  options: { readonly features?: boolean } = {},
): Uint8Array {
  const tables = new Set(Object.values(model.tokens?.tableNames ?? {}));
  const bind = Object.fromEntries(
    model.parameters.map(({ name, shape }) => {
      const array = weights.get(name);
      if (!array) throw new ConcordError("E_MODEL", { operation: "export", problem: `weight ${name} is missing` });
      const product = name.endsWith(".weight") && shape.length === 2 && !tables.has(name);
      return [name, { kind: stored === "int8" && product ? ("int8" as const) : ("initializer" as const), array }];
    }),
  );
  return toOnnx(exportGraph(model, options), "portable", bind);
}
