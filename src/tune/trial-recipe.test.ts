// Settings into recipes: what a trial's recipe has, and which spaces have a hole. Pages and tables of trials without a run.
import { expect, test } from "vitest";
import { isConcordError } from "../base/index.ts";
import { parametersOf, readRecipe } from "../recipe/index.ts";
import { checkedSpace, type Point } from "../search/index.ts";
import { admit } from "./admission.ts";
import { costsOf, valuesOf } from "./measure-trial.ts";
import { studyPage } from "./study-page.ts";
import type { StudyTrial } from "./study-store.ts";
import { studyText } from "./study-text.ts";
import { checkCorners, settingsText, trialRecipe } from "./trial-recipe.ts";

const text = (space: string, more = "") => `
version: 1
name: symptoms
data: { file: messages.csv, label: disease }
model: { scratch: {}, maxLength: 32 }
adapt: { headFirst: { epochs: 2 } }
search:
  space:
    ${space}
${more}
`;
const recipeOf = (space: string, more?: string) => readRecipe(text(space, more), "recipe.yaml");
const checked = (space: string, more?: string) => {
  const recipe = recipeOf(space, more);
  const found = checkedSpace(parametersOf(recipe.search!));
  checkCorners(recipe, found);
  return { recipe, space: found };
};
const faultOf = (work: () => unknown) => {
  try {
    work();
  } catch (fault) {
    if (isConcordError(fault, "E_CONFIG")) return fault.facts;
    throw fault;
  }
  return undefined;
};

test("a trial's recipe has the settings, its seed, and no search", () => {
  const { recipe } = checked("adapt.learningRate: { log: [1e-5, 1e-2] }");
  const made = trialRecipe(recipe, { "adapt.learningRate": 1e-3, "adapt.headFirst": null }, { seed: 2, tried: 7 });
  expect(made.adapt.learningRate).toBe(1e-3);
  expect(made.adapt.headFirst).toBeUndefined();
  expect(made.seed).toBe(2);
  expect(made.evaluate.tried).toBe(7);
  expect(made.search).toBeUndefined();
  const other = trialRecipe(recipe, { "model.scratch.layers": 3 });
  expect(other.model.scratch?.layers).toBe(3);
  expect(other.evaluate.tried).toBeUndefined();
});

test("all kinds of ranges are read, with conditions on one value or several", () => {
  const { space } = checked(`adapt.learningRate: { log: [1e-5, 1e-2] }
    adapt.labelSmoothing: { uniform: [0, 0.3] }
    adapt.rank: { logInteger: [2, 32], when: { adapt.method: lora } }
    adapt.method: { choice: [full, lora] }
    adapt.epochs: { integer: [2, 6], when: { adapt.method: [full, lora] } }`);
  expect(space).toHaveLength(5);
  expect(space.find(({ name }) => name === "adapt.rank")).toEqual({
    name: "adapt.rank",
    range: { kind: "integer", low: 2, high: 32, log: true },
    when: [{ parameter: "adapt.method", values: ["lora"] }],
  });
});

test.each([
  ["a key that recipes do not have", "adapt.learnRate: { log: [1e-5, 1e-2] }", /adapt\.learnRate/, /no such key/],
  ["a bound that is not accepted", "adapt.labelSmoothing: { uniform: [0, 1] }", /labelSmoothing/, /hole/],
  ["a choice that is not accepted", "adapt.method: { choice: [full, loar] }", /method/, /hole/],
  [
    "settings that exclude each other",
    "adapt.encoderRate: { choice: [0, 1] }\n    adapt.method: { choice: [lora] }",
    /encoderRate/,
    /hole/,
  ],
])("a space with %s is refused before a trial runs", (_name, space, path, problem) => {
  const found = faultOf(() => checked(space));
  expect(found?.path).toMatch(path);
  expect(found?.problem).toMatch(problem);
});

test.each([
  ["an empty space", "{}", "", /empty/],
  ["two kinds of range at once", "adapt.rank: { integer: [1, 2], choice: [1] }", "", /./],
  ["rows", "data.split.dev: { uniform: [0.1, 0.2] }", "", /./],
  ["what is measured", "evaluate.resamples: { integer: [1, 2] }", "", /./],
  ["privacy", "adapt.privacy.clip: { uniform: [1, 2] }", "", /./],
  ["epochs under a pruner", "adapt.epochs: { integer: [2, 5] }", "  pruner: median", /./],
  ["seeds under a pruner", "adapt.rank: { integer: [2, 5] }", "  pruner: halving\n  seeds: 2", /./],
])("a search over %s is refused", (_name, space, more, problem) => {
  expect(faultOf(() => checked(space, more))?.problem).toMatch(problem);
});

test("a search under private training is refused: each trial would spend budget on the same rows", () => {
  const made = text("adapt.rank: { integer: [2, 5] }").replace(
    "adapt: { headFirst: { epochs: 2 } }",
    "adapt: { privacy: { epsilon: 3 } }",
  );
  expect(faultOf(() => readRecipe(made, "recipe.yaml"))?.expected).toMatch(/spend privacy budget/);
});

test("a score is negated where more is better, and comes back as it was", () => {
  const values = { score: 0.9, size: 100, latency: 2, gap: 0.1 };
  const objectives = ["score", "size", "gap"] as const;
  const adapt = { objective: "supervised" } as const;
  const task = { task: "single-label", adapt } as const;
  expect(costsOf(task, objectives, values)).toEqual([-0.9, 100, 0.1]);
  expect(valuesOf(task, objectives, [-0.9, 100, 0.1])).toEqual({ score: 0.9, size: 100, gap: 0.1 });
  expect(costsOf({ task: "regression", adapt }, ["score"], values)).toEqual([0.9]);
  const writes = (objective: "supervised" | "dpo" | "kto" | "grpo") =>
    costsOf({ task: "text-generation", adapt: { objective } }, ["score"], values);
  expect(writes("supervised")).toEqual([0.9]); // perplexity
  for (const objective of ["dpo", "kto", "grpo"] as const) expect(writes(objective)).toEqual([-0.9]); // agreement, rewards
});

const { recipe, space } = checked(
  "adapt.learningRate: { log: [1e-5, 1e-2] }\n    adapt.method: { choice: [full, lora] }",
  "  objectives: [score, size]",
);
const trials = Array.from({ length: 10 }, (_, number): StudyTrial => {
  const point: Point = { "adapt.learningRate": 1e-5 * (1 + number), "adapt.method": number % 2 ? "full" : "lora" };
  return { number, point, state: "finished", costs: [-number / 10, 1000 + number], curve: [], ms: 1500 };
});
const failed: StudyTrial = {
  number: 10,
  point: { "adapt.learningRate": 1e-2, "adapt.method": "full" },
  state: "failed",
  problem: "<b>diverged</b>",
  curve: [],
  ms: 10,
};
const input = { recipe, search: recipe.search!, space, trials: [...trials, failed], best: trials[9]! };

test("the page shows the best, its history, importance, every trial and the front, and escapes what trials say", async () => {
  const page = await studyPage(input, "en");
  expect(page).toContain("trial 9: score 0.900");
  expect(page).toContain("11 trials: 10 finished, 0 stopped early, 1 failed");
  expect(page).toMatch(/adapt\.learningRate<\/th>|adapt\.learningRate/);
  for (const id of ["history", "importance", "parallel", "pareto", "trials"]) expect(page).toContain(`id="${id}"`);
  expect(page).toContain("10 of 10 finished trials are on the front");
  expect(page).not.toContain("<b>diverged");
  expect(await studyPage(input, "zh")).toContain("搜索研究");
});

test("few trials have a page without importance, one objective one without a front", async () => {
  const search = { ...recipe.search!, objectives: ["score" as const] };
  const page = await studyPage({ ...input, search, trials: trials.slice(6) }, "en");
  expect(page).not.toContain('id="importance"');
  expect(page).not.toContain('id="pareto"');
});

test("a terminal shows the best trials with their settings, how the best grew, importance and the front", () => {
  const lines = studyText(input, "en");
  expect(lines[0]).toBe("The best 5 of 11 trials");
  expect(lines[1]!.trim().split(/ +/)).toEqual(["trial", "score", "size", "adapt.learningRate", "adapt.method"]);
  expect(lines[2]!.trim().split(/ {2,}/)).toEqual(["9", "0.900", "1.0 kB", "0.0001", "full"]);
  expect(lines).toContain(
    "Best score so far (trial): 0.400 (4) → 0.500 (5) → 0.600 (6) → 0.700 (7) → 0.800 (8) → 0.900 (9)",
  );
  expect(lines.find((line) => line.startsWith("Share of the variance of the score"))).toMatch(
    /adapt\.learningRate \d+ %/,
  );
  expect(lines.at(-1)).toBe("Trials of the Pareto front: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
  const one = { ...input, search: { ...input.search, objectives: ["score" as const] }, trials: trials.slice(0, 3) };
  expect(studyText(one, "en").filter((line) => /variance|Pareto/.test(line))).toEqual([]);
  expect(studyText(input, "zh").join("\n")).toMatch(/11 个试验中最好的 5 个[\s\S]*帕累托前沿/);
});

test("another seed of a trial has the splits of the study, so that no test row of the winner is trained on", () => {
  const point = { "adapt.learningRate": 1e-3, "adapt.method": "full" };
  expect(trialRecipe(recipe, point, { seed: 2 })).toMatchObject({
    seed: recipe.seed + 2,
    data: { split: { seed: recipe.seed } },
  });
  expect(trialRecipe(recipe, point).data.split).not.toHaveProperty("seed"); // shares what the winner prepares
  const fixed = readRecipe(
    text("adapt.rank: { integer: [2, 5] }").replace("label: disease", "label: disease, split: { seed: 9 }"),
    "recipe.yaml",
  );
  expect(trialRecipe(fixed, { "adapt.rank": 2 }, { seed: 1 }).data.split.seed).toBe(9);
});

test("settings are shown as one types them", () => {
  expect(settingsText({ "adapt.learningRate": 0.000123456, "adapt.rank": 8, "adapt.method": "lora" })).toBe(
    "adapt.learningRate=0.0001235 adapt.rank=8 adapt.method=lora",
  );
});

test("a second trial waits until shared stages have run and memory suffices", async () => {
  let free = 1000;
  const admission = admit({ freeBytes: () => free, everyMs: 5 });
  const { signal } = new AbortController();
  expect(await admission.enter(signal)).toBe(true);
  let entered = false;
  const second = admission.enter(signal).then((may) => {
    entered = may;
  });
  const wait = () => new Promise((done) => setTimeout(done, 30));
  await wait();
  expect(entered).toBe(false); // shared stages run
  admission.took(900);
  admission.shared();
  await wait();
  expect(entered).toBe(false); // 1000 is less than 1.2 · 900
  free = 1100;
  await second;
  expect(entered).toBe(true);
});

test("one trial runs whatever memory says, and none after an abort", async () => {
  const admission = admit({ freeBytes: () => 0, everyMs: 5 });
  const stop = new AbortController();
  expect(await admission.enter(stop.signal)).toBe(true);
  const second = admission.enter(stop.signal);
  stop.abort();
  expect(await second).toBe(false);
});
