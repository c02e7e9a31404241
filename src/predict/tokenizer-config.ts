// tokenizer_config.json: what Transformers and transformers.js want to know beside tokenizer.json.
import type { Tokenizer } from "../data/index.ts";
import type { JsonRecord } from "../formats/index.ts";

/**
 * Settings that make `AutoTokenizer.from_pretrained` (Python) and transformers.js load a tokenizer with its special tokens.
 * @param maxLength longest text in tokens, special ones included
 */
export function tokenizerConfig(tokenizer: Pick<Tokenizer, "special">, maxLength: number): JsonRecord {
  const roles = Object.entries(tokenizer.special).flatMap(([role, token]) =>
    token ? [[`${role}_token`, token.token]] : [],
  );
  return {
    tokenizer_class: "PreTrainedTokenizerFast",
    model_max_length: maxLength,
    padding_side: "right",
    truncation_side: "right",
    ...Object.fromEntries(roles),
  };
}
