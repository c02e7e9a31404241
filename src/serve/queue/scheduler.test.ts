// The scheduler against what it promises, for random mixes of jobs, deadlines, cancellations and speeds.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultScheduling, type Job, type SchedulerSettings, scheduler } from "./scheduler.ts";

const job = (id: number, more: Partial<Job<string>> = {}): Job<string> => ({
  id,
  kind: "answers",
  length: 10,
  priority: 0,
  deadline: 1000,
  value: String(id),
  ...more,
});
const ids = (jobs: readonly Job<string>[]) => jobs.map(({ id }) => id);

describe("a batch", () => {
  test("is led by the highest priority, then the earliest deadline", () => {
    const queue = scheduler<string>({ ...defaultScheduling, batchRows: 1 }, 0.01);
    queue.offer([job(1), job(2, { deadline: 500 }), job(3, { priority: 1 })], 0);
    expect([1, 2, 3].flatMap(() => ids(queue.next(0).batch))).toEqual([3, 2, 1]);
  });

  test("holds jobs of similar length and of one kind only", () => {
    const queue = scheduler<string>(defaultScheduling, 0.001);
    queue.offer([job(1), job(2, { length: 200 }), job(3, { length: 11 }), job(4, { kind: "features" })], 0);
    expect(ids(queue.next(0).batch)).toEqual([1, 3]);
    expect(ids(queue.next(0).batch)).toEqual([2]);
    expect(ids(queue.next(0).batch)).toEqual([4]);
  });

  test("waits for others to join for the delay, and not when it is full", () => {
    const queue = scheduler<string>({ ...defaultScheduling, delayMs: 5, batchRows: 2 }, 0.001);
    queue.offer([job(1)], 0);
    expect(queue.next(2)).toEqual({ batch: [], late: [], waitMs: 3 });
    queue.offer([job(2)], 3);
    expect(ids(queue.next(3).batch)).toEqual([1, 2]);
    queue.offer([job(3)], 4);
    expect(ids(queue.next(9).batch)).toEqual([3]);
  });

  test("does not grow beyond the deadline of its most urgent job", () => {
    const queue = scheduler<string>({ ...defaultScheduling, margin: 1 }, 1);
    queue.offer([job(1, { deadline: 25 }), job(2, { deadline: 900 }), job(3, { deadline: 900 })], 0);
    expect(ids(queue.next(0).batch)).toEqual([1, 2]);
  });
});

describe("a job is refused", () => {
  test("when the queue is full, all jobs of a request together", () => {
    const queue = scheduler<string>({ ...defaultScheduling, queueRows: 2 }, 0.01);
    expect(queue.offer([job(1), job(2), job(3)], 0)?.reason).toBe("full");
    expect(queue.waiting).toBe(0);
    expect(queue.offer([job(1), job(2)], 0)).toBe(undefined);
  });

  test("when the work before it would make it late, with the time after which it would not", () => {
    const queue = scheduler<string>({ ...defaultScheduling, margin: 1 }, 1);
    expect(queue.offer([job(1, { length: 60, deadline: 100 })], 0)).toBe(undefined);
    expect(queue.offer([job(2, { length: 60, deadline: 100 })], 0)).toEqual({ reason: "late", retryAfterMs: 20 });
    expect(queue.offer([job(3, { length: 60, deadline: 100, priority: 1 })], 0)).toBe(undefined); // it goes first
    expect(ids(queue.next(0).batch)).toEqual([3]);
    expect(queue.offer([job(4, { deadline: 500 })], 60)).toBe(undefined);
    expect(ids(queue.next(60).late)).toEqual([1]); // which made the other late: it is not computed
  });

  test("by what batches took, not by what was thought", () => {
    const queue = scheduler<string>({ ...defaultScheduling, margin: 1 }, 0.001);
    for (let id = 0; id < 20; id++) {
      queue.offer([job(id, { deadline: 1e6 })], 100 * id);
      queue.next(100 * id);
      queue.finished(100 * id + 50); // 5 ms a token
    }
    expect(queue.costMs(10)).toBeCloseTo(50, 0);
    queue.offer([job(98, { deadline: 2070 })], 2000);
    expect(queue.offer([job(99, { length: 10, deadline: 2080 })], 2000)?.reason).toBe("late");
  });

  test("but one that nothing is before is tried, so that a wrong estimate is mended", () => {
    const queue = scheduler<string>(defaultScheduling, 1000);
    for (let id = 0; id < 60; id++) {
      expect(queue.offer([job(id, { deadline: 100 * id + 100 })], 100 * id)).toBe(undefined);
      expect(queue.next(100 * id).batch).toHaveLength(1);
      queue.finished(100 * id + 10);
    }
    expect(queue.costMs(10)).toBeCloseTo(10, 0);
  });
});

type Step =
  | {
      readonly do: "offer";
      readonly count: number;
      readonly length: number;
      readonly slack: number;
      readonly priority: number;
      readonly kind: number;
    }
  | { readonly do: "cancel"; readonly pick: number }
  | { readonly do: "next"; readonly ms: number }
  | { readonly do: "wait"; readonly ms: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant("offer" as const),
      count: fc.integer({ min: 1, max: 5 }),
      length: fc.integer({ min: 1, max: 120 }),
      slack: fc.integer({ min: 0, max: 400 }),
      priority: fc.integer({ min: 0, max: 2 }),
      kind: fc.integer({ min: 0, max: 1 }),
    }),
    fc.record({ do: fc.constant("cancel" as const), pick: fc.nat() }),
    fc.record({ do: fc.constant("next" as const), ms: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 60 }) }),
  ),
  { maxLength: 80 },
);

const settings: fc.Arbitrary<SchedulerSettings> = fc.record({
  batchRows: fc.integer({ min: 1, max: 6 }),
  batchTokens: fc.integer({ min: 10, max: 300 }),
  padding: fc.double({ min: 0, max: 1, noNaN: true }),
  delayMs: fc.integer({ min: 0, max: 20 }),
  queueRows: fc.integer({ min: 1, max: 20 }),
  margin: fc.double({ min: 0.1, max: 1, noNaN: true }),
});

test("every job that was taken ends once: in a batch, as late or as cancelled; batches keep their bounds; nothing waits for ever", () => {
  fc.assert(
    fc.property(steps, settings, (plan, chosen) => {
      const queue = scheduler<string>(chosen, 0.1);
      const waiting = new Map<number, Job<string>>();
      const ended = new Set<number>();
      let [now, id] = [0, 0];
      const end = (jobs: readonly Job<string>[]) => {
        for (const one of jobs) {
          expect(waiting.delete(one.id)).toBe(true);
          expect(ended.has(one.id)).toBe(false);
          ended.add(one.id);
        }
      };
      const take = () => {
        const { batch, late, waitMs } = queue.next(now);
        for (const one of late) expect(one.deadline).toBeLessThanOrEqual(now + queue.costMs(one.length));
        const first = Math.max(
          0,
          ...[...waiting.values()]
            .filter((one) => !late.some(({ id: gone }) => gone === one.id))
            .map((j) => j.priority),
        );
        end([...late, ...batch]);
        if (batch.length) {
          expect(batch[0]!.priority).toBe(first);
          expect(new Set(batch.map(({ kind }) => kind)).size).toBe(1);
          expect(batch.length).toBeLessThanOrEqual(chosen.batchRows);
          const longest = Math.max(...batch.map(({ length }) => length));
          if (batch.length > 1) {
            expect(batch.length * longest).toBeLessThanOrEqual(chosen.batchTokens);
            const sum = batch.reduce((total, { length }) => total + length, 0);
            expect(1 - sum / (batch.length * longest)).toBeLessThanOrEqual(chosen.padding);
          }
        } else expect(waiting.size > 0).toBe(waitMs !== undefined);
        expect(waitMs ?? 0).toBeLessThanOrEqual(chosen.delayMs);
        return { batch, waitMs };
      };
      for (const step of plan) {
        if (step.do === "wait") now += step.ms;
        else if (step.do === "cancel") {
          const known = [...waiting.keys()];
          const pick = known[step.pick % Math.max(1, known.length)] ?? -1;
          expect(queue.cancel(pick)).toBe(waiting.delete(pick));
          expect(queue.cancel(pick)).toBe(false);
        } else if (step.do === "offer") {
          const jobs = Array.from({ length: step.count }, () =>
            job(id++, { ...step, kind: String(step.kind), deadline: now + step.slack }),
          );
          const refusal = queue.offer(jobs, now);
          if (refusal) expect(refusal.retryAfterMs).toBeGreaterThanOrEqual(0);
          else for (const one of jobs) waiting.set(one.id, one);
        } else {
          const { batch } = take();
          now += step.ms;
          if (batch.length) queue.finished(now);
        }
        expect(queue.waiting).toBe(waiting.size);
        expect(queue.waiting).toBeLessThanOrEqual(chosen.queueRows);
      }
      for (let round = 0; waiting.size > 0; round++) {
        expect(round).toBeLessThan(200);
        const { batch, waitMs } = take();
        now += waitMs ?? 1;
        if (batch.length) queue.finished(now);
      }
    }),
    { numRuns: 300 },
  );
});

test("when twice as much is asked as can be done, what is taken is answered in time, and almost nothing is idle", () => {
  const queue = scheduler<string>(defaultScheduling, 0.2);
  const [cost, deadline] = [0.2, 250]; // ms a token; 20 tokens a job: 4 ms each when alone
  let [now, id, taken, inTime, busy, next] = [0, 0, 0, 0, 0, 0];
  while (now < 20_000) {
    for (; next <= now; next += 2)
      if (!queue.offer([job(id++, { length: 20, deadline: next + deadline })], now)) taken++;
    const { batch } = queue.next(now);
    const ms = batch.length * 20 * cost;
    now += Math.max(ms, 0.5);
    busy += ms;
    if (batch.length) queue.finished(now);
    inTime += batch.filter((one) => one.deadline >= now).length;
  }
  expect(inTime / taken).toBeGreaterThan(0.99);
  expect(busy / now).toBeGreaterThan(0.97);
});
