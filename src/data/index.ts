// Data room: texts and tokens. What needs files or native code is under node/.
export { jsTokenizer, type TokenizerOptions } from "./js-tokenizers.ts";
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
export { type BertTextOptions, readVocabTxt } from "./tokenizers/bert-file.ts";
export type { TokenizerFile } from "./tokenizers/file-format.ts";
export { readTokenizerFile } from "./tokenizers/read-file.ts";
export { type TrainWordPieceOptions, trainWordPiece } from "./tokenizers/train-wordpiece.ts";
