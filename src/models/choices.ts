// The head that chooses among answers to a prompt: one score of each prompt with one answer; a softmax over a prompt's answers says which
// (Radford 2018, section 3.3; Transformers' ForMultipleChoice). Adds it to architectures where it is their head for whole texts with one
// output, of the first token. Knows no architecture and no text.
import { type Config, field, list, nullable, text } from "../formats/index.ts";
import { type Family, headAnswers } from "./heads.ts";
import type { ModelParts } from "./model.ts";

/** Ending of the class names that Transformers has for it. */
export const choiceHead = "ForMultipleChoice";

/**
 * The parts of a config, through `read`; where the config names {@link choiceHead} and the family has it, those of its head for one number.
 * @throws E_CONFIG, E_MODEL as `read`
 */
export function readChoices(
  config: Config,
  family: Family,
  read: (config: Config, family: Family) => ModelParts,
): ModelParts {
  const declared = field(config, "architectures", nullable(list(text, 8)), null)?.[0];
  if (declared !== `${family.name}${choiceHead}` || !family.heads.includes(choiceHead)) return read(config, family);
  const { id2label: _i, label2id: _l, classifier_pooling: _p, ...entries } = config.entries;
  const whole = {
    architectures: [`${family.name}ForSequenceClassification`],
    problem_type: "regression",
    num_labels: 1,
  };
  const parts = read({ ...config, entries: { ...entries, ...whole } }, family);
  return { ...parts, architecture: declared, task: headAnswers[choiceHead], labels: undefined, pooling: undefined };
}
