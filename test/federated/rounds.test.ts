// Rounds as a whole: what is summed is exactly what the members that stayed gave, under every fault of the network.
import { expect, test } from "vitest";
import { simulate } from "../../src/federated/index.ts";
import { exactMean, smallStudy } from "./study.ts";

test("an undisturbed study gives the weighted mean of all members, and exact counts", async () => {
  const { coordinator, members, refused } = await simulate(smallStudy({ rounds: 2 }));
  expect(refused.map((r) => r.error.message)).toEqual([]);
  expect(coordinator.stage).toBe("finished");
  expect(coordinator.results.map((r) => [r.task, r.examples, r.survivors.length])).toEqual([
    ["train", 60, 3],
    ["train", 60, 3],
    ["evaluate", 60, 3],
  ]);
  const want = exactMean([0, 1, 2], 1, 5).map((x, i) => x + exactMean([0, 1, 2], 2, 5)[i]!);
  for (const [i, w] of coordinator.model.entries()) expect(Math.abs(w - want[i]!)).toBeLessThan(2e-7);
  expect(coordinator.results[0]!.counts).toEqual({ right: [6] });
  expect(coordinator.results[2]!.counts).toEqual({ confusion: [3, 3, 6, 9] });
  expect([...members.values()].every((m) => m.finished === coordinator.results.at(-1)!.model)).toBe(true);
});
