import { expect, test } from "vitest";
import { random } from "../../base/index.ts";
import { compareAnswers } from "./index.ts";

const rng = random(2);
const region = Array.from({ length: 800 }, (_, i) => (i % 4 ? "main" : "isle"));
const truth = region.map(() => "abc"[rng.int(3)]!);
const answers = (isle: number, main: number) =>
  truth.map((t, i) => (rng.float() < (region[i] === "isle" ? isle : main) ? (t === "a" ? "b" : "a") : t));

test("a mitigation that closes a gap shows the change with its interval, and its cost", () => {
  const { gaps, macroF1 } = compareAnswers(
    truth,
    answers(0.4, 0.1),
    answers(0.15, 0.12),
    { region },
    { resamples: 300 },
  );
  expect(gaps[0]).toMatchObject({ attribute: "region", group: "isle" });
  const { before, after, change } = gaps[0]!;
  expect(before.value).toBeGreaterThan(0.2);
  expect(change.value).toBeCloseTo(after.value - before.value, 12);
  expect(change.high).toBeLessThan(0);
  expect(macroF1.change.value).toBeCloseTo(macroF1.after.value - macroF1.before.value, 12);
});

test("the same answers change nothing, and a lone group is not compared", () => {
  const same = answers(0.2, 0.2);
  const { gaps } = compareAnswers(truth, same, same, { region, all: truth.map(() => "x") }, { resamples: 50 });
  expect(gaps).toHaveLength(1);
  expect(gaps[0]!.change).toEqual({ value: 0, low: 0, high: 0 });
  expect(() => compareAnswers(truth, same.slice(1), same, {})).toThrow(/equally long/);
});
