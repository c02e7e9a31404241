// Whole blocks of an encoder or decoder are left out: the rest keeps its order. Pure.
import { ConcordError, type HostArray } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { layerCount, layerEntry, type Model, modelOf } from "../models/index.ts";
import { refuseFactors } from "./blocks.ts";
import type { SmallerModel } from "./smaller-model.ts";

/** The number of a layer in a weight's name: `bert.encoder.layer.3.output…`, `transformer.h.3.…`, `model.layers.3.…`. */
const layerName = /^(.*?\b(?:layer|layers|h)\.)(\d+)(\..*)$/;

/** Entries of config.json that hold a value for each layer. */
const listing = ["layer_types", "no_rope_layers"] as const;

/** `count` layers out of `of`, evenly, the last among them: DistilBERT's start from every second. @example evenLayers(3, 6) // [1, 3, 5] */
export const evenLayers = (count: number, of: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round(((i + 1) * of) / count) - 1);

/**
 * Keeps some layers of a model.
 * @param layers numbers of those that stay, from 0, ascending
 * @throws E_ARGUMENT for a layer that there is not, or a model without layers
 * @example dropLayers(model, weights, evenLayers(3, 6)) // a student of half the layers, as DistilBERT starts
 */
export function dropLayers(
  model: Model,
  weights: ReadonlyMap<string, HostArray<"float32">>,
  layers: readonly number[],
): SmallerModel {
  refuseFactors(model, "drop layers");
  if (model.layersDiffer)
    throw new ConcordError("E_MODEL", {
      operation: "drop layers",
      problem: `layers of ${model.type} cannot be left out: they share weights or differ in kind`,
      expected: "an architecture whose layers are all alike, such as bert, llama or vit",
      got: model.type,
      hint: "quantise instead",
    });
  const entry = layerEntry(model);
  const count = layerCount(model) ?? 0;
  const fits =
    layers.length > 0 &&
    layers.every((n, i) => Number.isInteger(n) && n >= 0 && n < count && (i === 0 || n > layers[i - 1]!));
  if (!entry || !fits)
    throw new ConcordError("E_ARGUMENT", {
      operation: "drop layers",
      problem: entry ? "these layers cannot be kept" : "the model has no layers to drop",
      expected: entry
        ? `numbers from 0 to ${count - 1}, ascending`
        : "config.json with num_hidden_layers, n_layers or n_layer",
      got: `[${layers}]`,
    });
  const at = new Map(layers.map((old, now) => [old, now]));
  const pruned = Object.entries((model.config.pruned_heads ?? {}) as Record<string, number[]>).flatMap(
    ([old, heads]) => (at.has(Number(old)) ? [[at.get(Number(old))!, heads]] : []),
  );
  const config = {
    ...model.config,
    [entry]: layers.length,
    ...Object.fromEntries(
      listing.flatMap((name) => {
        const kinds = model.config[name];
        return Array.isArray(kinds) ? [[name, layers.map((layer) => kinds[layer]!)]] : [];
      }),
    ),
    ...(pruned.length && { pruned_heads: Object.fromEntries(pruned) }),
  };
  if (pruned.length === 0) delete config.pruned_heads;
  const smaller = modelOf(configOf(config, "smaller"));
  const kept = [...weights].flatMap(([name, array]): [string, HostArray<"float32">][] => {
    const parts = layerName.exec(name);
    if (!parts) return [[name, array]];
    const now = at.get(Number(parts[2]));
    return now === undefined ? [] : [[`${parts[1]}${now}${parts[3]}`, array]];
  });
  return { model: smaller, weights: new Map(kept) };
}
