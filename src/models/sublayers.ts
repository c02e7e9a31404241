// Which linear layers of an encoder or decoder do what, by the ends of their names: what an adapter asks that stands at a fixed place.
import { ConcordError } from "../base/index.ts";
import type { AdapterName } from "../nn/index.ts";
import { layerOf } from "./layer-count.ts";
import type { Model, ParameterSpec } from "./model.ts";

/** Ends of names by what a layer gives; a fused layer (GPT-2's c_attn) gives keys and values. */
const ends = {
  keys: ["key", "k_lin", "k_proj", "attn.c_attn"],
  values: ["value", "v_lin", "v_proj", "attn.c_attn"],
  attention: ["attention.output.dense", "attention.out_lin", "attn.c_proj", "o_proj"],
  "feed-forward": ["output.dense", "ffn.lin2", "mlp.c_proj", "down_proj"],
} as const;
export type Sublayer = keyof typeof ends;

/** Linear layers of a model's layers. */
export const linearLayers = ({ parameters }: Pick<Model, "parameters">): string[] =>
  parameters.flatMap(({ name, linear, head }) =>
    linear && !head && layerOf(name) !== undefined ? [name.slice(0, -".weight".length)] : [],
  );

const isOf = (module: string, sublayer: Sublayer): boolean =>
  ends[sublayer].some((end) => module.endsWith(`.${end}`)) &&
  (sublayer !== "feed-forward" || !ends.attention.some((end) => module.endsWith(`.${end}`)));

/** Widths of what a kind learns of virtual tokens: keys of each layer, or rows of the word table. @throws E_MODEL as {@link sublayers} */
export const virtualWidths = (model: Model, kind: AdapterName): number[] =>
  kind === "prompt" ? [wordTable(model).shape[1]!] : keyWidths(model);

/** The word table of a model that takes rows in its place. @throws E_MODEL for others */
export function wordTable({ type, tokens, parameters }: Model): ParameterSpec {
  const table = tokens?.readsWords && parameters.find(({ name }) => name === tokens.tableNames.words);
  if (table) return table;
  throw new ConcordError("E_MODEL", {
    operation: "adapter prompt",
    problem: `a ${type} model takes no virtual tokens`,
    expected: "an encoder or a decoder of texts",
    got: type,
    hint: "use an adapter of kind lora",
  });
}

/** Widths of the keys of each layer; a fused layer gives queries and values of the same width too. @throws E_MODEL as {@link sublayers} */
function keyWidths(model: Pick<Model, "parameters" | "type" | "transposedWeights">): number[] {
  const shapes = new Map(model.parameters.map(({ name, shape }) => [name, shape]));
  return sublayers(model, "keys").map((module) => {
    const shape = shapes.get(`${module}.weight`)!;
    const outs = shape[model.transposedWeights ? 1 : 0]!;
    return module.endsWith("c_attn") ? outs / 3 : outs;
  });
}

/**
 * Names of the layers that give keys, values, or what a sublayer adds to its input.
 * @throws E_MODEL for a model in which none is known
 * @example sublayers(model, "keys") // ["bert.encoder.layer.0.attention.self.key", …]
 */
export function sublayers(model: Pick<Model, "parameters" | "type">, which: Sublayer): string[] {
  const linear = linearLayers(model);
  const found = linear.filter((module) => isOf(module, which));
  if (found.length > 0) return found;
  throw new ConcordError("E_MODEL", {
    operation: "adapter",
    problem: `which layers of a ${model.type} model give its ${which} is not known`,
    expected: ends[which].join(", "),
    got: linear.slice(0, 3).join(", "),
    hint: "use an adapter of kind lora",
  });
}
