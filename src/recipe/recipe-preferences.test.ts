// What a recipe may ask of preferences and rewards: what belongs together is read with its defaults, what does not is refused at its key.
import { expect, test } from "vitest";
import { needsOf, rolloutsOf } from "./index.ts";
import { recipeSchema } from "./recipe.ts";

const data = { file: "a.jsonl", text: "prompt", answer: "chosen" };
const base = { version: 1, name: "x", task: "text-generation", data, model: { from: "m" } };
const faultPaths = (recipe: object) => {
  const read = recipeSchema.safeParse({ ...base, ...recipe });
  return read.success ? [] : read.error.issues.map(({ path }) => path.join("."));
};
const pairs = { data: { ...data, rejected: "rejected" } };
const rewards = [{ kind: "exact" }];

test.each([
  [{ ...pairs, adapt: { objective: "dpo", labelSmoothing: 0.1 } }],
  [{ ...pairs, adapt: { objective: "orpo", beta: 0.2 }, model: { scratch: {} } }],
  [{ adapt: { objective: "kto" } }],
  [{ adapt: { objective: "grpo", rewards, rollouts: { group: 4, updates: 2, kl: 0 } } }],
  [
    {
      adapt: {
        objective: "reinforce",
        rewards: [
          { kind: "length", most: 9, weight: -1 },
          { kind: "endpoint", url: "http://127.0.0.1:9" },
        ],
      },
    },
  ],
  [{ ...pairs, task: "reward" }],
])("%j is read", (recipe) => {
  expect(faultPaths(recipe)).toEqual([]);
});

test.each([
  [{ ...pairs }, "data.rejected"],
  [{ adapt: { objective: "dpo" } }, "data.rejected"],
  [{ task: "reward" }, "data.rejected"],
  [{ ...pairs, task: "reward", audit: {} }, "audit"],
  [{ ...pairs, task: "reward", adapt: { privacy: { epsilon: 8 } } }, "adapt.privacy"],
  [{ ...pairs, task: "reward", adapt: { objective: "dpo" } }, "adapt.objective"],
  [{ ...pairs, adapt: { objective: "dpo" }, model: { scratch: {} } }, "model.from"],
  [{ ...pairs, adapt: { objective: "dpo", labelSmoothing: 0.5 } }, "adapt.labelSmoothing"],
  [{ ...pairs, adapt: { objective: "orpo", labelSmoothing: 0.1 } }, "adapt.labelSmoothing"],
  [{ data: { ...data, answer: undefined }, adapt: { objective: "kto" } }, "data.answer"],
  [{ adapt: { objective: "grpo" } }, "adapt.rewards"],
  [{ adapt: { rewards } }, "adapt.rewards"],
  [{ adapt: { rollouts: {} } }, "adapt.rollouts"],
  [{ adapt: { objective: "grpo", rewards, method: "lora", base: "int8" } }, "adapt.base"],
  [{ adapt: { objective: "grpo", rewards, keep: "best" } }, "adapt.keep"],
  [{ adapt: { objective: "grpo", rewards, rollouts: { group: 1 } } }, "adapt.rollouts.group"],
  [{ data: { ...data, answer: undefined }, adapt: { objective: "grpo", rewards } }, "data.answer"],
  [{ adapt: { objective: "grpo", rewards: [{ kind: "endpoint", url: "file:///x" }] } }, "adapt.rewards.0.url"],
  [
    {
      task: "single-label",
      data: { file: "a.csv" },
      adapt: { objective: "grpo", rewards: [{ kind: "length", most: 3 }] },
    },
    "adapt.objective",
  ],
])("%j is refused", (recipe, path) => {
  expect(faultPaths(recipe)).toContain(path);
});

test("objectives say what they need, and rollouts have defaults", () => {
  const read = recipeSchema.parse({ ...base, adapt: { objective: "grpo", rewards } });
  expect(needsOf(read)).toMatchObject({ rollouts: true, reference: true, pairs: false });
  expect(rolloutsOf(read)).toEqual({
    group: 8,
    maxTokens: 64,
    temperature: 1,
    topK: 0,
    topP: 1,
    minP: 0,
    updates: 1,
    clip: 0.2,
    kl: 0.04,
  });
});
