// Which waiting jobs are answered together, and which are refused. Pure: time is an argument, in milliseconds of any clock that rises.
//
// Order: higher priority, then earlier deadline, then earlier arrival. The first of this order leads a batch; others join it while they are
// about as long, because padding is work that answers nothing. A job is refused at once where the work before it would make it late
// (a refusal costs nothing, a late answer costs its whole computation), so that goodput does not fall when more is asked than can be done.
import { costModel } from "./cost.ts";

/** A job as it waits. */
export interface Job<T> {
  readonly id: number;
  /** Only jobs of one kind are answered together. */
  readonly kind: string;
  /** Tokens, estimated. */
  readonly length: number;
  /** Higher goes first. */
  readonly priority: number;
  /** After this moment the answer is worth nothing. */
  readonly deadline: number;
  readonly value: T;
}

export interface SchedulerSettings {
  /** Most jobs of a batch. */
  readonly batchRows: number;
  /** Most tokens of a batch, padding included. A single longer job is a batch by itself. */
  readonly batchTokens: number;
  /** Largest share of a batch that may be padding, 0 … 1. */
  readonly padding: number;
  /** How long a job may wait for others to join it while nothing else is to do, in milliseconds. */
  readonly delayMs: number;
  /** Most waiting jobs. */
  readonly queueRows: number;
  /** Share of the time to its deadline that the work before a job, and its own batch, may take, by estimate, 0 … 1: estimates err. */
  readonly margin: number;
}

export const defaultScheduling: SchedulerSettings = {
  batchRows: 16,
  batchTokens: 2048,
  padding: 0.25,
  delayMs: 0,
  queueRows: 1024,
  margin: 0.5,
};

/** Why jobs are not taken: the queue is full, or they would be late. */
export type Refusal = { readonly reason: "full" | "late"; readonly retryAfterMs: number };

/** What to do now. */
export interface Next<T> {
  /** Empty where there is nothing to do yet. */
  readonly batch: readonly Job<T>[];
  /** Jobs whose deadline can no longer be met: they are gone from the queue. */
  readonly late: readonly Job<T>[];
  /** Ask again after this time, unless a job arrives before: jobs wait for others to join. */
  readonly waitMs?: number;
}

/** Waiting jobs of one model. One batch runs at a time. */
export interface Scheduler<T> {
  readonly waiting: number;
  /** Takes all jobs or none. @returns undefined where they were taken */
  offer(jobs: readonly Job<T>[], now: number): Refusal | undefined;
  /** @returns whether the job was still waiting */
  cancel(id: number): boolean;
  /** The next batch. Call it when none runs. */
  next(now: number): Next<T>;
  /** Tells how long the last batch took, from which later ones are estimated. */
  finished(now: number): void;
  /** How long a job that arrives now would wait, by estimate, in milliseconds. */
  waitMs(now: number): number;
  /** What a batch of so many tokens takes, by estimate, in milliseconds. */
  costMs(tokens: number): number;
}

/**
 * Makes a scheduler.
 * @param msPerToken first estimate of the work, from a warm-up
 * @example
 * const queue = scheduler<string>(defaultScheduling, 0.05);
 * queue.offer([{ id: 1, kind: "answers", length: 12, priority: 0, deadline: 1000, value: "a sore throat" }], 0);
 * queue.next(0).batch[0]!.value; // "a sore throat"
 */
export function scheduler<T>(settings: SchedulerSettings, msPerToken: number): Scheduler<T> {
  const queue: (Job<T> & { readonly arrived: number })[] = []; // in their order
  const cost = costModel(msPerToken);
  let waitingTokens = 0;
  let running: { readonly since: number; readonly tokens: number } | undefined;
  const before = (a: Job<T>, b: Job<T>) => b.priority - a.priority || a.deadline - b.deadline || a.id - b.id;
  const remove = (at: number): Job<T> => {
    const [job] = queue.splice(at, 1);
    waitingTokens -= job!.length;
    return job!;
  };
  const left = (now: number) => (running ? Math.max(0, running.since + cost.ms(running.tokens) - now) : 0);
  const workOf = (rows: number, tokens: number) => cost.ms(tokens, Math.ceil(rows / settings.batchRows));
  return {
    get waiting() {
      return queue.length;
    },
    costMs: (tokens) => cost.ms(tokens),
    waitMs: (now) => left(now) + workOf(queue.length, waitingTokens),
    offer(jobs, now) {
      const all = left(now) + workOf(queue.length, waitingTokens);
      const idle = !running && queue.length === 0; // a job that nothing is before is tried, whatever the estimate: it mends a wrong one
      if (queue.length + jobs.length > settings.queueRows) return { reason: "full", retryAfterMs: all };
      const added = [...jobs].sort(before);
      let own = 0;
      for (const [i, job] of added.entries()) {
        own += job.length;
        const at = placeOf(queue, job, before);
        const ahead = at === queue.length ? waitingTokens : sumOf(queue, at);
        const wait = left(now) + workOf(at + i + 1, ahead + own);
        const most = (job.deadline - now) * settings.margin;
        if (idle ? job.deadline <= now : wait > most) return { reason: "late", retryAfterMs: Math.max(wait - most, 1) };
      }
      for (const job of added) queue.splice(placeOf(queue, job, before), 0, { ...job, arrived: now });
      waitingTokens += own;
      return undefined;
    },
    cancel(id) {
      const at = queue.findIndex((job) => job.id === id);
      if (at >= 0) remove(at);
      return at >= 0;
    },
    next(now) {
      const late: Job<T>[] = [];
      for (let at = queue.length - 1; at >= 0; at--) {
        const alone = queue.length === 1 ? 0 : cost.ms(queue[at]!.length);
        if (now + alone >= queue[at]!.deadline) late.unshift(remove(at));
      }
      const [head] = queue;
      if (!head) return { batch: [], late };
      const batch = joined(queue, now, cost.ms, settings);
      const ripe = Math.min(head.arrived + settings.delayMs, head.deadline - 2 * cost.ms(head.length));
      if (batch.length === queue.length && batch.length < settings.batchRows && now < ripe)
        return { batch: [], late, waitMs: ripe - now };
      const ids = new Set(batch.map(({ id }) => id));
      for (let at = queue.length - 1; at >= 0; at--) if (ids.has(queue[at]!.id)) remove(at);
      running = { since: now, tokens: padded(batch) };
      return { batch, late };
    },
    finished(now) {
      if (!running) return;
      cost.learn(running.tokens, now - running.since);
      running = undefined;
    },
  };
}

/** Tokens of jobs that are answered together: all are padded to the longest. */
const padded = (jobs: readonly Job<unknown>[]): number => jobs.length * Math.max(...jobs.map(({ length }) => length));

/** Where a job would stand in a queue in order. */
function placeOf<J>(queue: readonly J[], job: J, before: (a: J, b: J) => number): number {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(queue[middle]!, job) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sumOf(queue: readonly Job<unknown>[], end: number): number {
  let sum = 0;
  for (let at = 0; at < end; at++) sum += queue[at]!.length;
  return sum;
}

/** The first job of the queue with those that may join it: of its kind, nearest in length first. */
function joined<T>(
  queue: readonly Job<T>[],
  now: number,
  costOf: (tokens: number) => number,
  settings: SchedulerSettings,
): Job<T>[] {
  const head = queue[0]!;
  const batch: Job<T>[] = [head];
  let [longest, sum, deadline] = [head.length, head.length, head.deadline];
  const others = queue.slice(1).filter(({ kind }) => kind === head.kind);
  others.sort((a, b) => Math.abs(a.length - head.length) - Math.abs(b.length - head.length));
  for (const job of others) {
    if (batch.length === settings.batchRows) break;
    const most = Math.max(longest, job.length);
    const tokens = (batch.length + 1) * most;
    if (tokens > settings.batchTokens || 1 - (sum + job.length) / tokens > settings.padding) continue;
    const time = (Math.min(deadline, job.deadline) - now) * settings.margin;
    if (costOf(tokens) > time) continue; // it would make one of them late
    batch.push(job);
    [longest, sum, deadline] = [most, sum + job.length, Math.min(deadline, job.deadline)];
  }
  return batch;
}
