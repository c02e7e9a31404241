// Node adapters of the tokenizers: files and native code.
export { type OpenTokenizerOptions, openTokenizer } from "./open-tokenizer.ts";
export { rustTokenizer } from "./rust-tokenizers.ts";
