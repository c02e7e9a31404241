// The committed JSON Schema is the recipe's own, and the package carries it.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { schemaPath, schemaText } from "../tools/recipe-schema.ts";

test("schema/recipe.schema.json is what the recipe's schema generates (run `npm run schema`)", () => {
  expect(readFileSync(schemaPath, "utf8")).toBe(schemaText());
});

test("editors get every key with its meaning, and are told of keys that do not exist", () => {
  const schema = JSON.parse(schemaText());
  expect(schema.additionalProperties).toBe(false);
  expect(schema.required).toEqual(expect.arrayContaining(["version", "name", "data", "model"]));
  expect(schema.required).not.toContain("seed"); // has a default
  expect(schema.properties.data.properties.group.description).toMatch(/never fall into different parts/);
  expect(schema.properties.adapt.additionalProperties).toBe(false);
});

test("the package carries the schema", () => {
  const { files } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(files).toContain("schema");
});
