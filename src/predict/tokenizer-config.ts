// tokenizer_config.json: what Transformers and transformers.js want to know beside tokenizer.json.

import type { JsonRecord } from "../formats/index.ts";
import { type Model, tokenInputs } from "../models/index.ts";
import { framesAsBert, isPlainBert, rolesOf, type Tokenizer } from "../tokenizer-files/index.ts";

/**
 * Settings that make `AutoTokenizer.from_pretrained` (Python) and transformers.js load a tokenizer as it is, with its special tokens
 * and its chat template. What the folder of a pretrained tokenizer says is kept.
 * @param maxLength longest text in tokens, special ones included
 * @param model names the inputs that its tokens are sent as (`model_input_names`); `saveModel` adds them too. Default: none named
 */
export function tokenizerConfig(
  tokenizer: Pick<Tokenizer, "special" | "settings" | "source">,
  maxLength: number,
  model?: Pick<Model, "tokens">,
): JsonRecord {
  const { settings, source } = tokenizer;
  const names = tokenInputs(model ?? {});
  return {
    ...settings,
    tokenizer_class: tokenizerClass(tokenizer),
    model_max_length: maxLength,
    padding_side: settings.padding_side ?? "right",
    truncation_side: settings.truncation_side ?? "right",
    ...bertText(source),
    ...roles(tokenizer),
    ...(names ? { model_input_names: names } : {}),
  };
}

/**
 * The class that reads tokenizer.json as it is and sends segments where pairs have them. Transformers 4 and 5 take the generic class,
 * but transformers.js sends segments by class alone. `BertTokenizer` of Transformers 5 makes a file anew from its vocabulary: it is
 * named for files that this leaves equal. `ConvBertTokenizer` differs from it only in reading the file.
 */
function tokenizerClass({ source }: Pick<Tokenizer, "source">): string {
  if (!framesAsBert(source)) return "PreTrainedTokenizerFast";
  return isPlainBert(source) ? "BertTokenizer" : "ConvBertTokenizer";
}

/** How text is treated: BERT's classes would otherwise fold case. */
function bertText({ normalizer }: Tokenizer["source"]): JsonRecord {
  const parts = normalizer?.type === "Sequence" ? normalizer.normalizers : [normalizer];
  const bert = parts.find((part) => part?.type === "BertNormalizer");
  if (bert?.type !== "BertNormalizer") return {};
  return {
    do_lower_case: bert.lowercase,
    strip_accents: bert.strip_accents,
    tokenize_chinese_chars: bert.handle_chinese_chars,
  };
}

/** Roles that the settings leave open: all that were found, or, where they name some, those that BERT's frame needs. */
function roles({ special, settings, source }: Pick<Tokenizer, "special" | "settings" | "source">): JsonRecord {
  const declared = Object.keys(rolesOf(settings)).length > 0;
  if (declared && !framesAsBert(source)) return {};
  const open = Object.entries(special).filter(([role]) => settings[`${role}_token`] === undefined);
  return Object.fromEntries(open.flatMap(([role, token]) => (token ? [[`${role}_token`, token.token]] : [])));
}
