// Node adapters of the data room: files and native code.
export { type OpenTokenizerOptions, openTokenizer } from "./open-tokenizer.ts";
export { formatOf, type ReadRowsOptions, readLines, readRows, tablesIn } from "./read-rows.ts";
export { rustTokenizer } from "./rust-tokenizers.ts";
