// Which parameters of a model are factors of products, which are tables of rows, and what each product multiplies. Knows no numbers.
import { type Graph, nodesOf, type Value } from "../graph/index.ts";

/** A parameter whose every use can read it in integers. */
export interface StoredMatrix {
  readonly name: string;
  /** `product`: x · W; `table`: rows by their numbers; `both`: a word table that also gives the logits of words. */
  readonly use: "product" | "table" | "both";
  /** Whether the weight is stored [in, out], as GPT-2 has it, and not [out, in]. */
  readonly turned: boolean;
  /** What is multiplied with it, one value a product. */
  readonly factors: readonly Value[];
}

/**
 * Matrices of an inference graph that can be stored in integers: all of whose uses are products with them or look-ups of their rows.
 * @param graph of `exportGraph`: parameters are inputs by their names
 * @param parameters their names
 */
export function storedMatrices(graph: Graph, parameters: readonly string[]): StoredMatrix[] {
  const uses = new Map<Value, { readonly kind: "product" | "turned" | "table" | "other"; readonly factor?: Value }[]>();
  for (const node of nodesOf(graph))
    for (const [i, value] of node.inputs.entries()) {
      const list = uses.get(value) ?? [];
      uses.set(value, list);
      const [first] = node.inputs as [Value];
      if (node.op === "linear" && i === 1) list.push({ kind: "product", factor: first });
      else if (node.op === "matmul" && i === 1 && !node.attrs.transposeA)
        list.push({ kind: node.attrs.transposeB ? "product" : "turned", factor: first });
      else if (node.op === "embed" && i === 0) list.push({ kind: "table" });
      else list.push({ kind: "other" });
    }
  const outputs = new Set(graph.outputs.map(([, value]) => value));
  const inputs = new Map(graph.inputs);
  return parameters.flatMap((name): StoredMatrix[] => {
    const value = inputs.get(name);
    const found = (value && uses.get(value)) ?? [];
    const kinds = new Set(found.map(({ kind }) => kind));
    const mixed = kinds.has("other") || (kinds.has("product") && kinds.has("turned"));
    const unfit = mixed || (kinds.has("turned") && kinds.has("table"));
    if (found.length === 0 || unfit || value?.shape.length !== 2 || outputs.has(value)) return [];
    const factors = found.flatMap(({ factor }) => (factor ? [factor] : []));
    const use = !kinds.has("table") ? "product" : factors.length ? "both" : "table";
    return [{ name, use, turned: kinds.has("turned"), factors }];
  });
}
