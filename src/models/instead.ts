// What to use in the place of an architecture that is not covered: a covered one of like language, size and use.
const english = "google-bert/bert-base-uncased (bert) or FacebookAI/roberta-base (roberta)";
const small = "distilbert/distilbert-base-uncased (distilbert) or google/bert_uncased_L-4_H-512_A-8 (bert)";
const many = "FacebookAI/xlm-roberta-base (xlm-roberta) or google-bert/bert-base-multilingual-cased (bert)";
const decoder = "a model of type llama or qwen3, such as HuggingFaceTB/SmolLM2-360M or Qwen/Qwen3-0.6B-Base";
const images = "google/vit-base-patch16-224 (vit) or facebook/dinov2-small (dinov2)";

/** Model types of Transformers that people bring, and what comes nearest. */
const nearest: Readonly<Record<string, string>> = {
  bart: english,
  big_bird: english,
  bloom: decoder,
  convbert: english,
  deberta: english,
  beit: images,
  convnext: images,
  swin: images,
  falcon: decoder,
  flaubert: "almanach/camembert-base (camembert)",
  fnet: english,
  funnel: english,
  gemma: decoder,
  gemma2: decoder,
  gemma3_text: decoder,
  gpt_neo: "openai-community/gpt2 (gpt2)",
  gpt_neox: decoder,
  gptj: decoder,
  longformer: english,
  mbart: many,
  mobilebert: small,
  mt5: many,
  nezha: "google-bert/bert-base-chinese (bert)",
  nomic_bert: english,
  opt: decoder,
  phi: decoder,
  phi3: decoder,
  rembert: many,
  roformer: "google-bert/bert-base-chinese (bert)",
  squeezebert: small,
  t5: english,
  "xlm-roberta-xl": many,
  xlm: many,
  xlnet: english,
};

/** A sentence for the hint of an error. @param covered model types that can be read */
export function insteadOf(type: string, covered: readonly string[]): string {
  // a slip of the pen in a type that exists: bert-base, Roberta, distil_bert
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const slip = covered.find((name) => plain(name) === plain(type));
  if (slip !== undefined) return `write ${slip}`;
  const near = Object.hasOwn(nearest, type) ? nearest[type] : undefined;
  return near === undefined
    ? `start from a covered model of the same language and size: for English ${english}, for Chinese google-bert/bert-base-chinese (bert), for other languages ${many}`
    : `nearest covered: ${near}; another model_type in config.json would not fit the weights`;
}
