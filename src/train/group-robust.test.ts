import { expect, test } from "vitest";
import type { Example } from "./example.ts";
import { groupRobust } from "./group-robust.ts";

const example = (group?: number): Example => ({ ids: Int32Array.of(1), label: 0, group });

test("a group's weight is shared by its rows, and grows by exp(step · its mean loss)", () => {
  const batch = [example(0), example(0), example(0), example(1)];
  const robust = groupRobust(batch, 0.5);
  expect(robust.weigh(batch).map((e) => e.weight)).toEqual([1 / 6, 1 / 6, 1 / 6, 1 / 2]);
  robust.update(batch, [1, 2, 3, 4]);
  const [a, b] = [Math.exp(0.5 * 2), Math.exp(0.5 * 4)];
  expect(robust.state()[1]).toBeCloseTo(b / (a + b), 12);
});

test("a group that a batch lacks keeps its place beside the others", () => {
  const all = [example(0), example(1), example(2)];
  const robust = groupRobust(all, 0.1);
  robust.update([all[0]!, all[1]!], [5, 1]);
  const [a, b, c] = robust.state();
  expect(a! / c!).toBeCloseTo(Math.exp(0.5), 12);
  expect(b! / c!).toBeCloseTo(Math.exp(0.1), 12);
});

test("restored weights go on to the same numbers", () => {
  const batch = [example(0), example(1)];
  const first = groupRobust(batch, 0.3);
  first.update(batch, [1, 2]);
  const second = groupRobust(batch, 0.3);
  second.restore(JSON.parse(JSON.stringify(first.state())));
  for (const robust of [first, second]) robust.update(batch, [0.1, 0.7]);
  expect(second.state()).toEqual(first.state());
});
