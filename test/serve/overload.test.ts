// What is asked beyond what can be answered: refused early, by the time that requests already waited, and never answered late.
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { arrivalClock, type LoopCounts } from "../../src/serve/http/arrival.ts";
import { tooLate } from "../../src/serve/http/early.ts";
import { type RunningServer, startServer } from "../../src/serve/index.ts";
import type { ModelHost } from "../../src/serve/model/host.ts";
import { dispatcher } from "../../src/serve/queue/dispatcher.ts";
import { type SmallModel, smallModel } from "./small-model.ts";

let model: SmallModel;
let server: RunningServer;
beforeAll(async () => {
  model = await smallModel();
  server = await startServer({ models: [{ path: model.path }], unsigned: true, port: 0, threads: 1 });
});
afterAll(async () => {
  await server.stop();
  model.remove();
});

test("a request that is read arrived while the turn before was at work, and just now where the loop rested", () => {
  let seen: LoopCounts = { now: 1000, idleMs: 500, turns: 10 };
  let end = () => {};
  const clock = arrivalClock(
    () => seen,
    (over) => {
      end = over;
    },
  );
  seen = { now: 1080, idleMs: 500, turns: 11 };
  expect(clock()).toEqual({ earliest: 1000, turnMs: 80 });
  seen = { now: 1100, idleMs: 500, turns: 11 };
  expect(clock().earliest).toBe(1000); // the same turn
  end();
  seen = { now: 1200, idleMs: 500, turns: 14 };
  expect(clock().turnMs).toBe(40); // three turns, of which only the last kept it waiting
  end();
  seen = { now: 9000, idleMs: 8295, turns: 15 };
  expect(clock()).toEqual({ earliest: 8995, turnMs: 5 });
});

test("a request has no chance where the wait takes more than the margin of what is left, and one after nothing is tried", () => {
  const facts = { now: 100, clock: { earliest: 100, turnMs: 0 }, deadlineMs: 250, waitMs: 0, margin: 0.5 };
  expect(tooLate(facts)).toBe(undefined);
  expect(tooLate({ ...facts, waitMs: 120 })).toBe(undefined);
  expect(tooLate({ ...facts, waitMs: 130 })).toBe(5);
  expect(tooLate({ ...facts, waitMs: 120, clock: { earliest: 80, turnMs: 20 } })).toBe(15);
  expect(tooLate({ ...facts, now: 400, clock: { earliest: 200, turnMs: 60 } })).toBe(30);
  expect(tooLate({ ...facts, waitMs: 130, margin: 1 })).toBe(undefined);
});

/** Bytes of a reply to a request whose body is never sent. */
const headOnly = (deadlineMs: number) =>
  new Promise<string>((resolve) => {
    const head = `POST /predict HTTP/1.1\r\nhost: a\r\nx-deadline-ms: ${deadlineMs}\r\ncontent-length: 20\r\n\r\n`;
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => {
      socket.write(head);
      const until = performance.now() + 800; // the event loop is busy: the request waits unread
      while (performance.now() < until);
    });
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(String(bytes));
    });
    socket.once("error", () => resolve("error"));
  });

test("a request that waited too long unread is refused before its body is read, with the time after which to try again", async () => {
  await fetch(`${server.url}/predict`, { method: "POST", body: '{"text": "fever"}' });
  const reply = await headOnly(20);
  expect(reply).toMatch(/^HTTP\/1\.1 429 /);
  expect(reply).toMatch(/\r\nretry-after: 1\r\n/);
  expect(reply).toMatch(/too much is asked for the request's deadline/);
});

/** A model that takes so many milliseconds for a question. */
const slowHost = (ms: number): ModelHost => ({
  facts: { maxTokens: 32 } as ModelHost["facts"],
  restarts: 0,
  async ask({ items }) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { results: items.map(() => ({ value: "answer" })), ms };
  },
  close: async () => {},
  kill: async () => {},
});
const item = { input: { parts: ["fever"] } };

test("a deadline counts from the arrival, and an answer that comes after it is not sent", async () => {
  const queue = dispatcher(slowHost(60), 0.01);
  const ask = (deadlineMs: number, waited = 0) =>
    queue.ask("answers", [item], { deadlineMs, arrived: performance.now() - waited }).catch((error) => error.facts);
  expect(await ask(1000)).toEqual(["answer"]);
  expect(await ask(1000, 1100)).toMatchObject({ details: { status: 429 } });
  expect(await ask(1000, 970)).toMatchObject({
    problem: "the deadline passed before the answer was there",
    details: { status: 503, retryAfterSeconds: 1 },
  });
});

test("the wait of a queue is told, and a smaller margin refuses earlier", async () => {
  const asked = (margin: number) => {
    const queue = dispatcher(slowHost(20), 5, { margin, batchRows: 1 });
    const all = Array.from({ length: 20 }, () => queue.ask("answers", [item], { deadlineMs: 250 }).catch(() => "no"));
    expect(queue.waitMs).toBeGreaterThan(20);
    return Promise.all(all);
  };
  const [strict, loose] = [await asked(0.3), await asked(0.9)].map((all) => all.filter((one) => one !== "no").length);
  expect(strict).toBeGreaterThan(1);
  expect(loose).toBeGreaterThan(strict! + 2);
});
