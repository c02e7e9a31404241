import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { eceOfRows, reliability, reliabilityOfRows, type StatedProbabilities } from "./reliability.ts";

const draws = random("stated probabilities");
/** Rows with none to four probabilities, some on an edge of a bin. */
const rows = Array.from({ length: 40 }, (_, i) =>
  Array.from({ length: i % 5 }, (_, k) => {
    const probability = k === 3 ? (i % 15) / 15 : draws.float();
    return { probability, came: Number(draws.float() < probability ** 2) };
  }),
);
const stated: StatedProbabilities = (row, put) => {
  for (const { probability, came } of rows[row]!) put(probability, came);
};

test("rows that state several probabilities are calibrated as all of them together", () => {
  const flat = rows.flat();
  const together = reliability(
    flat.map((one) => one.probability),
    flat.map((one) => one.came),
  );
  const found = reliabilityOfRows(rows.length, stated);
  expect(found).toEqual(together);
  expect(found.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(80);
  expect(found.ece).toBeGreaterThan(0.1); // what came true is the square of what was stated
});

test("the error of some rows, one of them twice, is that of their probabilities", () => {
  const error = eceOfRows(rows.length, stated);
  const picked = Int32Array.from([3, 4, 4, 9, 0, 38]);
  const again = reliabilityOfRows(picked.length, (at, put) => stated(picked[at]!, put));
  expect(error(picked)).toBeCloseTo(again.ece, 12);
  expect(error(Int32Array.from(rows.keys()))).toBeCloseTo(reliabilityOfRows(rows.length, stated).ece, 12);
  expect(eceOfRows(rows.length, stated, 2)(picked)).not.toBeCloseTo(again.ece, 3); // the number of bins counts
});

test("rows that state nothing have no error, and bins are a whole number", () => {
  expect(eceOfRows(rows.length, stated)(Int32Array.from([0, 5]))).toBeNaN();
  expect(() => eceOfRows(1, stated, 0)).toThrow(expect.objectContaining({ code: "E_ARGUMENT" }));
});
