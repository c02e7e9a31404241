// Learning from rewards of its own answers, whole: from fewer than 30 % right answers to more than 90 %, on prompts that it was not trained
// on. One seed a run, another each day of five; the bench runs all of them.
import { expect, test } from "vitest";
import { sortingRun } from "../../bench/grpo.ts";

const day = Math.floor(Date.now() / 86_400_000);
const seed = Number(process.env.CONCORD_GRPO_SEED ?? 1 + (day % 5));

test(`GRPO learns to sort, seed ${seed}`, async () => {
  const { before, after, seconds } = await sortingRun(seed);
  console.log(`GRPO, seed ${seed}: ${before.toFixed(3)} → ${after.value.toFixed(3)} in ${seconds.toFixed(0)} s`);
  expect(before).toBeLessThan(0.3);
  expect(after.value).toBeGreaterThan(0.9);
});
