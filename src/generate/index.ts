// Texts written by causal language models. Knows no file and no recipe.
export { beamSearch } from "./beam.ts";
export { type ChatTemplate, chatTemplate, plainTemplate, readTemplate, templateOf } from "./chat-template.ts";
export { type Constraint, type Form, matcher } from "./constrain/index.ts";
export { type BareDecoder, type Decoder, type Decoding, openBareDecoder, openDecoder } from "./decoder.ts";
export {
  type GenerationDefaults,
  generationEntries,
  readGenerationConfig,
} from "./generation-config.ts";
export {
  type BatchOptions,
  type Continuation,
  type Generator,
  generatorOf,
  type Piece,
  type Prompt,
  promptTokens,
  textGenerator,
} from "./generator.ts";
export { type GenerateOptions, type Generation, generation } from "./options.ts";
export { candidates, likeliest, nextToken, penalise } from "./sampling.ts";
export {
  beginToken,
  isAnswered,
  messagesOf,
  type Sequence,
  type SequenceWindow,
  sequencesOf,
  type WrittenRow,
  windowsOf,
  withTemplate,
} from "./sequences.ts";
export { type Finish, type Written, write } from "./write.ts";
