// Rooms ask properties of tasks and heads: none compares a name. What a new task costs, test/slow/task.slow.ts counts.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { labelKinds } from "../src/data/prepare/label-kinds.ts";
import { headFacts } from "../src/models/head-facts.ts";
import { headAnswers } from "../src/predict/index.ts";
import { recipeSchema } from "../src/recipe/index.ts";
import { taskNames, taskOf, tasks } from "../src/tasks/index.ts";

const heads = Object.keys(headFacts);
const names = [...new Set([...taskNames, ...heads])].join("|");
/** A comparison with the name of a task or of a head. `kind` is of answers, a union that is printed. */
const comparison = new RegExp(`(?<!\\bkind )(===|!==) "(${names})"|case "(${names})"|"(${names})" (===|!==)`);

/** Where an architecture says what its heads are made of, and why that is not a property of the head. */
const ofArchitectures: Readonly<Record<string, string>> = {
  "models/bert.ts": "which layers and weight names each head has",
  "models/roberta.ts": "the same, with other names",
  "models/distilbert.ts": "the same, with other names",
  "models/albert.ts": "the same, with other names",
  "models/deberta.ts": "the same, with other names",
  "models/electra.ts": "the same, with other names",
  "models/modernbert.ts": "the same, with other names",
  "models/decoder-heads.ts": "the same, of decoders",
  "models/gpt2.ts": "the same, of decoders",
  "models/llama.ts": "the same, of decoders",
  "models/peft/config.ts": "PEFT's names of tasks",
  "models/vit.ts": "the same, of images",
  "models/dinov2.ts": "the same, of images",
  "models/series-patches.ts": "the same, of series",
  "models/heads.ts": "names of Transformers' classes, and its guess of a problem type",
  "models/with-head.ts": "Transformers' name of a number's output",
};

test("no room compares the name of a task or of a head, but the tasks themselves and architectures, each for a reason", () => {
  const found: string[] = [];
  const used = new Set<string>();
  for (const name of readdirSync("src", { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts") || name.endsWith(".test.ts") || name.startsWith("tasks/")) continue;
    const lines = readFileSync(join("src", name), "utf8").split("\n");
    for (const [i, line] of lines.entries())
      if (comparison.test(line)) {
        if (Object.hasOwn(ofArchitectures, name)) used.add(name);
        else found.push(`${name}:${i + 1}${line}`);
      }
  }
  expect(found).toEqual([]);
  expect([...used].sort()).toEqual(Object.keys(ofArchitectures).sort());
  for (const line of [
    'if (recipe.task === "regression")',
    'const x = task !== "entities" ? 1 : 2;',
    'if (model.task !== "single-label")',
    'case "multi-label":',
  ])
    expect(line).toMatch(comparison);
  expect('if (answer.kind === "entities")').not.toMatch(comparison);
});

test("what a task says of its labels is what its head answers, in the words of label fields and answers", () => {
  for (const task of tasks) {
    const head = task.ranks ? undefined : headAnswers(task.head); // a reward model's number is no label
    expect(head === undefined).toBe(
      task.writes || task.ranks || task.embeds || task.quotes || task.chooses || task.forecasts || false,
    );
    if (!head) continue;
    expect([task.reads, task.numeric, task.words === true]).toEqual([head.kind, head.numeric, head.words]);
    expect(labelKinds[task.reads]).toMatchObject({ words: head.words, number: head.numeric, several: head.several });
  }
});

test("a recipe's task is one of the registry, each once and found by its name", () => {
  expect(recipeSchema.shape.task.unwrap().options).toEqual(taskNames);
  expect(new Set(taskNames).size).toBe(tasks.length);
  for (const task of tasks) expect(taskOf(task.name)).toBe(task);
});
