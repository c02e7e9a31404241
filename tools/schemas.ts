// Writes schema/, from which editors complete recipes and policies, and the generated pages of docs/: `npm run schema`.
import { writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { recipeJsonSchema } from "../src/recipe/recipe.ts";
import { policyJsonSchema } from "../src/release/policy-file.ts";
import { writeGeneratedPages } from "./reference/pages.ts";

const made = { recipe: recipeJsonSchema, policy: policyJsonSchema } as const;
export const schemaNames = ["recipe", "policy"] as const;
type SchemaName = (typeof schemaNames)[number];

/** The text of a committed schema. */
export const schemaText = (name: SchemaName): string => `${JSON.stringify(made[name](), null, 2)}\n`;

/** Where it lies. */
export const schemaPath = (name: SchemaName): string =>
  fileURLToPath(new URL(`../schema/${name}.schema.json`, import.meta.url));

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const name of schemaNames) writeFileSync(schemaPath(name), schemaText(name));
  writeGeneratedPages();
}
