// Texts written by causal language models. Knows no file and no recipe.
export { beamSearch } from "./beam.ts";
export { type Decoder, type Decoding, openDecoder } from "./decoder.ts";
export {
  type BatchOptions,
  type Continuation,
  type Generator,
  generatorOf,
  type Piece,
  promptTokens,
  textGenerator,
} from "./generator.ts";
export { type GenerateOptions, type Generation, generation } from "./options.ts";
export { candidates, likeliest, nextToken, penalise } from "./sampling.ts";
export { type Constrain, type Finish, type Written, write } from "./write.ts";
