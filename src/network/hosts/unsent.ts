// What waits for the coordinator: given in order, each until it was taken or refused for good.
import { type ConcordError, isConcordError } from "../../base/index.ts";
import type { Message } from "../../federated/index.ts";
import { interrupted, type Link } from "../transport/client.ts";
import type { SerialQueue } from "./serial-queue.ts";

export interface Outgoing {
  readonly message: Message;
  readonly payload?: Uint8Array;
}

export interface UnsentOptions {
  /** Messages of before a restart, the oldest first. */
  readonly waiting: readonly Outgoing[];
  readonly link: Pick<Link, "deliver">;
  /** What the coordinator will never take: it is dropped. */
  readonly onRefused?: (error: ConcordError) => void;
  /** Stopped by what else goes wrong; nothing is sent once it is. */
  readonly events: Pick<SerialQueue, "stop" | "isStopped" | "stopped">;
}

export interface Unsent {
  /** What was not yet taken, the oldest first. */
  waiting(): readonly Outgoing[];
  /** Adds to the end; {@link send} gives it. */
  put(message: Outgoing): void;
  /** Drops what a test does not hold of. */
  keep(isWanted: (message: Outgoing) => boolean): void;
  /** Begins to give what waits, unless that is under way. */
  send(): void;
  /** Resolves when nothing waits. @throws what stopped the events; E_INTERRUPTED where the signal aborts before */
  empty(signal?: AbortSignal): Promise<void>;
}

/** Refusals that no second try changes. */
const final: ReadonlySet<string> = new Set(["E_ROUND", "E_VERSION"]);

/** @example const unsent = openUnsent({ waiting: [], link, events: serialQueue() }); unsent.put({ message }); unsent.send(); */
export function openUnsent({ waiting: before, link, onRefused, events }: UnsentOptions): Unsent {
  let waiting = [...before];
  let sending: Promise<void> | undefined;
  const giveAll = async (): Promise<void> => {
    for (let next = waiting[0]; next && !events.isStopped(); next = waiting[0]) {
      try {
        await link.deliver(next.message, next.payload);
      } catch (error) {
        if (!isConcordError(error) || !final.has(error.code)) return events.stop(error);
        onRefused?.(error);
      }
      waiting = waiting.filter((message) => message !== next); // it may have been dropped meanwhile
    }
  };
  const send = (): void => {
    sending ??= giveAll().finally(() => {
      sending = undefined;
      if (waiting.length > 0 && !events.isStopped()) send(); // put after the last look
    });
  };
  return {
    waiting: () => waiting,
    put: (message) => void waiting.push(message),
    keep: (isWanted) => {
      waiting = waiting.filter(isWanted);
    },
    send,
    async empty(signal) {
      while (waiting.length > 0) {
        if (events.isStopped()) return events.stopped;
        if (signal?.aborted) throw interrupted();
        send();
        await sending;
      }
    },
  };
}
