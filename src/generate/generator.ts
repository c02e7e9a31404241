// A model that writes: texts in, continuations out, whole or as they come. Used by the command line, servers and pages alike.
// Knows no file; the runtime and the tokenizer are given.
import { ConcordError, type HostArray } from "../base/index.ts";
import type { ChatMessage } from "../data/index.ts";
import type { Model } from "../models/index.ts";
import type { Runtime } from "../runtime/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { beamSearch } from "./beam.ts";
import { templateOf } from "./chat-template.ts";
import { type Constraint, constraints, type Form } from "./constrain/index.ts";
import { type Decoder, openDecoder } from "./decoder.ts";
import { type GenerationDefaults, overDefaults } from "./generation-config.ts";
import { type GenerateOptions, type Generation, generation } from "./options.ts";
import { beginToken } from "./sequences.ts";
import { textSoFar } from "./text-so-far.ts";
import { type Together, writingTogether } from "./together.ts";
import { type Finish, fitting, write } from "./write.ts";

/** A text to write on, or a chat to answer by the tokenizer's chat template. */
export type Prompt = string | readonly ChatMessage[];

/** What was written after a prompt. */
export interface Continuation {
  readonly text: string;
  /** Without the token that ended it. */
  readonly tokens: readonly number[];
  readonly finish: Finish;
  readonly promptTokens: number;
}

/** A piece of a continuation as it comes. */
export interface Piece {
  /** What is certain of the text since the last piece; may be empty. */
  readonly text: string;
  /** Set with the last piece. */
  readonly end?: Omit<Continuation, "text">;
}

/** Prompts that are run at once. */
export interface BatchOptions extends GenerateOptions {
  /** The form that continuations have to have: a regular expression or a JSON Schema. Default any. */
  readonly form?: Form;
  /** Default 8. */
  readonly batchSize?: number;
  /** Stops between two tokens; what was written is given. */
  readonly signal?: AbortSignal;
}

/** A model that writes. Call `dispose` when done. */
export interface Generator {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  /** Most tokens of prompt and continuation together. */
  readonly limit: number;
  /** What it does where options do not say. */
  readonly defaults: GenerateOptions;
  /**
   * Continuations of prompts, in their order. Each is what it would be alone.
   * @throws E_ARGUMENT for options out of range, an empty prompt, and one that does not fit; E_DATA, E_TOKENIZER as the chat template
   */
  continuations(prompts: readonly Prompt[], options?: BatchOptions): Promise<Continuation[]>;
  /** One continuation as it is written. Those that are open at the same time are written together, a token each in a step. @throws as `continuations` */
  stream(prompt: Prompt, options?: Omit<BatchOptions, "batchSize">): AsyncGenerator<Piece>;
  dispose(): Promise<void>;
}

/**
 * Makes a generator from a model in memory.
 * @param options `threads`; `defaults`: of its generation_config.json, see `readGenerationConfig`. Default none
 * @throws E_MODEL for a model that is no causal language model, or whose vocabulary is not the tokenizer's
 * @example
 * const generator = await textGenerator(model, weights, tokenizer, cpuRuntime);
 * for await (const { text } of generator.stream("Once upon a time", { temperature: 0.8, seed: 1 })) process.stdout.write(text);
 */
export async function textGenerator(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  tokenizer: Tokenizer,
  runtime: Runtime,
  { defaults, ...options }: { readonly threads?: number; readonly defaults?: Partial<GenerationDefaults> } = {},
): Promise<Generator> {
  const decoder = await openDecoder(model, weights, runtime, options);
  return generatorOf(decoder, tokenizer, defaults);
}

/** Makes a generator from a decoder. @param defaults of its generation_config.json. Default none @throws E_MODEL where the tokenizer is another model's */
export function generatorOf(
  decoder: Decoder,
  tokenizer: Tokenizer,
  { options: defaults = {}, ends: ownEnds }: Partial<GenerationDefaults> = {},
): Generator {
  const { model, limit } = decoder;
  if (tokenizer.vocabSize > model.tokens!.vocabulary)
    throw new ConcordError("E_MODEL", {
      operation: "generate",
      problem: "the tokenizer is another model's: it has ids that the model lacks",
      expected: `at most ${model.tokens!.vocabulary} tokens`,
      got: `${tokenizer.vocabSize}`,
      hint: "use the tokenizer.json of the model's own folder",
    });
  const ends = endTokens(model, tokenizer, ownEnds);
  const allOf = (asked: GenerateOptions) => generation(overDefaults(defaults, asked));
  const constraintFor = constraints(tokenizer, ends);
  const together = writingTogether(decoder);
  const encoded = async (prompts: readonly Prompt[], { overflow }: Generation) =>
    fitting(await promptTokens(tokenizer, prompts), limit, overflow);
  return {
    model,
    tokenizer,
    limit,
    defaults,
    async continuations(prompts, { batchSize = 8, signal, form, ...options } = {}) {
      const all = checkedForm(allOf(options), form);
      const tokens = await encoded(prompts, all);
      const order = [...tokens.keys()].sort((a, b) => tokens[b]!.length - tokens[a]!.length || a - b);
      const out = new Array<Continuation>(prompts.length);
      for (let start = 0; start < order.length; start += batchSize) {
        const picked = order.slice(start, start + batchSize);
        const batch = picked.map((i) => tokens[i]!);
        const constraint = form && constraintFor(form);
        const written = await batchOf(decoder, tokenizer, batch, { ends, generation: all, constraint, signal });
        for (const [k, i] of picked.entries()) out[i] = written[k]!;
      }
      return out;
    },
    async *stream(prompt, { signal, form, ...options } = {}) {
      const all = checkedForm(allOf(options), form);
      const tokens = await encoded([prompt], all);
      const constraint = form && constraintFor(form);
      const writing = { ends, generation: all, constraint, signal };
      if (all.beams > 1) {
        const [whole] = await batchOf(decoder, tokenizer, tokens, writing);
        const { text, ...end } = whole!;
        yield { text, end };
      } else yield* streamed(together, tokenizer, tokens[0]!, writing);
    },
    dispose: () => decoder.dispose(),
  };
}

/** Tokens that end a text: the tokenizer's, and those that the model's generation_config.json names, else its config. */
function endTokens(model: Model, tokenizer: Tokenizer, own: readonly number[] | undefined): ReadonlySet<number> {
  const named = own ?? [model.config.eos_token_id].flat().filter((id) => typeof id === "number");
  const end = tokenizer.special.eos ?? tokenizer.special.sep;
  return new Set([...named, ...(end ? [end.id] : [])]);
}

/**
 * Prompts as tokens: they begin as every text does that the model learned from, and do not end.
 * @throws E_ARGUMENT for an empty prompt where the tokenizer has no token that begins a text
 */
export async function promptTokens(tokenizer: Tokenizer, prompts: readonly Prompt[]): Promise<number[][]> {
  const isText = (prompt: Prompt) => typeof prompt === "string";
  const template = prompts.every(isText) ? undefined : templateOf(tokenizer);
  const texts = prompts.map((prompt) => (isText(prompt) ? prompt : template!.render(prompt, true)));
  const rows = await tokenizer.encodeIds(texts, { addSpecialTokens: false });
  const begin = beginToken(tokenizer);
  return rows.map((ids, i) => {
    const adds = begin && isText(prompts[i]!) && ids[0] !== begin.id; // a template begins as it wants to
    const whole = adds ? [begin.id, ...ids] : [...ids];
    if (whole.length) return whole;
    throw new ConcordError("E_ARGUMENT", {
      operation: "generate",
      problem: `prompt ${i + 1} is empty, and the tokenizer has no token that begins a text`,
      expected: "a prompt of at least one character",
      got: JSON.stringify(prompts[i]),
    });
  });
}

function checkedForm(all: Generation, form: Form | undefined): Generation {
  if (!form || all.beams === 1) return all;
  throw new ConcordError("E_ARGUMENT", {
    operation: "generate",
    problem: "beams do not keep to a pattern or schema",
    expected: "beams 1",
    got: `${all.beams}`,
    path: "beams",
  });
}

interface Writing {
  readonly ends: ReadonlySet<number>;
  readonly constraint?: Constraint;
  readonly generation: Generation;
  readonly signal?: AbortSignal;
}

/** Pieces of the continuation of one prompt, among others. */
async function* streamed(
  together: Together,
  tokenizer: Tokenizer,
  prompt: readonly number[],
  { ends, generation: options, constraint, signal }: Writing,
): AsyncGenerator<Piece> {
  const text = textSoFar(tokenizer, options.stop);
  const tokens: number[] = [];
  let now = "";
  const isOver = async (_: number, token: number) => {
    if (ends.has(token)) return true;
    tokens.push(token);
    const { text: piece, stopped } = await text.add(token);
    now += piece;
    return stopped;
  };
  for await (const { finish } of together.write(prompt, { generation: options, ends: isOver, constraint, signal })) {
    const piece = now; // the next tokens may come while the reader has this one
    now = "";
    if (!finish) yield { text: piece };
    else yield { text: piece + (await text.rest()), end: { tokens, finish, promptTokens: prompt.length } };
  }
}

/** Continuations of prompts that are run together. */
async function batchOf(
  decoder: Decoder,
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
  { ends, generation: options, constraint, signal }: Writing,
): Promise<Continuation[]> {
  if (options.beams > 1) return await beamsOf(decoder, tokenizer, prompts, { ends, generation: options, signal });
  const texts = prompts.map(() => ({ text: textSoFar(tokenizer, options.stop), tokens: [] as number[], written: "" }));
  const out = new Array<Continuation>(prompts.length);
  const isOver = async (row: number, token: number) => {
    const one = texts[row]!;
    if (ends.has(token)) return true;
    one.tokens.push(token);
    const { text, stopped } = await one.text.add(token);
    one.written += text;
    return stopped;
  };
  for await (const { row, finish } of write(decoder, prompts, {
    generation: options,
    ends: isOver,
    constraint,
    signal,
  })) {
    if (!finish) continue;
    const { text, tokens, written } = texts[row]!;
    const whole = written + (await text.rest());
    out[row] = { text: whole, tokens, finish, promptTokens: prompts[row]!.length };
  }
  return out;
}

async function beamsOf(
  decoder: Decoder,
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
  { ends, generation: options, signal }: Writing,
): Promise<Continuation[]> {
  const out: Continuation[] = [];
  for (const prompt of prompts) {
    const found = await beamSearch(decoder, prompt, ends, options, signal);
    const ended = ends.has(found.at(-1)!);
    const tokens = ended ? found.slice(0, -1) : found;
    const text = textSoFar(tokenizer, options.stop);
    let [written, stopped] = ["", false];
    for (const token of tokens) {
      if (stopped) break;
      const piece = await text.add(token);
      [written, stopped] = [written + piece.text, piece.stopped];
    }
    const finish = signal?.aborted ? "stopped" : ended || stopped ? "stop" : "length";
    out.push({ text: written + (await text.rest()), tokens, finish, promptTokens: prompt.length });
  }
  return out;
}
