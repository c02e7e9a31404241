// Which files of a model's repository are downloaded, and how large they may be: weights as safetensors, configuration, tokenizer,
// licence. Nothing that holds code or pickles.

const text = 64 * 2 ** 20;
const small = 2 ** 20;
const weights = 64 * 2 ** 30;

/** Names and their greatest size in bytes. */
const allowed: readonly (readonly [name: RegExp, maxBytes: number])[] = [
  [/^(model|adapter_model)\.safetensors$/, weights],
  [/^model-\d{5}-of-\d{5}\.safetensors$/, weights],
  [/^(tokenizer|vocab|model\.safetensors\.index)\.json$/, text],
  [/^(vocab|merges)\.txt$/, text],
  [/^(config|generation_config|tokenizer_config|special_tokens_map|added_tokens|adapter_config)\.json$/, text],
  [/^(preprocessor_config|processor_config|modules|sentence_bert_config|config_sentence_transformers)\.json$/, small],
  [/^1_Pooling\/config\.json$/, small],
  [/^(README\.md|chat_template\.jinja|(LICENSE|LICENCE|NOTICE)(\.txt|\.md)?)$/, small],
];

/** Most bytes that a file of this name may have; undefined for a file that is not downloaded. @example maxBytesOf("pytorch_model.bin") // undefined */
export const maxBytesOf = (name: string): number | undefined => allowed.find(([pattern]) => pattern.test(name))?.[1];
