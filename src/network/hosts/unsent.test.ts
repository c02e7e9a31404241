// What a member's host is made of: its queue of events, and what waits for the coordinator.
import { expect, test } from "vitest";
import { ConcordError } from "../../base/index.ts";
import type { Message } from "../../federated/index.ts";
import { serialQueue } from "./serial-queue.ts";
import { type Outgoing, openUnsent } from "./unsent.ts";

const outgoing = (round: number): Outgoing => ({ message: { phase: "masked", round } as Message });
const rounds = (given: readonly Outgoing[]) => given.map(({ message }) => message.round);
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A line whose deliveries wait until they are let through, or fail. */
function line(more: { waiting?: readonly Outgoing[] } = {}) {
  const queue = serialQueue();
  const given: number[] = [];
  const refused: string[] = [];
  let answer: (error?: unknown) => void = () => {};
  const unsent = openUnsent({
    waiting: more.waiting ?? [],
    link: {
      deliver: (message) => {
        given.push((message as Message).round);
        return new Promise((resolve, reject) => {
          answer = (error) => (error ? reject(error) : resolve());
        });
      },
    },
    onRefused: (error) => refused.push(error.code),
    events: queue,
  });
  const answered = async (error?: unknown) => {
    answer(error);
    await tick();
  };
  return { queue, unsent, given, refused, answered };
}
const refusal = (code: "E_ROUND" | "E_IO") => new ConcordError(code, { operation: "deliver", problem: "no" });

test("messages go in order, one at a time, those of before a restart first", async () => {
  const { unsent, given, answered } = line({ waiting: [outgoing(1), outgoing(2)] });
  unsent.put(outgoing(3));
  unsent.send();
  unsent.send(); // begins nothing twice
  expect(given).toEqual([1]);
  await answered();
  expect(given).toEqual([1, 2]);
  await answered();
  await answered();
  expect([given, unsent.waiting()]).toEqual([[1, 2, 3], []]);
});

test("until a message was taken it stays on the list that a snapshot keeps", async () => {
  const { unsent, answered } = line({ waiting: [outgoing(1)] });
  unsent.send();
  expect(rounds(unsent.waiting())).toEqual([1]);
  await answered();
  expect(unsent.waiting()).toEqual([]);
});

test("a message that is put while the last one is under way is given too", async () => {
  const { unsent, given, answered } = line({ waiting: [outgoing(1)] });
  unsent.send();
  unsent.put(outgoing(2));
  const empty = unsent.empty();
  await answered();
  await answered();
  await empty;
  expect(given).toEqual([1, 2]);
});

test("what the coordinator will never take is dropped; any other fault stops everything and keeps the message", async () => {
  const { queue, unsent, given, refused, answered } = line({ waiting: [outgoing(1), outgoing(2), outgoing(3)] });
  unsent.send();
  await answered(refusal("E_ROUND"));
  expect([refused, given]).toEqual([["E_ROUND"], [1, 2]]);
  const fault = refusal("E_IO");
  await answered(fault);
  expect([queue.isStopped(), given, rounds(unsent.waiting())]).toEqual([true, [1, 2], [2, 3]]);
  await expect(queue.stopped).rejects.toBe(fault);
  await expect(unsent.empty()).rejects.toBe(fault);
});

test("messages of a round that is over are dropped, also the one under way, which is not given again", async () => {
  const { unsent, given, answered } = line({ waiting: [outgoing(1), outgoing(1), outgoing(2)] });
  unsent.send();
  unsent.keep(({ message }) => message.round > 1);
  expect(rounds(unsent.waiting())).toEqual([2]);
  await answered();
  await answered();
  expect([given, unsent.waiting()]).toEqual([[1, 2], []]);
});

test("waiting for an empty list ends when the signal aborts", async () => {
  const { unsent, answered } = line({ waiting: [outgoing(1), outgoing(2)] });
  const stop = new AbortController();
  stop.abort();
  await expect(unsent.empty(stop.signal)).rejects.toThrow(/E_INTERRUPTED/);
  await answered();
});

test("tasks of a queue run in order, one that throws stops nobody else", async () => {
  const queue = serialQueue();
  const seen: number[] = [];
  const tasks = [30, 0, 10].map((ms, i) =>
    queue.run(async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      seen.push(i);
      if (i === 1) throw new Error("second");
      return i;
    }),
  );
  const ends = await Promise.allSettled(tasks);
  expect(seen).toEqual([0, 1, 2]);
  expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("a stopped queue lets the task under way end and begins no other; the first cause counts", async () => {
  const queue = serialQueue();
  let release: () => void = () => {};
  const first = queue.run(() => new Promise<void>((resolve) => (release = resolve)));
  const second = queue.run(async () => "never");
  await tick();
  queue.stop(new Error("one"));
  queue.stop(new Error("two"));
  release();
  await first;
  await expect(second).rejects.toThrow("one");
  await expect(queue.stopped).rejects.toThrow("one");
  await queue.idle();
});
