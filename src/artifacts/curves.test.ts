import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { keepCurves } from "./curves.ts";

const home = mkdtempSync(join(tmpdir(), "concord-curves-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const step = (n: number) => ({ step: n, loss: 1 / n, learningRate: 0.1, seconds: n });

test("what a kill undid is forgotten, a torn line too; what led to the checkpoint is as it was", () => {
  const first = keepCurves(home);
  expect(first.resumeAt(0, 2)).toEqual({ seconds: 0, score: undefined });
  for (const n of [1, 2]) first.add(step(n));
  first.add({ epoch: 2, score: 0.5, seconds: 2.5 });
  for (const n of [3, 4]) first.add(step(n));
  appendFileSync(join(home, "curves.jsonl"), '{"epoch":4,"sc'); // killed here
  const again = keepCurves(home);
  expect([0, 1, 2, 3, 4, 5].map((n) => again.covers(n))).toEqual([true, true, true, true, false, false]); // the epoch at 4 is lost
  expect(again.resumeAt(3, 2)).toEqual({ seconds: 3, score: 0.5 });
  again.add(step(4));
  again.add({ epoch: 4, score: 0.75, seconds: 4.5 });
  expect(again.curves.loss).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
  expect(again.curves.epochs).toEqual([
    { step: 2, score: 0.5 },
    { step: 4, score: 0.75 },
  ]);
  expect(keepCurves(home).covers(4)).toBe(true);
});

test("a folder that cannot be written is an E_IO", () => {
  expect(() => keepCurves(join(home, "none")).resumeAt(0, 1)).toThrow(/E_IO/);
});
