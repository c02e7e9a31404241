// Rooms that all tasks share ask a task's properties: none compares its name. What a new task costs, test/slow/task.slow.ts counts.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recipeSchema } from "../src/recipe/index.ts";
import { taskNames, taskOf, tasks } from "../src/tasks/index.ts";

const shared = ["report", "recipe", "stages", "runs", "studies", "release", "cli"];
const names = taskNames.join("|");
/** A comparison with a task's name, unless it is about a model's head. */
const comparison = new RegExp(
  `(?<!model\\.)\\btask\\b[^"\\n]*(===|!==) "(${names})"|case "(${names})"|"(${names})" ===`,
);

test("no room that all tasks share compares the name of a task", () => {
  const found: string[] = [];
  for (const room of shared)
    for (const name of readdirSync(join("src", room), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
      const lines = readFileSync(join("src", room, name), "utf8").split("\n");
      for (const [i, line] of lines.entries()) if (comparison.test(line)) found.push(`${room}/${name}:${i + 1}${line}`);
    }
  expect(found).toEqual([]);
  for (const line of [
    'if (recipe.task === "regression")',
    'const x = task !== "entities" ? 1 : 2;',
    'case "multi-label":',
  ])
    expect(line).toMatch(comparison);
  expect('if (model.task !== "single-label")').not.toMatch(comparison);
});

test("a recipe's task is one of the registry, each once and found by its name", () => {
  expect(recipeSchema.shape.task.unwrap().options).toEqual(taskNames);
  expect(new Set(taskNames).size).toBe(tasks.length);
  for (const task of tasks) expect(taskOf(task.name)).toBe(task);
});
