// Messages that wait for each member, numbered in the order in which they were told. Since a replay tells the same ones again, the numbers
// hold over a restart. Knows no network.
import type { Message } from "../../federated/index.ts";
import type { OutboxEntry } from "../transport/limits.ts";
import { type Published, publishedBytes } from "../transport/published.ts";

export interface Waiting {
  readonly seq: number;
  readonly message: Message;
  readonly payload?: Uint8Array;
}

/** What a snapshot keeps. */
export interface OutboxState {
  readonly last: ReadonlyMap<string, number>;
  readonly waiting: ReadonlyMap<string, readonly Waiting[]>;
}

/** Phases of which a message is of no use once the next round is open. */
const passing: ReadonlySet<string> = new Set(["round", "roster", "inbox", "dispute", "begin", "survivors", "unmask"]);
/** Most messages of one answer. */
const mostAtOnce = 64;

export class Outbox {
  readonly #last: Map<string, number>;
  readonly #waiting: Map<string, Waiting[]>;
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #contents = new Map<string, Published>();
  readonly #chunkBytes: number;

  constructor(members: readonly string[], chunkBytes: number, before?: OutboxState) {
    this.#chunkBytes = chunkBytes;
    this.#last = new Map(members.map((m) => [m, before?.last.get(m) ?? 0]));
    this.#waiting = new Map(members.map((m) => [m, [...(before?.waiting.get(m) ?? [])]]));
    for (const list of this.#waiting.values()) for (const { payload, message } of list) this.#publish(message, payload);
  }

  state(): OutboxState {
    return { last: new Map(this.#last), waiting: new Map([...this.#waiting].map(([m, list]) => [m, [...list]])) };
  }

  push(message: Message, payload?: Uint8Array): void {
    this.#publish(message, payload);
    const receivers = message.to === "*" ? [...this.#waiting.keys()] : [message.to];
    for (const to of receivers) {
      const seq = this.#last.get(to)! + 1;
      this.#last.set(to, seq);
      const kept = this.#waiting
        .get(to)!
        .filter((w) => w.message.round >= message.round || !passing.has(w.message.phase));
      this.#waiting.set(to, [...kept, { seq, message, payload }]);
      for (const wake of this.#listeners.get(to) ?? []) wake();
    }
    this.#forget();
  }

  /** Entries after a place; waits for one until the signal. */
  async after(member: string, place: number, signal: AbortSignal): Promise<readonly OutboxEntry[]> {
    const list = () => this.#waiting.get(member)!.filter((w) => w.seq > place);
    this.#waiting.set(member, list());
    if (list().length === 0 && !signal.aborted) await this.#news(member, signal);
    return list()
      .slice(0, mostAtOnce)
      .map(({ seq, message, payload }) => ({
        seq,
        message,
        ...(payload && { payload: { sha256: hashOf(message), bytes: payload.length } }),
      }));
  }

  #news(member: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const listeners = this.#listeners.get(member) ?? new Set();
      this.#listeners.set(member, listeners);
      const wake = () => {
        listeners.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      listeners.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  knows(member: string): boolean {
    return this.#waiting.has(member);
  }

  /** A content of a message that waits for this member. */
  content(member: string, hash: string): Published | undefined {
    const waits = this.#waiting.get(member)?.some((w) => w.payload && hashOf(w.message) === hash);
    return waits ? this.#contents.get(hash) : undefined;
  }

  #publish(message: Message, payload: Uint8Array | undefined): void {
    if (!payload || this.#contents.has(hashOf(message))) return;
    this.#contents.set(hashOf(message), publishedBytes(payload, this.#chunkBytes));
  }

  #forget(): void {
    const used = new Set(
      [...this.#waiting.values()].flatMap((l) => l.flatMap((w) => (w.payload ? hashOf(w.message) : []))),
    );
    for (const hash of this.#contents.keys()) if (!used.has(hash)) this.#contents.delete(hash);
  }
}

/** Only the opening of a round has a content: the model. */
const hashOf = (message: Message): string => (message.phase === "round" ? message.body.model.sha256 : "");
