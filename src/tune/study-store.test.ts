// The truth of a study: each trial is counted once, whoever comes late, and an open lease is nobody else's.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../database/index.ts";
import { bestOf, type Point } from "../search/index.ts";
import { type ClaimOptions, openStudyStore } from "./study-store.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-study-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const open = async (name: string, settings = '{"a":1}') =>
  await openStudyStore(
    await openDatabase(join(folder, `${name}.sqlite`), { operation: "open study", lock: 1 }),
    "study",
    settings,
  );
const next = (more: Partial<ClaimOptions> = {}): ClaimOptions => ({
  worker: "a",
  leaseMs: 60_000,
  most: 10,
  suggest: (history): Point => ({ x: history.length }),
  ...more,
});

test("trials are numbered, and the history that a suggestion sees has those that run", async () => {
  const store = await open("numbers");
  expect(await store.claim(next())).toEqual({ number: 0, token: 1, point: { x: 0 }, again: false });
  expect(await store.claim(next())).toMatchObject({ number: 1, point: { x: 1 } });
  expect((await store.trials()).map(({ state }) => state)).toEqual(["running", "running"]);
  await store.close();
});

test("no more trials are claimed than the budget, and none where nothing is suggested", async () => {
  const store = await open("budget");
  await store.claim(next({ most: 1 }));
  expect(await store.claim(next({ most: 1 }))).toBeUndefined();
  expect(await store.claim(next({ suggest: () => undefined }))).toBeUndefined();
  await store.close();
});

test("a trial is counted once, and what comes with an older token is refused", async () => {
  const store = await open("once");
  const first = (await store.claim(next({ leaseMs: -1 })))!;
  const second = (await store.claim(next({ worker: "b" })))!;
  expect(second).toMatchObject({ number: 0, token: 2, again: true });
  expect(await store.report(first, 1, 0.5)).toBe(false);
  expect(await store.renew(first, 60_000)).toBe(false);
  expect(await store.finish(first, { state: "finished", costs: [9], ms: 1 })).toBe(false);
  expect(await store.finish(second, { state: "finished", costs: [0.5], ms: 2 })).toBe(true);
  expect(await store.finish(second, { state: "finished", costs: [0.4], ms: 2 })).toBe(false);
  expect(await store.trials()).toMatchObject([
    { number: 0, point: { x: 0 }, state: "finished", costs: [0.5], ms: 2, curve: [] },
  ]);
  await store.close();
});

test("a trial whose lease stands is not taken over; one that was renewed neither", async () => {
  const store = await open("leases");
  const first = (await store.claim(next({ leaseMs: 1 })))!;
  expect(await store.renew(first, 60_000)).toBe(true);
  expect(await store.claim(next())).toMatchObject({ number: 1 });
  await store.releaseAll();
  expect(await store.claim(next())).toMatchObject({ number: 0, token: 2 });
  await store.close();
});

test("a step that is told again replaces itself; a cost that is no number is kept as the worst", async () => {
  const store = await open("curves");
  const claim = (await store.claim(next()))!;
  await store.report(claim, 1, 0.5);
  await store.report(claim, 2, Number.NaN);
  await store.report(claim, 1, 0.4);
  expect((await store.trials())[0]!.curve).toEqual([
    { step: 1, cost: 0.4 },
    { step: 2, cost: Number.NaN },
  ]);
  await store.close();
});

test("a study that was closed has what it had, and one with other settings is refused by their names", async () => {
  const store = await open("same");
  await store.finish((await store.claim(next()))!, { state: "failed", problem: "diverged", ms: 1 });
  expect(await store.spend(1500)).toBe(1500);
  await store.close();
  const again = await open("same");
  expect(await again.trials()).toMatchObject([{ state: "failed", problem: "diverged" }]);
  expect(await again.spend(0)).toBe(1500);
  await again.close();
  await expect(open("same", '{"a":2}')).rejects.toMatchObject({
    code: "E_CONFIG",
    facts: { got: "changed: a" },
  });
});

test("of many workers at once each gets a trial of its own", async () => {
  const store = await open("many");
  const claims = await Promise.all(Array.from({ length: 9 }, (_, i) => store.claim(next({ worker: `${i}` }))));
  expect(claims.map((claim) => claim!.number).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  await store.close();
});

test("a trial has the time of its first claim and of its count", async () => {
  const store = await open("times");
  const before = Date.now() - 1000;
  await store.claim(next({ leaseMs: -1 }));
  const [running] = await store.trials();
  expect(running!.ended).toBeUndefined();
  expect(running!.started).toBeGreaterThan(before);
  await new Promise((done) => setTimeout(done, 20));
  const second = (await store.claim(next({ worker: "b" })))!;
  expect(second.number).toBe(0);
  await store.finish(second, { state: "finished", costs: [1], ms: 2 });
  const [trial] = await store.trials();
  expect(trial!.started).toBe(running!.started);
  expect(trial!.ended! - trial!.started!).toBeGreaterThanOrEqual(15);
  await store.close();
});

test("a cost that is no number is never the best", async () => {
  const store = await open("not-finite");
  for (const cost of [Number.POSITIVE_INFINITY, 3, Number.NaN]) {
    const claim = (await store.claim(next()))!;
    await store.finish(claim, { state: "finished", costs: [cost], ms: 1 });
  }
  expect(bestOf(await store.trials())).toMatchObject({ number: 1, costs: [3] });
  await store.close();
});
