// Texts and chats as what a causal language model learns: tokens, and which of them it is to foretell. Knows no training.
import { ConcordError } from "../base/index.ts";
import type { ChatMessage } from "../data/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { type ChatTemplate, chatTemplate, plainTemplate, templateOf } from "./chat-template.ts";

/** A text, a text with its answer, or a chat. */
export interface WrittenRow {
  readonly text: string;
  /** What is to be written after the text. */
  readonly pair?: string;
  readonly messages?: readonly ChatMessage[];
}

/** Tokens, and for each whether it is to be foretold from those before it. */
export interface Sequence {
  readonly ids: Int32Array;
  readonly foretold: Uint8Array;
}

/** Whether rows are answered, by a chat template, or texts are written on. */
export const isAnswered = ({ pair, messages }: WrittenRow): boolean => pair !== undefined || messages !== undefined;

/** The tokenizer with a chat template: its own, or else plain lines. */
export const withTemplate = <T extends Pick<Tokenizer, "settings" | "special">>(tokenizer: T): T =>
  chatTemplate(tokenizer)
    ? tokenizer
    : { ...tokenizer, settings: { ...tokenizer.settings, chat_template: plainTemplate } };

/**
 * Rows as sequences. Of a text every token counts and the end of it; of a chat only what the assistant writes.
 * @throws E_TOKENIZER without a token that ends a text; E_DATA for a chat that the template refuses, or writes anew with each message
 */
export async function sequencesOf(tokenizer: Tokenizer, rows: readonly WrittenRow[]): Promise<Sequence[]> {
  const template = rows.some(isAnswered) ? templateOf(tokenizer) : undefined;
  const pieces = rows.map((row) => (template && isAnswered(row) ? chatPieces(template, messagesOf(row)) : [row.text]));
  const encoded = await tokenizer.encodeIds(pieces.flat(), { addSpecialTokens: false });
  let at = 0;
  return pieces.map((texts, i) => {
    const parts = encoded.slice(at, at + texts.length);
    at += texts.length;
    return isAnswered(rows[i]!) ? chatSequence(parts) : textSequence(tokenizer, parts[0]!);
  });
}

/** The messages of a row that is answered. */
export const messagesOf = ({ text, pair, messages }: WrittenRow): readonly ChatMessage[] =>
  messages ?? [
    { role: "user", content: text },
    { role: "assistant", content: pair! },
  ];

/** The token that stands before every text that the model learns from, or reads. */
export const beginToken = ({ special }: Pick<Tokenizer, "special">) => special.bos ?? special.eos;

function textSequence(tokenizer: Tokenizer, ids: Int32Array): Sequence {
  const { eos } = tokenizer.special;
  if (!eos)
    throw new ConcordError("E_TOKENIZER", {
      operation: "text generation",
      problem: "the tokenizer has no token that ends a text",
      expected: "an eos_token in tokenizer_config.json",
      hint: "name one there; GPT-2's is <|endoftext|>",
    });
  const begin = beginToken(tokenizer)!.id;
  const all = Int32Array.from([...(ids[0] === begin ? [] : [begin]), ...ids, eos.id]);
  return { ids: all, foretold: new Uint8Array(all.length).fill(1) };
}

/** What is read, what is answered, what is read … of a chat: one text after the other, cut where tokens are cut in answering too. */
function chatPieces(template: ChatTemplate, messages: readonly ChatMessage[]): string[] {
  const pieces: string[] = [];
  let done = "";
  for (const [i, { role }] of messages.entries()) {
    if (role !== "assistant") continue;
    const asked = template.render(messages.slice(0, i), true);
    const answered = template.render(messages.slice(0, i + 1), false);
    if (!asked.startsWith(done) || !answered.startsWith(asked))
      throw new ConcordError("E_DATA", {
        operation: "chat template",
        problem: "the template writes earlier messages anew when one is added: answers have no place of their own",
        expected: "a template that only adds to what it has written",
        got: `message ${i + 1} of ${messages.length}`,
        hint: "keep chats to one answer each, or use a plainer chat_template",
      });
    pieces.push(asked.slice(done.length), answered.slice(asked.length));
    done = answered;
  }
  return pieces;
}

/** Every second part is an answer. */
function chatSequence(parts: readonly Int32Array[]): Sequence {
  const ids = new Int32Array(parts.reduce((n, part) => n + part.length, 0));
  const foretold = new Uint8Array(ids.length);
  let at = 0;
  for (const [i, part] of parts.entries()) {
    ids.set(part, at);
    if (i % 2 === 1) foretold.fill(1, at, at + part.length);
    at += part.length;
  }
  return { ids, foretold };
}

/** A part of a sequence that a model reads at once: what is foretold in it was not in the window before. */
export interface SequenceWindow extends Sequence {
  /** Number of its sequence. */
  readonly row: number;
  /** Tokens that are foretold. */
  readonly count: number;
}

/**
 * Sequences as windows of at most `length` tokens. Each token is foretold once, from at least `length − stride` tokens before it but at
 * a text's start; the first of a sequence never is.
 * @param stride tokens by which a window moves, 1 … length − 1: `length − 1` reads each token about once, less is closer to the truth
 */
export function windowsOf(sequences: readonly Sequence[], length: number, stride: number): SequenceWindow[] {
  return sequences.flatMap(({ ids, foretold }, row) => {
    const windows: SequenceWindow[] = [];
    for (let [start, done] = [0, 1]; done < ids.length; start += stride) {
      const stop = Math.min(start + length, ids.length);
      const wanted = foretold.slice(start, stop);
      wanted.fill(0, 0, done - start);
      const count = wanted.reduce((a, b) => a + b, 0);
      if (count) windows.push({ row, count, ids: ids.slice(start, stop), foretold: wanted });
      done = stop;
    }
    return windows;
  });
}
