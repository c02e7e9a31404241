// The committed JSON Schemas are those of recipes and policies, and the package carries it.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { policySchema } from "../src/release/policy-file.ts";
import { schemaNames, schemaPath, schemaText } from "../tools/schemas.ts";

test.each(schemaNames)("schema/%s.schema.json is what its schema generates (run `npm run schema`)", (name) => {
  expect(readFileSync(schemaPath(name), "utf8")).toBe(schemaText(name));
});

test("editors get every key with its meaning, and are told of keys that do not exist", () => {
  const schema = JSON.parse(schemaText("recipe"));
  expect(schema.additionalProperties).toBe(false);
  expect(schema.required).toEqual(expect.arrayContaining(["version", "name", "data", "model"]));
  expect(schema.required).not.toContain("seed"); // has a default
  expect(schema.properties.data.properties.group.description).toMatch(/stay in one split/);
  expect(schema.properties.adapt.additionalProperties).toBe(false);
});

test("the package carries the schema", () => {
  const { files } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(files).toContain("schema");
});

test("the demo's policy is one, and its gates name values that its recipe measures", () => {
  const { gates, require, signers } = policySchema.parse(parse(readFileSync("examples/disease/policy.yaml", "utf8")));
  expect(Object.keys(signers)).toEqual(expect.arrayContaining(require));
  const parts = ["metrics", "fairness", "privacy", "explanation", "robustness", "size"];
  for (const { value } of gates) expect(parts).toContain(value.split(".")[0]);
});
