import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { type Cohort, cohortsOf, findSlices } from "./slices.ts";

const rng = random(5);
/** Rows of three attributes; those of region = x err half of the time, the others one in ten. */
const rows = Array.from({ length: 1200 }, (_, i) => ({
  text: "",
  label: i % 3 ? "flu" : "cold",
  attributes: { region: "xyzw"[rng.int(4)]!, sex: "fm"[rng.int(2)]!, clinic: String(rng.int(20)) },
  words: Array.from({ length: 3 + rng.int(12) }, () => `w${rng.int(80)}`),
}));
const errors = rows.map((r) => Number(rng.float() < (r.attributes.region === "x" ? 0.5 : 0.1)));

test("a planted cohort is found with its rates, and the support and limits of the search hold", () => {
  const { slices, tested } = findSlices(errors, cohortsOf(rows, 20), { support: 20 });
  expect(slices[0]).toMatchObject({ kind: "attribute", name: "region = x" });
  expect(slices[0]!.rate).toBeGreaterThan(0.4);
  expect(slices[0]!.rest).toBeLessThan(0.15);
  expect(slices[0]!.low).toBeLessThan(slices[0]!.rate);
  expect(slices.every((s) => s.rows >= 20 && s.qValue <= 0.05)).toBe(true);
  expect(tested).toBeGreaterThan(80);
  expect(findSlices(errors, cohortsOf(rows, 20), { support: 20, most: 1 }).slices).toHaveLength(1);
  expect(findSlices(errors, cohortsOf(rows, 400), { support: 400 }).tested).toBeLessThan(tested);
  const strict = findSlices(errors, cohortsOf(rows, 20), { falseDiscoveryRate: 1e-100 });
  expect(strict.slices.length).toBeLessThan(slices.length);
});

test("where errors fall at random, a cohort is reported in few of many searches", () => {
  const cohorts = cohortsOf(rows, 20);
  let found = 0;
  for (let k = 0; k < 40; k++) {
    const chance = rows.map(() => Number(rng.float() < 0.2));
    if (findSlices(chance, cohorts, { support: 20 }).slices.length) found++;
  }
  expect(found).toBeLessThanOrEqual(5); // 0.05 of 40 expected at most; 6 or more has a chance of 1 in 70
});

test("the test is Fisher's: 3 of 3 errors in a cohort of 3 among 6 rows has p = 1/20", () => {
  const cohorts: Cohort[] = [{ kind: "attribute", name: "a", rows: [0, 1, 2] }];
  const search = (rate: number) =>
    findSlices([1, 1, 1, 0, 0, 0], cohorts, { support: 3, falseDiscoveryRate: rate }).slices;
  expect(search(0.06)[0]!.qValue).toBeCloseTo(1 / 20, 12);
  expect(search(0.049)).toEqual([]);
});

test("of two cohorts of almost the same rows one is reported", () => {
  const cohort = (name: string, until: number): Cohort => ({
    kind: "word",
    name,
    rows: Array.from({ length: until }, (_, i) => i),
  });
  const wrong = Array.from({ length: 400 }, (_, i) => Number(i < 50));
  expect(findSlices(wrong, [cohort("a", 50), cohort("b", 55)], {}).slices.map((s) => s.name)).toEqual(["a"]);
});

test("cohorts are values, pairs, labels, lengths and words, each row once", () => {
  const found = cohortsOf(
    [
      { label: "flu", attributes: { sex: "f", age: "old" }, words: ["Cold", "cold", ","] },
      { label: "flu", attributes: { sex: "f", age: "old" }, words: ["cold"] },
    ],
    2,
  );
  expect(found.map((c) => `${c.kind} ${c.name} ${c.rows}`)).toEqual([
    "attribute sex = f 0,1",
    "attribute age = old 0,1",
    "pair sex = f, age = old 0,1",
    "label flu 0,1",
    "word cold 0,1",
  ]);
  const images = [0, 1].map(() => ({ label: "flu", attributes: { sex: "f" } }));
  expect(cohortsOf(images, 2).map((c) => c.kind)).toEqual(["attribute", "label"]); // no words, and no length in words
});

test("a cohort inside a reported one is reported only where it errs more than the other does", () => {
  const range = (name: string, from: number, to: number): Cohort => ({
    kind: "attribute",
    name,
    rows: Array.from({ length: to - from }, (_, i) => from + i),
  });
  const cohorts = [range("outer", 0, 200), range("inner", 0, 80)];
  const even = Array.from({ length: 1000 }, (_, i) => Number(i < 200 ? i % 2 : i % 20 === 0));
  expect(findSlices(even, cohorts).slices.map((s) => s.name)).toEqual(["outer"]);
  const worse = even.map((wrong, i) => (i < 80 ? Number(i % 10 > 0) : wrong));
  expect(
    findSlices(worse, cohorts)
      .slices.map((s) => s.name)
      .sort(),
  ).toEqual(["inner", "outer"]);
});
