// Runs the decoders of a tokenizer: tokens back to text. Knows no vocabulary.

import type { DecoderConfig } from "../tokenizer-files/index.ts";
import { matcher, type TranslateRegex } from "../tokenizer-files/index.ts";
import { byteOfCharacter } from "./byte-characters.ts";

/** Rewrites a list of tokens; the text is the list joined. */
export type Decode = (tokens: string[]) => string[];

const encoder = new TextEncoder();
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** Makes the function of a checked decoder (null: tokens with a space between). */
export function decoder(part: DecoderConfig | null, translate: TranslateRegex, path = "decoder"): Decode {
  if (part === null) return (tokens) => [tokens.join(" ")];
  switch (part.type) {
    case "Sequence": {
      const steps = part.decoders.map((p, i) => decoder(p, translate, `${path}.decoders[${i}]`));
      return (tokens) => steps.reduce((current, step) => step(current), tokens);
    }
    case "WordPiece":
      return (tokens) =>
        tokens.map((token, i) => {
          const inner = token.startsWith(part.prefix) ? token.slice(part.prefix.length) : ` ${token}`;
          const text = i === 0 ? token : inner;
          return part.cleanup ? cleanUp(text) : text;
        });
    case "ByteLevel":
      return (tokens) => [lenient.decode(Uint8Array.from(tokens.flatMap(tokenBytes)))];
    case "Metaspace":
      return (tokens) =>
        tokens.map((token, i) => {
          const first = i === 0 && part.prepend_scheme !== "never";
          return token.replaceAll(part.replacement, first ? "" : " ");
        });
    case "BPEDecoder":
      return (tokens) => tokens.map((token, i) => token.replaceAll(part.suffix, i === tokens.length - 1 ? "" : " "));
    case "CTC":
      return (tokens) => ctc(tokens, part);
    case "Replace": {
      const matches = matcher(part.pattern, translate, `${path}.pattern`);
      return (tokens) => tokens.map((token) => replaceAll(token, matches(token), part.content));
    }
    case "Strip":
      return (tokens) => tokens.map((token) => stripCharacter(token, part.content, part.start, part.stop));
    case "Fuse":
      return (tokens) => [tokens.join("")];
    case "ByteFallback":
      return byteFallback;
  }
}

/** Undoes spaces that word splitting put before punctuation and clitics. */
function cleanUp(text: string): string {
  return text
    .replaceAll(" .", ".")
    .replaceAll(" ?", "?")
    .replaceAll(" !", "!")
    .replaceAll(" ,", ",")
    .replaceAll(" ' ", "'")
    .replaceAll(" n't", "n't")
    .replaceAll(" 'm", "'m")
    .replaceAll(" do not", " don't")
    .replaceAll(" 's", "'s")
    .replaceAll(" 've", "'ve")
    .replaceAll(" 're", "'re");
}

/** Bytes of a token of the byte alphabet; a token with another character stands for its own UTF-8. */
function tokenBytes(token: string): number[] {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOfCharacter.get(character);
    if (byte === undefined) return Array.from(encoder.encode(token));
    bytes.push(byte);
  }
  return bytes;
}

function replaceAll(text: string, matches: readonly number[], content: string): string {
  let out = "";
  let last = 0;
  for (let m = 0; m < matches.length; m += 2) {
    out += text.slice(last, matches[m]) + content;
    last = matches[m + 1]!;
  }
  return out + text.slice(last);
}

function stripCharacter(token: string, content: string, start: number, stop: number): string {
  const characters = Array.from(token);
  let from = 0;
  while (from < Math.min(start, characters.length) && characters[from] === content) from++;
  let to = characters.length;
  while (to > from && characters.length - to < stop && characters[to - 1] === content) to--;
  return characters.slice(from, to).join("");
}

/** Runs of `<0xE4>` tokens become text; a run that is not UTF-8 becomes one U+FFFD per byte. */
function byteFallback(tokens: string[]): string[] {
  const out: string[] = [];
  let run: number[] = [];
  const flush = () => {
    if (run.length === 0) return;
    try {
      out.push(strict.decode(Uint8Array.from(run)));
    } catch {
      for (const _ of run) out.push("\ufffd");
    }
    run = [];
  };
  for (const token of tokens) {
    const byte = /^<0x([0-9a-fA-F]{2})>$/.exec(token);
    if (byte) run.push(Number.parseInt(byte[1]!, 16));
    else {
      flush();
      out.push(token);
    }
  }
  flush();
  return out;
}

function ctc(tokens: string[], part: Extract<DecoderConfig, { type: "CTC" }>): string[] {
  return tokens
    .filter((token, i) => i === 0 || token !== tokens[i - 1])
    .map((token) => {
      const text = part.pad_token === "" ? token : token.replaceAll(part.pad_token, "");
      return part.cleanup ? cleanUp(text).replaceAll(part.word_delimiter_token, " ") : text;
    })
    .filter((text) => text !== "");
}
