// Tokenizer files: what tokenizer.json, vocab.txt and merges say, read and checked. Turns no text into tokens: `tokenizers` does.

export {
  type BertTextOptions,
  bertNormalizerConfig,
  bertSpecialTokens,
  bertTokenizerFile,
  framesAsBert,
  isPlainBert,
  readVocabTxt,
} from "./bert-file.ts";
export { byteLevelFile, readVocabMerges } from "./bpe-file.ts";
export { fault } from "./checked-json.ts";
export type {
  AddedToken,
  DecoderConfig,
  NormalizerConfig,
  PostProcessorConfig,
  PreTokenizerConfig,
  SplitBehavior,
  TemplatePiece,
  TokenizerFile,
  TokenModelConfig,
} from "./file-format.ts";
export { checkBacktracking, matcher, type TranslateRegex } from "./patterns.ts";
export { type CharsMap, readCharsMap } from "./precompiled.ts";
export { modelIds, readTokenizerFile, vocabularySize } from "./read-file.ts";
export { bertTextOptions, type MoreToken, moreTokens, rolesOf, tokenizerSettings } from "./settings.ts";
export { findSpecialTokens } from "./special-tokens.ts";
export type {
  EncodeIdsOptions,
  EncodeOptions,
  Encoding,
  Padding,
  SpecialToken,
  SpecialTokens,
  Tokenizer,
  Truncation,
} from "./tokenizer.ts";
