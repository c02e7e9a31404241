// A model that learns from rewards of its own answers: a resumed run draws the same and ends with the same bits, and what a judge or a plan
// gets wrong is refused. That rewards rise, test/slow/rollouts.slow.ts shows.
import { expect, test } from "vitest";
import { advantagesOf, type DrawnAnswer, type Judge } from "../../src/train/index.ts";
import { faultLater } from "../fault.ts";
import { open, plan, small, weights } from "./small-rollouts.ts";

test("a resumed run draws the same answers and ends with the same bits; another seed draws others", async () => {
  const seen: string[][] = [];
  const run = async (seed: number, stopAt?: number) => {
    const answers: string[] = [];
    seen.push(answers);
    const judge: Judge = (drawn) => {
      answers.push(...drawn.map(({ row, tokens }) => `${row}:${tokens.join(" ")}`));
      return small(drawn);
    };
    const setup = { judge, rollouts: { ...plan, updates: 2 }, options: { epochs: 4, seed } };
    let trainer = await open(setup);
    while (trainer.step < (stopAt ?? trainer.steps)) await trainer.run();
    if (stopAt !== undefined) {
      const { tensors, state } = trainer.save();
      const saved = { tensors: new Map([...tensors].map(([n, a]) => [n, { ...a, data: a.data.slice() }])), state };
      await trainer.dispose();
      trainer = await open(setup);
      trainer.restore(saved as never);
      while (trainer.step < trainer.steps) await trainer.run();
    }
    const bits = [...trainer.weights().values()].map(({ data }) => Buffer.from(data.slice().buffer).toString("base64"));
    await trainer.dispose();
    return bits;
  };
  const whole = await run(3);
  expect(await run(3, 2)).toEqual(whole);
  expect(seen[1]).toEqual(seen[0]);
  await run(4);
  expect(seen[2]).not.toEqual(seen[0]);
  expect(new Set(seen[0]).size).toBeGreaterThan(4); // a group's answers differ
});

test("advantages: a group's mean over its deviation, or the mean of the others; equal rewards are worth nothing", () => {
  const rewards = [1, 0, 0, 0, 5, 5, 5, 5];
  const [first, second] = [
    advantagesOf(rewards, { group: 4 }),
    advantagesOf(rewards, { group: 4, advantage: "others" }),
  ];
  expect(first[0]).toBeCloseTo(0.75 / (0.5 + 1e-4), 10);
  expect(second[0]).toBe(1);
  expect(second[1]).toBeCloseTo(-1 / 3, 10);
  expect([...first.slice(4), ...second.slice(4)]).toEqual(Array(8).fill(0));
});

test.each([
  [
    "a reward that is NaN",
    { judge: (answers: readonly DrawnAnswer[]) => answers.map(() => Number.NaN) },
    "E_DATA",
    "not a finite number",
  ],
  ["too few rewards", { judge: () => [1] }, "E_DATA", "not a finite number"],
] as const)("%s stops the step, and nothing is updated", async (_, more, code, problem) => {
  const trainer = await open(more);
  const error = await faultLater(code, () => trainer.run());
  expect(error.facts.problem).toContain(problem);
  expect(trainer.step).toBe(0);
  expect(trainer.weights().get("model.norm.weight")!.data).toEqual(weights.get("model.norm.weight")!.data);
  await trainer.dispose();
});

test.each([
  [{ rollouts: { ...plan, group: 1 } }, "rollouts.group is wrong"],
  [{ rollouts: { ...plan, ends: [] } }, "rollouts.ends is wrong"],
  [{ rollouts: { ...plan, temperature: 0 } }, "rollouts.temperature is wrong"],
  [{ rollouts: { ...plan, updates: 0 } }, "rollouts.updates is wrong"],
  [{ judge: undefined }, "nobody judges the answers"],
  [{ frozen: "int8" as const }, "answers are drawn from float32 weights"],
  [{ options: { dropout: true } }, "answers are drawn without dropout, and learned so"],
])("%j is refused", async (more, problem) => {
  expect((await faultLater("E_CONFIG", () => open(more))).facts.problem).toBe(problem);
});
