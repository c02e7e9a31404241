// Heads that score the labels of neighbours together: a linear-chain conditional random field (Lafferty 2001) over the logits of
// tokens. Adds its weights and their output to the parts of any architecture with a token head. Knows no architecture.
import { ConcordError } from "../base/index.ts";
import { type Config, field, oneOf } from "../formats/index.ts";
import { concat, reshape, type Value } from "../graph/index.ts";
import { type Params, weight } from "../nn/index.ts";
import { headFactsOf } from "./head-facts.ts";
import type { ModelParts, ParameterSpec } from "./model.ts";

/** Entry of config.json; Transformers has none such and reads the logits alone. */
export const tokenHeadEntry = "token_head";

/** How labels of tokens are decided: each by itself, or the likeliest sequence. */
export const headLayers = ["linear", "crf"] as const;
export type HeadLayer = (typeof headLayers)[number];

/** Module of the weights, named as pytorch-crf names them. */
export const chainModule = "crf";

/**
 * The parts with transitions where the config asks for them: L labels, weights start [L], end [L] and from–to [L, L], all 0 at first,
 * which is the linear head.
 * @throws E_MODEL where labels do not belong to tokens
 */
export function withChain(parts: ModelParts, config: Config): ModelParts {
  const head = field(config, tokenHeadEntry, oneOf(...headLayers), "linear" as const);
  if (head === "linear") return parts;
  const { of, vocabulary } = headFactsOf(parts.task);
  if (of !== "tokens" || vocabulary)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: `${tokenHeadEntry} crf is for models that label words`,
      expected: "a head for token classification",
      got: parts.architecture,
      path: config.path,
    });
  const labels = parts.labels?.names.length ?? 2;
  const spec = (name: string, shape: readonly number[]): ParameterSpec => ({
    name: `${chainModule}.${name}`,
    shape,
    initial: { kind: "zeros" },
    linear: false,
    head: true,
  });
  return {
    ...parts,
    chained: true,
    parameters: [
      ...parts.parameters,
      spec("start_transitions", [labels]),
      spec("end_transitions", [labels]),
      spec("transitions", [labels, labels]),
    ],
    forward: (params, inputs, layout, options) => ({
      ...parts.forward(params, inputs, layout, options),
      transitions: transitionsOf(params, labels),
    }),
  };
}

/** [L + 2, L]: from each label to each, then from the start to each, then from each to the end. */
function transitionsOf(params: Params, labels: number): Value {
  const row = (name: string) => reshape(weight(params, `${chainModule}.${name}`), [1, labels]);
  return concat([weight(params, `${chainModule}.transitions`), row("start_transitions"), row("end_transitions")], 0);
}
