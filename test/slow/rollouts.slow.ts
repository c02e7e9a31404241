// A model that learns from rewards of its own answers: rewards rise by either gradient, whole or by an adapter, and each setting counts.
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { initialiseAdapter, loraLayout } from "../../src/nn/index.ts";
import type { DrawnAnswer, Judge, RolloutPlan } from "../../src/train/index.ts";
import { model, open, plan, small, weights } from "../train/small-rollouts.ts";

test.each(["grpo", "reinforce"] as const)(
  "%s: rewards rise, and the divergence from the start with them",
  async (name) => {
    const advantage = name === "grpo" ? "group" : "others";
    const trainer = await open({ rollouts: { ...plan, group: 8, advantage } }, name);
    const reports = [];
    while (trainer.step < trainer.steps) reports.push((await trainer.run()).rolled!);
    await trainer.dispose();
    expect(reports[0]!.divergence).toBeCloseTo(0, 4);
    expect(reports.at(-1)!.divergence).toBeGreaterThan(0.05);
    expect(reports.at(-1)!.reward).toBeGreaterThan(reports[0]!.reward + 0.15);
    expect(reports.every(({ length }) => length >= 1 && length <= 6)).toBe(true);
  },
);

test("each setting of the plan changes the answers or what is learned of them", async () => {
  const learnt = async (changed: Partial<RolloutPlan>) => {
    const drawn: DrawnAnswer[][] = [];
    const judge: Judge = (answers) => {
      drawn.push([...answers]);
      return small(answers);
    };
    const trainer = await open({ judge, rollouts: { ...plan, ...changed }, options: { epochs: 2 } });
    while (trainer.step < trainer.steps) await trainer.run();
    await trainer.dispose();
    return JSON.stringify(drawn);
  };
  const base = await learnt({});
  for (const changed of [
    { group: 3 },
    { maxTokens: 3 },
    { temperature: 0.5 },
    { topK: 3 },
    { topP: 0.3 },
    { minP: 0.9 },
    { ends: [2, 30] },
    { updates: 3 },
    { advantage: "others" as const },
  ])
    expect(await learnt(changed), JSON.stringify(changed)).not.toBe(base);
});

test("an adapter learns from rewards, and its base stays as it is", async () => {
  const lora = loraLayout(model.parameters, { targets: "all-linear", rank: 4 }, model.transposedWeights);
  const trainer = await open({
    adapter: lora,
    weights: new Map([...weights, ...initialiseAdapter(lora, random(1))]),
    options: { learningRate: 0.02 },
  });
  const reports = [];
  while (trainer.step < trainer.steps) reports.push((await trainer.run()).rolled!);
  const after = trainer.weights();
  await trainer.dispose();
  expect(reports[0]!.divergence).toBeCloseTo(0, 4); // the reference is the base without the adapter
  expect(reports.at(-1)!.reward).toBeGreaterThan(reports[0]!.reward);
  for (const name of lora.modules)
    expect(after.get(`${name}.weight`)!.data).toEqual(weights.get(`${name}.weight`)!.data);
});
