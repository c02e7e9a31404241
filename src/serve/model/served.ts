// A model that serves: what it is, whether its passport holds, its prediction sets, and its two threads. Explanations take a hundred times
// as long as answers, so they have a thread of their own, which starts with the first of them.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { isCompressedFolder } from "../../artifacts/index.ts";
import { attempt } from "../../base/index.ts";
import type { BatchOptions, Prompt } from "../../generate/index.ts";
import type { Passport } from "../../passport/index.ts";
import type { ConformalScores } from "../../robustness/index.ts";
import {
  auditedScores,
  compressedScores,
  type ExplainAnswerOptions,
  type ExplainedAnswer,
  runScores,
} from "../../runs/index.ts";
import { errorOf } from "../../runtime/node/thread.ts";
import { refused } from "../http/errors.ts";
import { type BatchFacts, type CallOptions, type DispatcherOptions, dispatcher } from "../queue/dispatcher.ts";
import { tokensOf } from "../queue/length.ts";
import { profileOf, watchedModel } from "../watch/described.ts";
import type { ModelWatcher, SeenAnswers } from "../watch/watcher.ts";
import { admit, type DoorFacts, type DoorOptions } from "./door.ts";
import type { AnsweredItem, EmbeddedItem, ItemResult, ModelFacts, ServedItem, WriteAsk, WrittenPart } from "./facts.ts";
import { type ModelHost, type OpenHost, openModelHost } from "./host.ts";
import type { ModelSource } from "./source.ts";

export interface ServeModelOptions extends DoorOptions, Omit<DispatcherOptions, "onBatch"> {
  /** Threads of the runtime. Default 2. */
  readonly threads?: number;
  /** Watches what the model answers. Default nobody does. */
  readonly watch?: ModelWatcher;
  /** Told of what is answered. */
  readonly onAnswers?: (seen: SeenAnswers) => void;
  /** How much the model's thread gives way to others, 0 … 19 (Linux). Default 0. */
  readonly nice?: number;
  /** How it is opened. Default in a thread of this process. */
  readonly openHost?: OpenHost;
  /** Told of each batch that ran. */
  readonly onBatch?: (model: ModelSource, batch: BatchFacts) => void;
}

const mostExplanations = 32; // that wait or run
const mostWriting = 32; // continuations that take turns

/** A model that is open and may serve. */
export interface ServedModel {
  readonly source: ModelSource;
  readonly facts: ModelFacts;
  readonly door: DoorFacts;
  /** Where it was verified. */
  readonly passport?: Passport;
  readonly page?: () => string;
  /** When it was opened, ISO 8601. */
  readonly loaded: string;
  /** Its thread of answers. */
  readonly host: ModelHost;
  /** Questions that wait for its thread of answers. */
  readonly waiting: number;
  /** How long a question that arrives now would wait there, by estimate, in milliseconds. */
  readonly waitMs: number;
  /** Answers of each item; logits, or what the head reads. @throws as `Dispatcher.ask` */
  answers(items: readonly ServedItem[], call?: CallOptions): Promise<AnsweredItem[]>;
  logits(items: readonly ServedItem[], call?: CallOptions): Promise<Float32Array[]>;
  embed(items: readonly ServedItem[], call?: CallOptions): Promise<EmbeddedItem[]>;
  /** The model's own logits of token ids, without its decisions. */
  tokens(items: readonly ServedItem[], call?: CallOptions): Promise<Float32Array[]>;
  /**
   * The continuation of a prompt, in parts; it ends early where the signal is aborted.
   * @param adapter that writes. Default the model itself
   * @throws E_SERVER with status 429 where too many are written; E_ARGUMENT for a model that does not write, and as a `Generator`'s `stream`
   */
  write(
    prompt: Prompt,
    options: BatchOptions,
    signal?: AbortSignal,
    adapter?: string,
  ): AsyncGenerator<WrittenPart, void>;
  /** @throws E_SERVER with status 429 where too many wait; as `answerExplainer` */
  explain(items: readonly ServedItem[], options: ExplainAnswerOptions): Promise<ExplainedAnswer[]>;
  /** Scores for prediction sets. @throws E_DATA where the model has none */
  sets(): ConformalScores;
  close(): Promise<void>;
}

/**
 * Admits and opens a model.
 * @throws as `admit` and opening
 * @example const model = await openServedModel(await readSource("runs/disease"), { unsigned: true });
 */
export async function openServedModel(source: ModelSource, options: ServeModelOptions = {}): Promise<ServedModel> {
  const { watch, onBatch, onAnswers, nice, openHost = openModelHost } = options;
  const profile = watch && (await profileOf(source));
  const start = { source, threads: options.threads ?? 2, ...(profile && { profile }), ...(nice && { nice }) };
  const admitting = admit(source, options);
  const host = await openHost(start, admitting);
  const admitted = await admitting;
  const scores = await attempt(scoresOf(source));
  await watch?.describe(await watchedModel(source, admitted.passport, profile));
  const queue = dispatcher(host, await warmedUp(host), {
    ...schedulingOf(options),
    onBatch: onBatch && ((batch) => onBatch(source, batch)),
  });
  let explaining: Promise<ModelHost> | undefined;
  let explanations = 0;
  let writing = 0;
  return {
    ...admitted,
    source,
    facts: host.facts,
    loaded: new Date().toISOString(),
    host,
    get waiting() {
      return queue.waiting;
    },
    get waitMs() {
      return queue.waitMs;
    },
    async answers(items, call) {
      const arrived = call?.arrived ?? performance.now();
      const answered = await queue.ask<AnsweredItem>("answers", items, call);
      const seen = { source, items, answered, call, ms: performance.now() - arrived };
      if (items.some(({ adapter }) => adapter !== undefined)) return answered; // what is watched is the base
      watch?.observe(seen);
      onAnswers?.(seen);
      return answered;
    },
    logits: (items, call) => queue.ask<Float32Array>("logits", items, call),
    embed: (items, call) => queue.ask<EmbeddedItem>("embed", items, call),
    tokens: (items, call) => queue.ask<Float32Array>("tokens", items, call),
    async explain(items, asking) {
      if (explanations + items.length > mostExplanations) throw tooMany("explain", "too many explanations wait");
      explanations += items.length;
      try {
        explaining ??= openHost({ ...start, explains: true }).catch((error: unknown) => {
          explaining = undefined;
          throw error;
        });
        const { results } = await (await explaining).ask({ ask: "explain", items, options: asking });
        return valuesOf(results as readonly ItemResult<ExplainedAnswer>[]);
      } finally {
        explanations -= items.length;
      }
    },
    async *write(prompt, options, signal, adapter) {
      if (writing >= mostWriting) throw tooMany("generate", "too many texts are being written");
      writing++;
      const id = randomUUID();
      const ask = async (write: Omit<WriteAsk, "id">) => {
        const { results } = await host.ask({
          ask: "write",
          items: [{ input: { parts: [] } }],
          write: { id, adapter, ...write },
        });
        return valuesOf(results as readonly ItemResult<WrittenPart>[])[0]!;
      };
      let ended = false;
      try {
        for (let begin: WriteAsk["begin"] = { prompt, options }; !ended && !signal?.aborted; begin = undefined) {
          const part = await ask({ begin }).catch((fault: unknown) => {
            ended = true;
            throw fault;
          });
          ended = part.end !== undefined;
          yield part;
        }
      } finally {
        writing--;
        if (!ended) await ask({ stop: true });
      }
    },
    sets() {
      if (scores.ok) return scores.value;
      throw scores.error;
    },
    async close() {
      await Promise.all([host.close(), explaining?.then((other) => other.close())]);
    },
  };
}

const tooMany = (operation: string, problem: string) =>
  refused(429, { operation, problem, hint: "try again later" }, { retryAfterSeconds: 5 });

/** What of the options is about batches. */
function schedulingOf(options: ServeModelOptions): DispatcherOptions {
  const { deadlineMs, batchRows, batchTokens, padding, delayMs, queueRows, margin } = options;
  const chosen = { deadlineMs, batchRows, batchTokens, padding, delayMs, queueRows, margin };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
}

/** Answers a text, so that the first request finds everything loaded. @returns milliseconds a token @throws what answering throws */
async function warmedUp(host: ModelHost): Promise<number> {
  const { reads, answers, pair, maxTokens, decisions } = host.facts;
  if (answers === "text") return 1; // what it writes waits in no queue
  if (reads !== "text") return 50; // a whole input counts as one
  const parts = Array.from({ length: pair ? 2 : 1 }, () => "warm up ".repeat(16));
  const choices = answers === "choice" ? { choices: ["one", "two"] } : {};
  const items: ServedItem[] = [{ input: { parts, ...choices }, group: decisions?.groups?.[0] }];
  let perToken = 1;
  for (let round = 0; round < 2; round++) {
    const { results, ms } = await host.ask({ ask: answers === "vector" ? "embed" : "answers", items });
    valuesOf(results);
    perToken = ms / tokensOf(parts, maxTokens!);
  }
  return perToken;
}

/** @throws the first fault */
export function valuesOf<T>(results: readonly ItemResult<T>[]): T[] {
  return results.map((one) => {
    if ("value" in one) return one.value;
    throw errorOf(one.fault);
  });
}

async function scoresOf({ kind, path, compressed }: ModelSource): Promise<ConformalScores> {
  const evidence = kind === "release" ? join(path, "evidence") : path;
  if (compressed) return await compressedScores(evidence);
  return kind === "run" || isCompressedFolder(path) ? await runScores(path) : await auditedScores(evidence);
}
