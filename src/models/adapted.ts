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
import { embed } from "../graph/index.ts";
import {
  type AdapterLayout,
  type AdapterSettings,
  adapterLayout,
  inference,
  kinds,
  type Layout,
  type ModelPass,
  mergeAdapter,
  type Params,
  weight,
} from "../nn/index.ts";
import type { ForwardOptions, Model, ModelInputs, ModelOutputs, ParameterSpec } from "./model.ts";

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
    forward: (p, inputs, tokenLayout, o) =>
      enteredForward(model, layout.enter, p, layout.adapt(p), inputs, tokenLayout, o),
  };
}

/** Virtual tokens take positions. */
const shortened = ({ tokens, causal }: Model, { options, kind }: AdapterLayout): Model["tokens"] => ({
  ...tokens!,
  maxLength: tokens!.maxLength - (kind.positions?.(options, causal) ?? 0),
});

/**
 * A forward pass in which an adapter changes what is read beside parameters.
 * @param enter the adapter's. Default the plain forward pass
 * @param tree all parameters, the adapter's too @param adapted the tree that the model reads
 */
export function enteredForward(
  model: Model,
  enter: AdapterLayout["enter"] | undefined,
  tree: Params,
  adapted: Params,
  inputs: ModelInputs,
  layout: Layout | undefined,
  o: ForwardOptions,
): ModelOutputs {
  if (!enter) return model.forward(adapted, inputs, layout, o);
  const { tokens, causal } = model;
  const pass: ModelPass = {
    inputs,
    layout,
    causal,
    firstPosition: tokens?.firstPosition ?? 0,
    words: () => inputs.words ?? embed(weight(tree, tokens!.tableNames.words), inputs.ids!),
    run: (others, where) => void model.forward(adapted, others, where, { context: inference }),
  };
  const entered = enter(pass, tree);
  const out = model.forward(adapted, entered.inputs, entered.layout, o);
  entered.done?.();
  const { ownRows } = entered;
  if (!ownRows) return out;
  return {
    ...out,
    hidden: out.hidden.map(ownRows),
    last: ownRows(out.last),
    logits: out.logits && ownRows(out.logits),
  };
}

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
