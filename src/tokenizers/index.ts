// Tokenizers: texts to tokens and back, as tokenizer.json says. Native code is under node/.

export { composed } from "./composed.ts";
export { jsTokenizer, type TokenizerOptions } from "./js-tokenizers.ts";
export { tokenBytes } from "./token-bytes.ts";
export { type TrainByteBpeOptions, trainByteBpe } from "./train-byte-bpe.ts";
export { type TrainWordPieceOptions, trainWordPiece } from "./train-wordpiece.ts";
