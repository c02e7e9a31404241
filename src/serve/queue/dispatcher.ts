// Questions of many requests, answered by one model in batches. Holds the clock and the timers that the scheduler does not know.
import type { ConcordError } from "../../base/index.ts";
import { errorData, errorOf } from "../../runtime/node/thread.ts";
import { refused } from "../http/errors.ts";
import type { ItemResult, Question, ServedItem } from "../model/facts.ts";
import type { ModelHost } from "../model/host.ts";
import { tokensOf } from "./length.ts";
import { defaultScheduling, type Job, type SchedulerSettings, scheduler } from "./scheduler.ts";

/** How a request wants to be answered. */
export interface CallOptions {
  /** Higher goes first. Default 0. */
  readonly priority?: number;
  /** Milliseconds from the arrival. Default {@link DispatcherOptions.deadlineMs}. */
  readonly deadlineMs?: number;
  /** When the request arrived, in `performance.now()`. Default now. */
  readonly arrived?: number;
  /** Aborted when the client has left: what still waits is not computed. */
  readonly signal?: AbortSignal;
  /** For watching: the request, groups of its inputs, and the probability below which an answer is withheld. */
  readonly requestId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly abstain?: number;
}

/** What ran, for metrics. Times in milliseconds. */
export interface BatchFacts {
  readonly rows: number;
  /** Estimated, padding included. */
  readonly tokens: number;
  /** Of the thread. */
  readonly ms: number;
  /** How long each job waited. */
  readonly waited: readonly number[];
}

export interface DispatcherOptions extends Partial<SchedulerSettings> {
  /** Of requests that name none. Default {@link defaultDeadlineMs}. */
  readonly deadlineMs?: number;
  readonly onBatch?: (batch: BatchFacts) => void;
}

/** Ten seconds. */
export const defaultDeadlineMs = 10_000;

/** Kinds of questions whose items can be answered together with those of others. */
export type BatchedKind = Exclude<Question["ask"], "explain" | "write">;

export interface Dispatcher {
  readonly waiting: number;
  /** How long a request that arrives now would wait, by estimate, in milliseconds. */
  readonly waitMs: number;
  /**
   * Asks of each item; results in their order.
   * @throws E_SERVER with status 429 where the queue is full or the deadline cannot be met, 503 where it passed before the answer was there;
   * the first fault of an item
   */
  ask<T>(kind: BatchedKind, items: readonly ServedItem[], call?: CallOptions): Promise<T[]>;
}

interface Waiting {
  readonly item: ServedItem;
  readonly arrived: number;
  readonly settle: (result: ItemResult) => void;
}

/**
 * Makes a dispatcher of a model.
 * @param msPerToken first estimate of the work
 */
export function dispatcher(host: ModelHost, msPerToken: number, options: DispatcherOptions = {}): Dispatcher {
  const { deadlineMs = defaultDeadlineMs, onBatch, ...settings } = options;
  const queue = scheduler<Waiting>({ ...defaultScheduling, ...settings }, msPerToken);
  const most = host.facts.maxTokens ?? 1;
  let [nextId, busy] = [0, false];
  let timer: NodeJS.Timeout | undefined;
  const run = async (batch: readonly Job<Waiting>[]) => {
    busy = true;
    const started = performance.now();
    const items = batch.map(({ value }) => value.item);
    const { results, ms } = await host.ask({ ask: batch[0]!.kind as BatchedKind, items });
    const ended = performance.now();
    queue.finished(ended);
    busy = false;
    pump();
    for (const [i, { value, deadline }] of batch.entries())
      value.settle(deadline < ended ? { fault: passed } : results[i]!); // who asked has given up
    onBatch?.({
      rows: batch.length,
      tokens: batch.length * Math.max(...batch.map(({ length }) => length)),
      ms,
      waited: batch.map(({ value }) => started - value.arrived),
    });
  };
  const pump = () => {
    clearTimeout(timer);
    if (busy) return;
    const { batch, late, waitMs } = queue.next(performance.now());
    for (const { value } of late) value.settle({ fault: passed });
    if (batch.length) void run(batch);
    else if (waitMs !== undefined) timer = setTimeout(pump, waitMs);
  };
  return {
    get waiting() {
      return queue.waiting;
    },
    get waitMs() {
      return queue.waitMs(performance.now());
    },
    async ask<T>(kind: BatchedKind, items: readonly ServedItem[], call: CallOptions = {}) {
      const now = performance.now();
      const { arrived = now } = call;
      const deadline = arrived + (call.deadlineMs ?? deadlineMs);
      const jobs: Job<Waiting>[] = [];
      const results = items.map(
        (item) =>
          new Promise<ItemResult>((settle) => {
            const length = lengthOf(item, most);
            const value = { item, arrived, settle };
            jobs.push({ id: nextId++, kind, length, priority: call.priority ?? 0, deadline, value });
          }),
      );
      const refusal = queue.offer(jobs, now);
      if (refusal) throw busyFault(refusal.reason, refusal.retryAfterMs);
      const leave = () => {
        for (const { id, value } of jobs) if (queue.cancel(id)) value.settle({ fault: gone });
      };
      call.signal?.addEventListener("abort", leave, { once: true });
      if (call.signal?.aborted) leave();
      pump();
      try {
        return await Promise.all(results.map(async (result) => itemValue<T>(await result)));
      } catch (error) {
        leave(); // one of them failed: the others need not be computed
        throw error;
      } finally {
        call.signal?.removeEventListener("abort", leave);
      }
    },
  };
}

function lengthOf({ input }: ServedItem, most: number): number {
  if ("parts" in input) {
    const { parts, choices } = input;
    return choices?.reduce((sum, choice) => sum + tokensOf([...parts, choice], most), 0) ?? tokensOf(parts, most);
  }
  return "ids" in input ? input.ids.length : 1;
}

function itemValue<T>(result: ItemResult): T {
  if ("value" in result) return result.value as T;
  throw errorOf(result.fault);
}

/** Refusals by reason and whole seconds: each is made once, because under overload there are thousands a second. */
const busyFaults = new Map<string, ConcordError>();

function busyFault(reason: "full" | "late", retryAfterMs: number): ConcordError {
  const retryAfterSeconds = Math.min(60, Math.max(1, Math.ceil(retryAfterMs / 1000)));
  const key = `${reason} ${retryAfterSeconds}`;
  const problem = reason === "full" ? "the queue is full" : "the queue is too long for the request's deadline";
  const fault =
    busyFaults.get(key) ??
    refused(429, { operation: "serve", problem, hint: "try again later" }, { retryAfterSeconds });
  busyFaults.set(key, fault);
  return fault;
}

const passed = errorData(
  refused(
    503,
    { operation: "serve", problem: "the deadline passed before the answer was there", hint: "try again later" },
    { retryAfterSeconds: 1 },
  ),
);
const gone = errorData(refused(499, { operation: "serve", problem: "the client left" }));
