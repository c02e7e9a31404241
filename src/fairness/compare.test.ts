import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { compareAnswers } from "./compare.ts";

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

test("where there is no gap before or after, a change is not seen because a group was chosen for looking worst", () => {
  const source = random(5);
  let [before, changes] = [0, 0];
  for (let run = 0; run < 40; run++) {
    const group = Array.from({ length: 600 }, (_, i) => `g${i % 12}`);
    const right = () => group.map(() => (source.float() < 0.75 ? "y" : "n"));
    const asked = { resamples: 2, seed: run };
    const [gap] = compareAnswers(
      group.map(() => "y"),
      right(),
      right(),
      { group },
      asked,
    ).gaps;
    before += gap!.before.value / 40;
    changes += gap!.change.value / 40;
  }
  expect(Math.abs(before)).toBeLessThan(0.04); // chosen on the same rows it is about 0.1
  expect(Math.abs(changes)).toBeLessThan(0.05);
});

test("rows of one patient widen the intervals; a criterion's largest difference reaches 0 without one", () => {
  const source = random(6);
  const patient = Array.from({ length: 800 }, (_, i) => `p${i >> 2}`);
  const group = patient.map((p) => `g${Number(p.slice(1)) % 4}`);
  const whole = Array.from({ length: 200 }, () => (source.float() < 0.75 ? "y" : "n"));
  const answered = patient.map((p) => whole[Number(p.slice(1))]!);
  const compared = (clusters?: string[]) =>
    compareAnswers(
      group.map(() => "y"),
      answered,
      answered,
      { group },
      {
        resamples: 20,
        clusters,
        criterion: { attribute: "group", criterion: "demographic-parity" },
      },
    );
  const width = ({ low, high }: { low: number; high: number }) => high - low;
  expect(width(compared(patient).gaps[0]!.before) / width(compared().gaps[0]!.before)).toBeGreaterThan(1.7);
  const { before } = compared(patient).criterion!;
  expect(before.value).toBeGreaterThan(0);
  expect(before.low).toBe(0);
});
