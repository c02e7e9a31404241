import { expect, test } from "vitest";
import { costModel } from "./cost.ts";

const batches = (count: number) => Array.from({ length: count }, (_, i) => 16 + ((i * 37) % 200));

test("both parts of the cost are found: of every batch and of every token", () => {
  const cost = costModel(1);
  for (const tokens of batches(50)) cost.learn(tokens, 2 + 0.05 * tokens);
  expect(cost.ms(100)).toBeCloseTo(7, 6);
  expect(cost.ms(100, 3)).toBeCloseTo(11, 6);
});

test("batches of one size tell the cost by tokens; later ones of other sizes mend it", () => {
  const cost = costModel(1);
  for (let i = 0; i < 50; i++) cost.learn(20, 4);
  expect([cost.ms(20), cost.ms(40)]).toEqual([expect.closeTo(4, 6), expect.closeTo(8, 6)]);
  for (const tokens of batches(100)) cost.learn(tokens, 3 + 0.05 * tokens);
  expect(cost.ms(40)).toBeCloseTo(5, 1);
});

test("a machine that becomes slower is followed; one pause hardly counts, and no part falls below 0", () => {
  const cost = costModel(0.1);
  for (const tokens of batches(50)) cost.learn(tokens, 0.1 * tokens);
  for (const tokens of batches(50)) cost.learn(tokens, 0.3 * tokens);
  expect(cost.ms(100)).toBeCloseTo(30, 0);
  cost.learn(100, 60_000);
  expect(cost.ms(100)).toBeLessThan(90);
  const falling = costModel(0.1);
  for (const tokens of batches(50)) falling.learn(tokens, 20 - 0.05 * tokens);
  expect(falling.ms(0)).toBeGreaterThan(0);
  expect(falling.ms(1000) - falling.ms(0)).toBeGreaterThan(0);
});
