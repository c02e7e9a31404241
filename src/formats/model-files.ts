// Names of the files in a model folder, as the Hugging Face hub and Transformers write them.

/** @example join(folder, modelFiles.config) */
export const modelFiles = {
  config: "config.json",
  weights: "model.safetensors",
  weightIndex: "model.safetensors.index.json",
  tokenizer: "tokenizer.json",
  tokenizerConfig: "tokenizer_config.json",
  generation: "generation_config.json",
  processor: "preprocessor_config.json",
  series: "series_config.json",
  adapterConfig: "adapter_config.json",
} as const;
