// The bytes that each token stands for in a text, by the way its tokenizer decodes: byte-level BPE, or pieces with a mark for spaces.
import { ConcordError } from "../base/index.ts";
import type { DecoderConfig, Tokenizer } from "../tokenizer-files/index.ts";
import { byteOfCharacter } from "./byte-characters.ts";

const encoder = new TextEncoder();

/**
 * The bytes of a token within a text; undefined for special tokens, which stand for none.
 * @throws E_TOKENIZER for a tokenizer whose tokens depend on their neighbours, such as WordPiece
 * @example tokenBytes(tokenizer)(tokenizer.tokenToId("Ġcat")!) // the bytes of " cat"
 */
export function tokenBytes(tokenizer: Pick<Tokenizer, "source" | "idToToken">): (id: number) => Uint8Array | undefined {
  const { source } = tokenizer;
  const kinds = decoderKinds(source.decoder);
  const special = new Set(source.added_tokens.filter((token) => token.special).map((token) => token.id));
  const added = new Set(source.added_tokens.map((token) => token.id));
  const plain = kinds.includes("ByteLevel") ? byteLevel : kinds.includes("ByteFallback") ? withFallback : undefined;
  if (!plain)
    throw new ConcordError("E_TOKENIZER", {
      operation: "bytes of tokens",
      problem: "the tokens of this tokenizer depend on their neighbours: no bytes belong to each",
      expected: "a byte-level BPE, or a BPE with bytes for unknown characters",
      got: source.model.type,
    });
  return (id) => {
    const token = tokenizer.idToToken(id);
    if (token === undefined || special.has(id)) return undefined;
    return added.has(id) ? encoder.encode(token) : plain(token);
  };
}

const decoderKinds = (decoder: DecoderConfig | null): string[] =>
  decoder === null ? [] : decoder.type === "Sequence" ? decoder.decoders.flatMap(decoderKinds) : [decoder.type];

const byteLevel = (token: string): Uint8Array =>
  Uint8Array.from([...token].flatMap((character) => byteOfCharacter.get(character) ?? [...encoder.encode(character)]));

/** `▁` is a space, and `<0xE5>` a byte. */
function withFallback(token: string): Uint8Array {
  const [, code] = /^<0x([0-9A-F]{2})>$/.exec(token) ?? [];
  return code === undefined ? encoder.encode(token.replaceAll("▁", " ")) : Uint8Array.of(Number.parseInt(code, 16));
}
