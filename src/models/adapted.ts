// Models that keep an adapter as parameters of their own, because it is no change of a weight: `concord_adapter` in config.json, with the
// adapter's settings. Transformers has no such entry. Knows no architecture.
import { ConcordError, type HostArray } from "../base/index.ts";
import {
  type Config,
  configOf,
  field,
  isJsonRecord,
  type JsonRecord,
  list,
  oneOf,
  section,
  text,
} from "../formats/index.ts";
import { type AdapterLayout, type AdapterSettings, adapterLayout, kinds, mergeAdapter } from "../nn/index.ts";
import type { Model, ParameterSpec } from "./model.ts";

/** Entry of config.json. */
export const adapterEntry = "concord_adapter";

const keptKinds = Object.entries(kinds).flatMap(([name, kind]) =>
  kind.merge ? [] : [name as AdapterSettings["kind"] & string],
);

/** The model with the adapter that its config names, if any. @throws E_CONFIG for a wrong entry; E_ARGUMENT for settings that do not fit */
export function withAdapter(model: Model, config: Config): Model {
  if (config.entries[adapterEntry] === undefined) return model;
  const entry = section(config, adapterEntry);
  if (!entry || !isJsonRecord(entry.entries)) return model;
  const { kind: _, targets: _t, ...settings } = entry.entries;
  const layout = adapterLayout(
    model.parameters,
    {
      ...(settings as Partial<AdapterSettings>),
      kind: field(entry, "kind", oneOf(...keptKinds)),
      targets: field(entry, "targets", list(text, 4096)),
    },
    model.transposedWeights,
  );
  const own = layout.parameters.map(
    ({ name, shape }): ParameterSpec => ({ name, shape, initial: { kind: "zeros" }, linear: false, head: false }),
  );
  return {
    ...model,
    parameters: [...model.parameters, ...own],
    ...(model.tokens && { tokens: shortened(model, layout) }),
    forward: (p, inputs, tokenLayout, o) => {
      const pass = layout.enter({ inputs, layout: tokenLayout, causal: model.causal }, p);
      const out = model.forward(layout.adapt(p), pass.inputs, pass.layout, o);
      pass.done?.();
      return out;
    },
  };
}

/** Virtual tokens take positions of a decoder. */
const shortened = ({ tokens, causal }: Model, { options, kind }: AdapterLayout): Model["tokens"] => ({
  ...tokens!,
  maxLength: tokens!.maxLength - (kind.enter && causal ? options.tokens : 0),
});

/**
 * A model and its weights with an adapter in them: merged into its matrices, or kept as parameters of its own where it is no change of one.
 * @param read makes a model of a config: {@link modelOf}
 * @throws E_MODEL for a model that keeps an adapter already
 */
export function adaptedModel(
  model: Model,
  layout: AdapterLayout | undefined,
  weights: ReadonlyMap<string, HostArray<"float32">>,
  read: (config: Config) => Model,
): { readonly model: Model; readonly weights: Map<string, HostArray<"float32">> } {
  if (!layout) return { model, weights: new Map(weights) };
  if (layout.kind.merge)
    return { model, weights: new Map([...weights, ...mergeAdapter(layout, (n) => weights.get(n))]) };
  if (model.config[adapterEntry] !== undefined)
    throw new ConcordError("E_MODEL", {
      operation: "keep adapter",
      problem: "the model keeps an adapter already",
      expected: "a model without one, or a kind of adapter that is merged",
      got: adapterEntry,
    });
  const { trainWhole: _, kept: _k, ...settings } = layout.options;
  const entry = { ...settings, targets: [...layout.modules] } as unknown as JsonRecord;
  return {
    model: read(configOf({ ...model.config, [adapterEntry]: entry }, "config.json")),
    weights: new Map(weights),
  };
}
