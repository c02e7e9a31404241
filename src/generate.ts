// The namespace `generate` of the library: models that write texts, on Node and in pages.
export {
  type BatchOptions,
  type Continuation,
  type Finish,
  type Form,
  type GenerateOptions,
  type Generation,
  type Generator,
  generation,
  type Piece,
  type Prompt,
  textGenerator,
} from "./generate/index.ts";
