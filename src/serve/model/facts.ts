// What crosses the border between the server and the threads of its models: plain data only.
import type { BatchOptions, Finish, GenerateOptions, Prompt } from "../../generate/index.ts";
import type { Task, TaskHead } from "../../models/index.ts";
import type { Answer, Quote } from "../../predict/index.ts";
import type { ExplainAnswerOptions } from "../../runs/index.ts";
import type { ErrorData } from "../../runtime/node/thread.ts";
import type { Profile } from "../../watch/index.ts";
import type { ModelSource } from "./source.ts";

/** One input as a request gave it: a text or two texts, perhaps with choices, bytes of an image, or token ids. */
export type ServedInput =
  | { readonly parts: readonly string[]; readonly choices?: readonly string[] }
  | { readonly bytes: Uint8Array }
  | { readonly ids: readonly number[]; readonly typeIds: readonly number[] };

/** An input and what the model must know of it. */
export interface ServedItem {
  readonly input: ServedInput;
  /** For a model with thresholds by group. */
  readonly group?: string;
  /** Adapter of the model that answers. Default the model itself. */
  readonly adapter?: string;
}

/** What the server knows of a model that a thread has opened. */
export interface ModelFacts {
  readonly architecture: string;
  /** Head: `single-label`, `multi-label`, `regression`, `token` … */
  readonly task: Task;
  /**
   * `text`: it writes, and gives no labels. `vector`: it makes vectors of texts. `quotes`: it finds answers in texts. `tasks`: it answers with several heads. `choice`: it chooses among
   * answers that come with a text.
   */
  readonly answers: "label" | "labels" | "value" | "entities" | "tasks" | "text" | "vector" | "quotes" | "choice";
  /** Labels words, not whole inputs. */
  readonly words: boolean;
  /** Answers with a number. */
  readonly numeric: boolean;
  readonly labels: readonly string[];
  readonly reads: string;
  /** Reads two texts at once. */
  readonly pair: boolean;
  /** Longest text, in characters. */
  readonly longestText: number;
  /** Longest input of a text model, in tokens. */
  readonly maxTokens?: number;
  /** Token ids that a text model knows: 0 … vocabulary − 1. */
  readonly vocabulary?: number;
  /** Segments that it tells apart; 0: it takes none. */
  readonly segments?: number;
  /** What the offsets of entities count. */
  readonly offsets: "code-points" | "utf-16";
  /** What logits are divided by; absent where the model has not been calibrated. */
  readonly temperature?: number;
  /** The same of several heads, by the names of their tasks. */
  readonly temperatures?: Readonly<Record<string, number>>;
  /** Of several heads: what each answers. */
  readonly heads?: readonly TaskHead[];
  readonly decisions?: { readonly kind: string; readonly attribute?: string; readonly groups?: readonly string[] };
  /** Of a model that writes: its options where a request does not say. */
  readonly generation?: GenerateOptions;
  /** Whether answers can be explained: models of texts. */
  readonly explains: boolean;
}

/** What a thread is started with. */
export interface ThreadStart {
  readonly source: ModelSource;
  /** Threads of the runtime within. */
  readonly threads: number;
  /** What answers are measured against, where they are watched. */
  readonly profile?: Profile;
  /** Whether it is the model's thread of explanations, beside that of answers. Default false. */
  readonly explains?: boolean;
  /** How much the thread gives way to others, 0 … 19, where the system has such a value for threads. Default 0. */
  readonly nice?: number;
}

/**
 * A question to the thread. Results come in the order of the items: an `AnsweredItem` of `answers`, an `EmbeddedItem` of `embed`, an
 * `ExplainedAnswer` of `explain`; of `logits` a row by the model's decisions, of `tokens` (token ids) the model's own.
 */
export type Question =
  | { readonly ask: "answers"; readonly items: readonly ServedItem[] }
  | { readonly ask: "logits"; readonly items: readonly ServedItem[] }
  | { readonly ask: "embed"; readonly items: readonly ServedItem[] }
  | { readonly ask: "tokens"; readonly items: readonly ServedItem[] }
  | { readonly ask: "explain"; readonly items: readonly ServedItem[]; readonly options: ExplainAnswerOptions }
  | { readonly ask: "write"; readonly items: readonly ServedItem[]; readonly write: WriteAsk };

/** A continuation, or more of one: its next tokens are the answer. Its one item is empty. */
export interface WriteAsk {
  /** Of the continuation, chosen by who asks. */
  readonly id: string;
  /** With the first question of a continuation. */
  readonly begin?: { readonly prompt: Prompt; readonly options: Omit<BatchOptions, "batchSize" | "signal"> };
  /** Nothing more is wanted of it. */
  readonly stop?: true;
  /** Adapter that writes. Default the model itself. */
  readonly adapter?: string;
}

/** What has been written since the last question. */
export interface WrittenPart {
  readonly text: string;
  /** With the last part. */
  readonly end?: { readonly finish: Finish; readonly tokens: number; readonly promptTokens: number };
}

/** An answer. */
export interface AnsweredItem {
  /** Absent for an input that cannot be used, and of a model that finds answers in texts. */
  readonly answer?: Answer;
  /** Of a model that finds answers in texts: the likeliest, best first. */
  readonly quotes?: readonly Quote[];
  readonly unusable?: string;
  /** Of a model that is watched: the bin of each number of its profile, see the room watch. */
  readonly bins?: Uint8Array;
}

/** What the head read of a text, and how many tokens that were. */
export interface EmbeddedItem {
  readonly features: Float32Array;
  readonly tokens: number;
}

/** Of one item. */
export type ItemResult<T = unknown> = { readonly value: T } | { readonly fault: ErrorData };

/** `open` comes first, once the model was admitted. */
export type ThreadInput = (Question & { readonly id: number }) | "open" | "close";
export type ThreadOutput =
  | { readonly opened: ModelFacts }
  | { readonly unopened: ErrorData }
  | { readonly id: number; readonly results: readonly ItemResult[]; readonly ms: number };
