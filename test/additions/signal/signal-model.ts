// An architecture of signal as somebody would add one: one hidden layer over the numbers. What the guards add to a copy.
import { type Config, field, modelWidth } from "../../../src/formats/index.ts";
import { type Family, headOf } from "../../../src/models/heads.ts";
import type { ModelParts } from "../../../src/models/model.ts";
import { specs } from "../../../src/models/specs.ts";
import { activations, linear, submodule } from "../../../src/nn/index.ts";

export function signalModel(config: Config, family: Family): ModelParts {
  const head = headOf(config, family);
  const [length, width] = [field(config, "signal_length", modelWidth), field(config, "hidden_size", modelWidth)];
  const { linear: lin } = specs(0.3);
  return {
    ...head,
    prefix: family.prefix,
    parameters: [...lin(`${family.prefix}mix`, width, length), ...lin("classifier", head.outputs, width, true)],
    headCounts: [],
    causal: false,
    array: { name: "signal", exported: "signal_values", shape: [length] },
    forward: (p, inputs, _layout, { context }) => {
      const body = submodule(p, family.prefix.slice(0, -1));
      const read = activations.gelu(linear(submodule(body, "mix"), inputs.signal!, context)); // [B, H]
      return { hidden: [read], last: read, pooled: read, logits: linear(submodule(p, "classifier"), read, context) };
    },
  };
}
