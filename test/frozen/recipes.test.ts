// Recipes of version 1 of every shape, frozen: today's code reads them and keeps what they say. A key or a named value that goes away fails
// here: that is what version 2 and its migration are made for (docs/development/decisions/0009).
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readRecipe, recipeText } from "../../src/recipe/index.ts";
import { recipeJsonSchema } from "../../src/recipe/recipe.ts";
import { schemaKeys } from "./schema-keys.ts";

const folder = new URL("recipes/", import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, folder), "utf8");
const frozenKeys = readFileSync(new URL("recipe-keys.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
const frozenRequired = ["version", "name", "data", "data.file", "model", "adapt.targets.mean", "adapt.targets.std"];

test.each(readdirSync(folder))("the frozen recipe %s is read as it was written", (name) => {
  const recipe = readRecipe(textOf(name), name);
  const said: unknown = parse(textOf(name));
  expect(recipe).toMatchObject(said as object);
  expect(readRecipe(recipeText(recipe), name)).toEqual(recipe); // what a run folder keeps of it
});

test("a recipe that says something else is not taken for a frozen one", () => {
  expect(() => readRecipe(textOf("disease.yaml").replace("label: disease", "labels: disease"), "x")).toThrow(
    /E_CONFIG/,
  );
  expect(readRecipe(textOf("disease.yaml"), "x", ["adapt.epochs=3"])).not.toMatchObject(
    parse(textOf("disease.yaml")) as object,
  );
});

/** Frozen keys that a schema lacks, and keys that it asks for and that frozen recipes need not have. */
function moved(schema: unknown): string[] {
  const { allowed, required } = schemaKeys(schema as object);
  const lacking = frozenKeys.filter((key) => !allowed.includes(key));
  const isOld = (key: string) => !key.includes(".") || frozenKeys.includes(key.slice(0, key.lastIndexOf(".")));
  return [...lacking, ...required.filter((key) => isOld(key) && !frozenRequired.includes(key))];
}

test("every key and every named value that a recipe of version 1 could have is still one, and none is newly needed", () => {
  const schema = recipeJsonSchema();
  expect(moved(schema)).toEqual([]);
  const text = JSON.stringify(schema);
  expect(moved(JSON.parse(text.replace('"warmupRatio"', '"warmUp"')))).toContain("pretrain.warmupRatio");
  expect(moved(JSON.parse(text.replace('"contrast"', '"contrastive"')))).toContain("pretrain.objective = contrast");
  expect(moved(JSON.parse(text.replace('"required":["version"', '"required":["seed","version"')))).toEqual(["seed"]);
});
