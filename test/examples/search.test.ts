// examples/search: its recipe is one, every corner of its space too, and its first settings are the demo's own.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parametersOf, readRecipe } from "../../src/recipe/index.ts";
import { checkedPoint, checkedSpace } from "../../src/search/index.ts";
import { checkCorners, trialRecipe } from "../../src/tune/trial-recipe.ts";

const recipeIn = (folder: string) => {
  const path = `examples/${folder}/recipe.yaml`;
  return readRecipe(readFileSync(path, "utf8"), path);
};

test("the recipe's space has no hole, and its first settings train the demo", () => {
  const recipe = recipeIn("search");
  const space = checkedSpace(parametersOf(recipe.search!));
  checkCorners(recipe, space);
  const [first] = recipe.search!.first;
  checkedPoint(space, first!);
  const { adapt, pretrain, model } = recipeIn("disease");
  expect(trialRecipe(recipe, first!)).toMatchObject({ adapt, pretrain, model });
});
