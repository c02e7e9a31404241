// Writing on: several texts at once, a token each in every step, until each has come to its end. Knows tokens; what a text is and
// when it is over, its writer says.
import { ConcordError, type Random, random } from "../base/index.ts";
import type { Constraint } from "./constrain/index.ts";
import type { Decoder, Decoding } from "./decoder.ts";
import type { Generation } from "./options.ts";
import { nextToken } from "./sampling.ts";

/** Why a continuation is over: an end of text or a stop string, its number of tokens or the model's, or somebody stopped it. */
export type Finish = "stop" | "length" | "stopped";

/** A token of one text. */
export interface Written {
  /** Number of the prompt. */
  readonly row: number;
  /** Absent where the text ends without one. */
  readonly token?: number;
  /** Set with its last token. */
  readonly finish?: Finish;
}

/** What says that a text is over, after each of its tokens. */
export type Ends = (row: number, token: number) => boolean | Promise<boolean>;

/** What {@link write} works with. */
export interface WriteOptions {
  readonly generation: Generation;
  readonly ends: Ends;
  /** The form that texts have to have. Default any. */
  readonly constraint?: Constraint;
  readonly signal?: AbortSignal;
  /** The random numbers of each text, by the number of its prompt. Default of each those of the seed. */
  readonly random?: (row: number) => Random;
}

/** A text that is being written. */
export interface Text {
  readonly row: number;
  /** Prompt and what was written. */
  readonly tokens: number[];
  /** Length of the prompt. */
  readonly start: number;
  readonly rng: Random;
}

/**
 * Prompts as the model can read them: longer ones are refused, or cut to their last tokens where a window is asked for.
 * @throws E_ARGUMENT with the number of the prompt; a prompt that fills the model leaves no room for an answer
 */
export function fitting(
  prompts: readonly (readonly number[])[],
  limit: number,
  overflow: Generation["overflow"],
): (readonly number[])[] {
  return prompts.map((prompt, i) => {
    if (prompt.length < limit) return prompt;
    if (overflow === "window") return prompt.slice(-windowOf(limit));
    throw new ConcordError("E_ARGUMENT", {
      operation: "generate",
      problem: `prompt ${i + 1} is too long: the model reads at most ${limit} tokens, the continuation among them`,
      expected: `at most ${limit - 1} tokens`,
      got: `${prompt.length}`,
      hint: "shorten it, or use --window: only its last tokens are read",
    });
  });
}

/** Tokens that are read again where a text has outgrown the model: half of its limit. */
const windowOf = (limit: number): number => Math.max(1, Math.floor(limit / 2));

/**
 * Writes all prompts on, and tells each token. A text's tokens are a function of its prompt and the options alone, whatever stands
 * beside it.
 * @param prompts that fit, see {@link fitting}
 */
export async function* write(
  decoder: Decoder,
  prompts: readonly (readonly number[])[],
  { generation, ends, constraint, signal, random: drawn = () => random(generation.seed) }: WriteOptions,
): AsyncGenerator<Written> {
  let texts = prompts.map((prompt, row) => textOf(prompt, row, drawn(row)));
  let decoding: Decoding | undefined;
  while (texts.length) {
    decoding ??= await decoder.start(texts.map(({ tokens }) => window(tokens, decoder.limit)));
    if (signal?.aborted) {
      for (const { row } of texts) yield { row, finish: "stopped" };
      return;
    }
    const going: number[] = [];
    for (const [k, text] of texts.entries()) {
      const written = await goneOn(text, decoding.logits[k]!, decoder.limit, { generation, ends, constraint });
      yield written;
      if (!written.finish) going.push(k);
    }
    if (going.length === 0) return;
    if (going.length < texts.length) decoding.keep(going);
    texts = going.map((k) => texts[k]!);
    if (texts.some(({ tokens }) => tokens.length > decoder.limit)) decoding = undefined;
    else await decoding.step(texts.map(({ tokens }) => tokens.at(-1)!));
  }
}

export const textOf = (prompt: readonly number[], row: number, rng: Random): Text => ({
  row,
  tokens: [...prompt],
  start: prompt.length,
  rng,
});

/** Adds the next token to a text. @param logits of the token [V] @param limit of the model */
export async function goneOn(
  text: Text,
  logits: Float32Array,
  limit: number,
  { generation, ends, constraint }: Pick<WriteOptions, "generation" | "ends" | "constraint">,
): Promise<Written> {
  const { row, tokens, rng } = text;
  const own = logits.slice();
  if (constraint?.mask(row, own)) return { row, finish: "stop" };
  const token = nextToken(own, tokens, generation, rng);
  tokens.push(token);
  constraint?.took(row, token);
  return { row, token, finish: await finishOf(text, token, limit, generation, ends) };
}

async function finishOf(
  { row, tokens, start }: Text,
  token: number,
  limit: number,
  { maxTokens, overflow }: Generation,
  ends: Ends,
): Promise<Finish | undefined> {
  if (await ends(row, token)) return "stop";
  if (tokens.length - start >= maxTokens || (overflow === "refuse" && tokens.length >= limit)) return "length";
  return undefined;
}

/** The tokens that are read of a text: all, or its last ones where it has outgrown the model. */
export const window = (tokens: readonly number[], limit: number): readonly number[] =>
  tokens.length > limit ? tokens.slice(-windowOf(limit)) : tokens;
