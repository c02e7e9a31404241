// The head that finds an answer in a text: two numbers of each token, how likely an answer begins and ends there (Devlin 2018,
// arXiv:1810.04805, section 4.2). Adds it to any architecture that labels tokens. Knows no architecture and no text.
import { type Config, field, list, nullable, text } from "../formats/index.ts";
import { linear, submodule } from "../nn/index.ts";
import { type Family, headAnswers } from "./heads.ts";
import type { ModelParts } from "./model.ts";

/** Ending of the class names that Transformers has for it. */
export const spanHead = "ForQuestionAnswering";

/** Module of its weights in Transformers' layout: weight [2, H], bias [2]. */
export const spanModule = "qa_outputs";

/**
 * The parts of a config, through `read`; where the config names {@link spanHead} and the family has it, those of the head for tokens with
 * its layer in the place of the classifier. There is no dropout before it.
 * @throws E_CONFIG, E_MODEL as `read`
 */
export function readSpans(
  config: Config,
  family: Family,
  read: (config: Config, family: Family) => ModelParts,
): ModelParts {
  const declared = field(config, "architectures", nullable(list(text, 8)), null)?.[0];
  if (declared !== `${family.name}${spanHead}` || !family.heads.includes(spanHead)) return read(config, family);
  const tokens = `${family.name}ForTokenClassification`;
  const { id2label: _i, label2id: _l, num_labels: _n, ...entries } = config.entries;
  const parts = read({ ...config, entries: { ...entries, architectures: [tokens], num_labels: 2 } }, family);
  return {
    ...parts,
    architecture: declared,
    task: headAnswers[spanHead],
    labels: undefined,
    parameters: parts.parameters.map((one) =>
      one.name.startsWith("classifier.") ? { ...one, name: one.name.replace("classifier", spanModule) } : one,
    ),
    forward(params, inputs, layout, options) {
      const own = submodule(params, spanModule);
      // the logits of the classifier are of no use to anybody: the graph leaves them out
      const { hidden, last } = parts.forward({ ...params, classifier: own }, inputs, layout, options);
      return { hidden, last, logits: linear(own, last, options.context) }; // [T, 2]
    },
  };
}
