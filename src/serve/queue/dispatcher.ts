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
  /** Milliseconds from now. Default {@link DispatcherOptions.deadlineMs}. */
  readonly deadlineMs?: number;
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
  /** Default 10 000. */
  readonly deadlineMs?: number;
  readonly onBatch?: (batch: BatchFacts) => void;
}

/** Kinds of questions whose items can be answered together with those of others. */
export type BatchedKind = Exclude<Question["ask"], "explain">;

export interface Dispatcher {
  readonly waiting: number;
  /**
   * Asks of each item; results in their order.
   * @throws E_SERVER with status 429 where the queue is full or the deadline cannot be met, 503 where it passed while the items waited; the
   * first fault of an item
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
  const { deadlineMs = 10_000, onBatch, ...settings } = options;
  const queue = scheduler<Waiting>({ ...defaultScheduling, ...settings }, msPerToken);
  const most = host.facts.maxTokens ?? 1;
  let [nextId, busy] = [0, false];
  let timer: NodeJS.Timeout | undefined;
  const run = async (batch: readonly Job<Waiting>[]) => {
    busy = true;
    const started = performance.now();
    const items = batch.map(({ value }) => value.item);
    const { results, ms } = await host.ask({ ask: batch[0]!.kind as BatchedKind, items });
    queue.finished(performance.now());
    busy = false;
    pump();
    for (const [i, { value }] of batch.entries()) value.settle(results[i]!);
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
    async ask<T>(kind: BatchedKind, items: readonly ServedItem[], call: CallOptions = {}) {
      const arrived = performance.now();
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
      const refusal = queue.offer(jobs, arrived);
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
  if ("parts" in input) return tokensOf(input.parts, most);
  return "ids" in input ? input.ids.length : 1;
}

function itemValue<T>(result: ItemResult): T {
  if ("value" in result) return result.value as T;
  throw errorOf(result.fault);
}

const busyFault = (reason: "full" | "late", retryAfterMs: number): ConcordError =>
  refused(
    429,
    {
      operation: "serve",
      problem: reason === "full" ? "the queue is full" : "the queue is too long for the request's deadline",
      hint: "try again later",
    },
    { retryAfterSeconds: retryAfterMs / 1000 },
  );

const passed = errorData(
  refused(
    503,
    { operation: "serve", problem: "the deadline passed while the request waited", hint: "try again later" },
    { retryAfterSeconds: 1 },
  ),
);
const gone = errorData(refused(499, { operation: "serve", problem: "the client left" }));
